import { SeededRandom } from '@cb/raw/simulation';
import { jsonText, type Query, query, StatementError } from '@cb/sqlpp';
import fc from 'fast-check';
import { sourceText } from '../../packages/sqlpp/src/syntax/source-text.js';
import { parseStatement } from '../../packages/sqlpp/src/syntax/statement-parser.js';
import { statementText } from '../../packages/sqlpp/src/syntax/statement-text.js';
import { statements, trees } from '../../packages/sqlpp/test/syntax/statement-arbitraries.js';
import { meaningOf } from '../../packages/sqlpp/test/syntax/tree.js';
import { catalogOf } from '../sqlpp/sorted-keyspaces.js';
import { type FuzzOptions, type FuzzReport, messageOf } from './fuzz-report.js';
import { MemoryGuard } from './memory-guard.js';
import { StatementMutator } from './statement-mutator.js';
import { VALID_STATEMENTS } from './valid-statements.js';

const STREAM = 0x1_0000_0000;
const TIMEOUT_MS = 20;
/** What ends a statement behind its time limit at last, on the slowest machine. */
const HANG_MS = 20_000;
const MEMORY_BYTES_MAX = 16 * 1024 * 1024;
/** Statements that are made of trees, of 100. */
const GENERATED = 15;
const TREES = 40;

const DOCUMENTS = [
  ['a', { n: 1, tag: 'a', list: [1, 2, { a: 3 }], obj: { i: 1, p: 'q' } }],
  ['b', { n: 2, tag: 'b', list: [], obj: {} }],
  ['c', { n: 40, tag: 'a', list: 'none' }],
  ['d', { n: null, list: [[1], null] }],
  ['e', 'text'],
] as const;
const MORE = [
  ['1', { k: 'a', v: 1 }],
  ['2', { k: 'z', v: { w: [2] } }],
] as const;

/**
 * Statements that nobody means, over a few documents: each ends within its time, with rows that can be printed or with
 * errors of the engine; what can be read can be printed and read again.
 */
export async function fuzzStatements({ seed, mutations }: FuzzOptions): Promise<FuzzReport> {
  const random = new SeededRandom(seed + STREAM);
  const mutator = new StatementMutator(random, VALID_STATEMENTS);
  const generated = generatedStatements(seed);
  const memory = new MemoryGuard();
  const catalog = catalogOf({ docs: DOCUMENTS, more: MORE });
  const faults: string[] = [];
  let planned = 0;
  for (let done = 0; done < mutations; done++) {
    const text = random.between(1, 100) <= GENERATED ? random.pick(generated) : mutator.mutate();
    const startMs = performance.now();
    const { fault, isPlanned } = await outcomeOf(text, {
      catalog,
      timeoutMs: TIMEOUT_MS,
      memoryBytesMax: MEMORY_BYTES_MAX,
      positional: [1, 'x'],
      named: { n: 2 },
      random: () => random.between(0, 99) / 100,
    });
    if (isPlanned) planned++;
    const tookMs = performance.now() - startMs;
    const late = tookMs > HANG_MS ? `it takes ${Math.round(tookMs)} ms` : undefined;
    for (const each of [fault, late]) if (each !== undefined) faults.push(`${each}: ${text.slice(0, 1000)}`);
  }
  faults.push(...memory.faults());
  return { seed, mutations, calls: planned, faults };
}

function generatedStatements(seed: number): string[] {
  const options = { seed: seed | 0, numRuns: TREES };
  const whole = fc.sample(statements, options).map(statementText);
  const selects = fc
    .sample(trees.expression, options)
    .map((expression) => `SELECT a.n FROM docs AS a LET b = 1 ORDER BY ${sourceText(expression)}`);
  return [...whole, ...selects];
}

interface Outcome {
  readonly fault: string | undefined;
  /** Whether the statement could be read and planned, so that it had rows to give. */
  readonly isPlanned: boolean;
}

async function outcomeOf(text: string, options: Parameters<typeof query>[1]): Promise<Outcome> {
  try {
    const run = query(text, options);
    const rows = await run.rows();
    for (const row of rows) JSON.parse(jsonText(row));
    return { fault: errorFault(run) ?? textFault(text), isPlanned: run.isPlanned };
  } catch (thrown) {
    return { fault: `something was thrown: ${messageOf(thrown)}`, isPlanned: false };
  }
}

function errorFault({ errors, warnings, signature, status }: Query): string | undefined {
  const isPosition = (at: number | undefined): boolean => at === undefined || (Number.isInteger(at) && at > 0);
  const odd = [...errors, ...warnings].find(
    ({ code, msg, line, column }) => !Number.isInteger(code) || msg === '' || !isPosition(line) || !isPosition(column),
  );
  if (odd !== undefined) return `an error that is none: ${JSON.stringify(odd)}`;
  if (errors.length > 0 !== (status !== 'success')) return `the status is ${status} with ${errors.length} errors`;
  JSON.parse(jsonText(signature));
  return undefined;
}

/** What is wrong with the text that is printed of the statement, if it can be read. */
function textFault(text: string): string | undefined {
  let statement: ReturnType<typeof parseStatement>;
  try {
    statement = parseStatement(text);
  } catch (error) {
    if (error instanceof StatementError || error instanceof RangeError) return undefined;
    throw error;
  }
  let printed = '';
  try {
    printed = statementText(statement);
    return same(parseStatement(printed), statement) ? undefined : `it is printed as ${printed}`;
  } catch (error) {
    // What is nested deeper than the stack is not read.
    if (error instanceof RangeError) return undefined;
    return `it is printed as ${printed}, which cannot be read: ${messageOf(error)}`;
  }
}

function same(left: unknown, right: unknown): boolean {
  const shown = (tree: unknown): string =>
    JSON.stringify(meaningOf(tree), (_name, value: unknown) =>
      typeof value === 'bigint' || value === Infinity ? `${value}` : value,
    );
  return shown(left) === shown(right);
}
