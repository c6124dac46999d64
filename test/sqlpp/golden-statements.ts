import { readSharedData, sharedData } from '../data/shared-data.js';

/** An answer of the real engine to a statement. */
export interface GoldenStatement {
  readonly q: string;
  readonly rows?: string;
  readonly errors?: readonly GoldenError[];
  readonly warnings?: readonly GoldenError[];
  readonly signature?: unknown;
  /** Whether the order of the rows is significant; else by whether the statement has ORDER BY. */
  readonly ordered?: boolean;
  /** Only whether the statement can be read is known. */
  readonly syntaxOnly?: boolean;
  readonly syntax?: 'ok' | 'error';
  /** What only a store of files answers. */
  readonly fileStoreOnly?: boolean;
}

export interface GoldenError {
  readonly code: number;
  readonly msg: string;
  readonly line?: number;
  readonly column?: number;
}

/** Reads one of the files of answers. */
export function readStatements(name: string): GoldenStatement[] {
  return readLines(`sqlpp/${name}.jsonl.gz`).map((line) => JSON.parse(line) as GoldenStatement);
}

/** The lines of a file. */
export function readLines(name: string): string[] {
  const path = sharedData(name);
  return path === undefined ? [] : readSharedData(path).toString('utf8').trim().split('\n');
}
