import { isBuiltIn } from './design-document.js';
import type { Row } from './row.js';
import { SandboxError } from './sandbox/sandbox.js';
import type { Sandboxes } from './sandbox/sandboxes.js';

/** A reduce function cannot make anything of the values that it was given. The words are the server's. */
export class ReduceError extends Error {
  override readonly name = 'ReduceError';
}

/** Makes one value of the values of many rows, and one of many such values. All values are JSON texts. */
export interface Reducer {
  /** What its results may be kept under. */
  readonly source: string;
  reduce(rows: readonly Row[]): string | Promise<string>;
  rereduce(values: readonly string[]): string | Promise<string>;
}

/** The reducer that a view's `reduce` names or spells out. */
export function reducerOf(source: string, sandboxes: Sandboxes): Reducer {
  if (!isBuiltIn(source)) return new CustomReducer(source, sandboxes);
  if (source === '_count') return COUNT;
  return source === '_sum' ? SUM : STATS;
}

/** A reduce function of the user's, which gets the keys alone, without ids. Source: couchbase/couchdb, mapreduce.cc. */
class CustomReducer implements Reducer {
  readonly source: string;
  readonly #sandboxes: Sandboxes;

  constructor(source: string, sandboxes: Sandboxes) {
    this.source = source;
    this.#sandboxes = sandboxes;
  }

  reduce(rows: readonly Row[]): Promise<string> {
    const keys = rows.map(({ keyText }) => keyText);
    const values = rows.map(({ valueText }) => valueText);
    return this.#run(keys, values);
  }

  rereduce(values: readonly string[]): Promise<string> {
    return this.#run(null, values);
  }

  async #run(keys: readonly string[] | null, values: readonly string[]): Promise<string> {
    try {
      return await this.#sandboxes.use([this.source], (sandbox) => sandbox.reduce(0, keys, values));
    } catch (error) {
      throw error instanceof SandboxError ? new ReduceError(error.message) : error;
    }
  }
}

const COUNT: Reducer = {
  source: '_count',
  reduce: (rows) => String(rows.length),
  rereduce: (values) => JSON.stringify(total(values, '_count')),
};

const SUM: Reducer = {
  source: '_sum',
  reduce: (rows) => JSON.stringify(total(valuesOf(rows), '_sum')),
  rereduce: (values) => JSON.stringify(total(values, '_sum')),
};

const STATS: Reducer = {
  source: '_stats',
  reduce: (rows) =>
    JSON.stringify(
      rows
        .map(({ valueText }) => numberOf(valueText, '_stats'))
        .map((value) => ({ sum: value, count: 1, min: value, max: value, sumsqr: value * value }))
        .reduce(addStats),
    ),
  rereduce: (values) => JSON.stringify(values.map((value): Stats => JSON.parse(value)).reduce(addStats)),
};

interface Stats {
  readonly sum: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly sumsqr: number;
}

function addStats(a: Stats, b: Stats): Stats {
  return {
    sum: a.sum + b.sum,
    count: a.count + b.count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    sumsqr: a.sumsqr + b.sumsqr,
  };
}

function* valuesOf(rows: readonly Row[]): IterableIterator<string> {
  for (const { valueText } of rows) yield valueText;
}

function total(values: Iterable<string>, name: string): number {
  let sum = 0;
  for (const value of values) sum += numberOf(value, name);
  return sum;
}

/** Unlike CouchDB, the server takes nothing but numbers: no arrays of them, no objects. */
function numberOf(json: string, name: string): number {
  const value = Number(json);
  if (!/^[-0-9]/.test(json)) throw new ReduceError(`Builtin ${name} function requires map values to be numbers`);
  return value;
}
