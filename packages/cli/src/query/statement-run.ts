import {
  type Bucket,
  CancelledError,
  CouchbaseError,
  N1QLQuery,
  type N1QLQueryOptions,
  N1QLRequest,
} from '@cb/promise';
import { printLine, type Terminal } from '../terminal/terminal.js';
import { failureLines } from './failure-text.js';
import { type RowFormat, RowOutput } from './row-output.js';
import { visibleText } from './text-width.js';

/** What every statement of a session is sent with. */
export interface StatementSettings {
  readonly format: RowFormat;
  /** What messages begin with. */
  readonly prefix: string;
  /** The scope that names of one part belong to; undefined when they are buckets. */
  readonly scope: string | undefined;
  readonly query: N1QLQueryOptions;
  /** Milliseconds for each statement; undefined for those of the bucket. */
  readonly timeout: number | undefined;
}

/** Runs a statement, and prints its rows, warnings and errors. Returns whether it succeeded. */
export async function runStatement(
  bucket: Bucket,
  terminal: Terminal,
  statement: string,
  settings: StatementSettings,
  signal: AbortSignal,
): Promise<boolean> {
  const { format, prefix, timeout } = settings;
  const output = new RowOutput(terminal, format);
  const request = new N1QLRequest(bucket.raw, queryOf(bucket, statement, settings), {
    signal,
    ...(timeout !== undefined && { timeout }),
  });
  let failure: CouchbaseError | undefined;
  try {
    for await (const rows of request.batches()) await output.add(rows);
  } catch (error) {
    if (!(error instanceof CouchbaseError)) throw error;
    failure = error;
  }
  await output.end();
  if (request.raw.value !== undefined) tellMetadata(request, terminal, settings);
  if (failure === undefined) return true;
  const lines = failure instanceof CancelledError ? ['interrupted'] : failureLines(statement, failure);
  terminal.stderr.write(`${prefix}${lines.join('\n')}\n`);
  return false;
}

function queryOf(bucket: Bucket, statement: string, { scope, query }: StatementSettings): N1QLQuery {
  const made = new N1QLQuery(statement, query);
  return scope === undefined ? made : made.within(bucket.bucket, scope);
}

function tellMetadata(request: N1QLRequest, terminal: Terminal, { format, prefix }: StatementSettings): void {
  const { metadata, rowsReturned } = request;
  for (const { code, message } of metadata.warnings)
    terminal.stderr.write(`${prefix}warning ${code}: ${visibleText(message)}\n`);
  if (format !== 'table') return;
  const { mutationCount = 0, elapsedMs = Number.NaN } = metadata.metrics ?? {};
  const changed = mutationCount === 0 ? [] : [`${counted(mutationCount, 'document')} changed`];
  const time = Number.isNaN(elapsedMs) ? [] : [`${elapsedMs.toFixed(1)} ms`];
  printLine(terminal, `(${[counted(rowsReturned, 'row'), ...changed, ...time].join(', ')})`);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
