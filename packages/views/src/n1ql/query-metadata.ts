import type { QueryFailure } from '@cb/raw';
import { readFailures } from './n1ql-failure.js';

/** What a statement cost, as the service counted it. */
export interface QueryMetrics {
  /** Milliseconds from the request's arrival to the end of the answer. */
  readonly elapsedMs: number;
  /** Milliseconds of execution: without the time that the request waited in the service. */
  readonly executionMs: number;
  /** Number of rows. */
  readonly resultCount: number;
  /** Size of all rows, in bytes. */
  readonly resultSize: number;
  /** Number of documents that were changed. */
  readonly mutationCount: number;
  /** Number of rows that were sorted. */
  readonly sortCount: number;
  /** Number of errors. */
  readonly errorCount: number;
  /** Number of warnings. */
  readonly warningCount: number;
}

/** What the answer to a statement has besides its rows. */
export interface QueryMetadata {
  /** The name that the service gave the request. */
  readonly requestId: string;
  /** The name that the client gave the request. */
  readonly clientContextId: string;
  /** How the request ended: `success`, `errors`, `completed`, `stopped`, `timeout`, `fatal`. */
  readonly status: string;
  /** The types of the rows, by name, where the service knows them; a text for rows that are single values. */
  readonly signature: unknown;
  /** What the service warns of. */
  readonly warnings: readonly QueryFailure[];
  /** What the statement cost; undefined when `metrics` is false. */
  readonly metrics: QueryMetrics | undefined;
  /** The phases of the execution; undefined without the option `profile`. */
  readonly profile: unknown;
}

/** Reads what the answer to a statement has besides its rows. */
export function readMetadata(answer: Readonly<Record<string, unknown>>): QueryMetadata {
  return {
    requestId: textIn(answer['requestID']),
    clientContextId: textIn(answer['clientContextID']),
    status: textIn(answer['status']),
    signature: answer['signature'],
    warnings: readFailures(answer['warnings']),
    metrics: readMetrics(answer['metrics']),
    profile: answer['profile'],
  };
}

function readMetrics(given: unknown): QueryMetrics | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const metrics = given as Readonly<Record<string, unknown>>;
  const count = (name: string): number => Number(metrics[name] ?? 0);
  return {
    elapsedMs: durationMs(textIn(metrics['elapsedTime'])),
    executionMs: durationMs(textIn(metrics['executionTime'])),
    resultCount: count('resultCount'),
    resultSize: count('resultSize'),
    mutationCount: count('mutationCount'),
    sortCount: count('sortCount'),
    errorCount: count('errorCount'),
    warningCount: count('warningCount'),
  };
}

/** Milliseconds in the units of durations, which are those of Go: both signs of the micro are in use. */
const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Returns the milliseconds in a duration such as `1m2.5s` or `455.69µs`; NaN for a text that is not one. */
export function durationMs(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([a-zµμ]+)/g)];
  if (parts.length === 0) return text === '0' ? 0 : Number.NaN;
  return parts.reduce((sum, [, digits, unit]) => sum + Number(digits) * (UNIT_MS[unit!] ?? Number.NaN), 0);
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
