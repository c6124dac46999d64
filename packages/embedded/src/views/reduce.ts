import { isBuiltIn } from './design-document.js';
import { numberText } from './number-text.js';
import type { Row } from './row.js';
import { type Sandbox, SandboxError } from './sandbox/sandbox.js';

/** A reduce function cannot make anything of the values that it was given. The words are the server's. */
export class ReduceError extends Error {
  override readonly name = 'ReduceError';
}

/**
 * Makes one value of the values of many rows, and one of many such values. It does so for many lists at once, as each
 * call of a user's function is a journey to another thread. All values are JSON texts.
 */
export interface Reducer {
  /** What its results may be kept under. */
  readonly source: string;
  reduce(lists: readonly (readonly Row[])[]): Promise<string[]>;
  rereduce(lists: readonly (readonly string[])[]): Promise<string[]>;
}

/** Maximum length of a result of a reduce function, in bytes. Source: couchstore, MAX_REDUCTION_SIZE. */
const REDUCTION_BYTES_MAX = 64 * 1024 - 1;

/** @throws ReduceError for a result that no index can keep. */
export function checkReduction(valueText: string): void {
  if (Buffer.byteLength(valueText) > REDUCTION_BYTES_MAX) throw new ReduceError('reduction too large');
}

/** The reducer that a view's `reduce` names or spells out. */
export function reducerOf(source: string, sandbox: Sandbox): Reducer {
  if (!isBuiltIn(source)) return new CustomReducer(source, sandbox);
  if (source === '_count') return COUNT;
  return source === '_sum' ? SUM : STATS;
}

/** A reduce function of the user's, which gets the keys alone, without ids. Source: couchbase/couchdb, mapreduce.cc. */
class CustomReducer implements Reducer {
  readonly source: string;
  readonly #sandbox: Sandbox;

  constructor(source: string, sandbox: Sandbox) {
    this.source = source;
    this.#sandbox = sandbox;
  }

  reduce(lists: readonly (readonly Row[])[]): Promise<string[]> {
    return this.#run(
      lists.map((rows) => {
        const keys = rows.map(({ keyText }) => keyText).join();
        return `[[${keys}],[${rows.map(({ valueText }) => valueText).join()}]]`;
      }),
    );
  }

  rereduce(lists: readonly (readonly string[])[]): Promise<string[]> {
    return this.#run(lists.map((values) => `[null,[${values.join()}]]`));
  }

  async #run(inputs: readonly string[]): Promise<string[]> {
    if (inputs.length === 0) return [];
    try {
      const lines = (await this.#sandbox.reduce(this.source, `[${inputs.join()}]`)).split('\n').slice(0, -1);
      const failed = lines.find((line) => line.startsWith('!'));
      if (failed !== undefined) throw new ReduceError(JSON.parse(failed.slice(1)));
      if (lines.length !== inputs.length) throw new ReduceError('the reduce function changed what it runs in');
      return lines;
    } catch (error) {
      throw error instanceof SandboxError ? new ReduceError(error.message) : error;
    }
  }
}

/** A reducer of the server's own. */
function builtIn(
  source: string,
  reduce: (rows: readonly Row[]) => string,
  rereduce: (values: readonly string[]) => string,
): Reducer {
  return {
    source,
    reduce: async (lists) => lists.map(reduce),
    rereduce: async (lists) => lists.map(rereduce),
  };
}

const COUNT = builtIn(
  '_count',
  (rows) => String(rows.length),
  (values) => String(total(values, '_count')),
);

const SUM = builtIn(
  '_sum',
  (rows) => numberText(total(valuesOf(rows), '_sum')),
  (values) => numberText(total(values, '_sum')),
);

const STATS = builtIn(
  '_stats',
  (rows) =>
    statsText(
      rows
        .map(({ valueText }) => numberOf(valueText, '_stats'))
        .map((value) => ({ sum: value, count: 1, min: value, max: value, sumsqr: value * value }))
        .reduce(addStats),
    ),
  (values) => statsText(values.map((value): Stats => JSON.parse(value)).reduce(addStats)),
);

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

function statsText({ sum, count, min, max, sumsqr }: Stats): string {
  const [sumText, minText, maxText, sumsqrText] = [sum, min, max, sumsqr].map(numberText);
  return `{"sum":${sumText},"count":${count},"min":${minText},"max":${maxText},"sumsqr":${sumsqrText}}`;
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
