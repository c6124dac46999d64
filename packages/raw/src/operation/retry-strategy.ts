import { ArgumentError, type CouchbaseError, Status, UnknownStatusError } from '@cb/protocol';
import { describe } from '../values/argument-checks.js';

/** The reasons for sending an operation again (SDK RFC 0049, and the names it gives the reasons). */
export type RetryReason =
  | 'kv_not_my_vbucket'
  | 'kv_config_only'
  | 'kv_collection_outdated'
  | 'kv_locked'
  | 'kv_temporary_failure'
  | 'kv_sync_write_in_progress'
  | 'kv_sync_write_re_commit_in_progress'
  | 'kv_error_map_retry_indicated'
  | 'node_not_available'
  | 'socket_closed_while_in_flight'
  | 'circuit_breaker_open'
  | 'socket_not_available'
  | 'views_no_active_partition'
  | 'views_temporary_failure'
  | 'query_prepared_statement_failure'
  | 'service_temporary_failure';

/** The retry that a strategy decides about. */
export interface RetryRequest {
  /** The operation's method name: `get`, `upsert`, … */
  readonly operation: string;
  /** The document key; empty for operations without one. */
  readonly key: string;
  /** Whether carrying it out twice would do no harm. */
  readonly idempotent: boolean;
  /** The reason for the retry. */
  readonly reason: RetryReason;
  /** How often it was sent so far. */
  readonly attempts: number;
  /** The error that it fails with unless it is sent again. */
  readonly error: CouchbaseError;
  /** Milliseconds until its deadline. */
  readonly remainingMs: number;
  /** From 0 up to 1, for jitter. */
  readonly random: number;
}

/**
 * Decides whether an operation that the server refused for the moment is sent again, and when: milliseconds from now,
 * or undefined for not at all. Not asked where the protocol itself asks for another attempt: a vbucket or a collection
 * that has moved, and a broken connection where repeating does no harm.
 */
export type RetryStrategy = (request: RetryRequest) => number | undefined;

/** Returns what was given if it can be a strategy. */
export function checkRetry(retry: unknown): RetryStrategy {
  if (typeof retry !== 'function') throw new ArgumentError(`retry must be a function, not ${describe(retry)}`);
  return retry as RetryStrategy;
}

/**
 * Asks a strategy.
 * @throws ArgumentError when it throws, or returns neither a number of milliseconds from 0 nor
 * undefined.
 */
export function askStrategy(strategy: RetryStrategy, request: RetryRequest): number | undefined {
  const { operation, key, error } = request;
  const refuse = (fault: string, cause?: unknown): ArgumentError => {
    const message = `the retry strategy of ${operation} ${fault}; it was asked because of: ${error.message}`;
    return new ArgumentError(message, { operation, ...(key === '' ? {} : { key }), cause });
  };
  let delayMs: unknown;
  try {
    delayMs = strategy(request);
  } catch (thrown) {
    throw refuse(`threw ${thrown instanceof Error ? thrown.message : String(thrown)}`, thrown);
  }
  if (delayMs === undefined || (typeof delayMs === 'number' && delayMs >= 0)) return delayMs;
  throw refuse(`must give milliseconds from 0, or undefined, not ${describe(delayMs)}`);
}

/** Milliseconds from one attempt to the next, the last one for all further ones (RFC 0049, "controlled backoff"). */
const BACKOFF_MS = [1, 10, 50, 100, 500, 1000];

/** The wait before the attempt that follows `attempts` ones. */
export function backoffMs(attempts: number): number {
  return BACKOFF_MS[Math.min(Math.max(attempts - 1, 0), BACKOFF_MS.length - 1)]!;
}

/** Milliseconds before the deadline in which no further attempt is begun. */
const LAST_MS = 20;

/**
 * Tries again until the deadline, after pauses that grow and differ from one operation to the next; where the next one would
 * go beyond the deadline, half of the time is left after it. The default.
 */
export const bestEffort: RetryStrategy = ({ attempts, random, remainingMs }) => {
  const pauseMs = backoffMs(attempts) * (0.5 + random);
  return pauseMs >= remainingMs && remainingMs > LAST_MS ? remainingMs / 2 : pauseMs;
};

/** Never retries: the first answer of the server is the outcome. */
export const failFast: RetryStrategy = () => undefined;

export interface RetryRule {
  readonly reason: RetryReason;
  /** Required by the protocol: the strategy is not asked. */
  readonly always: boolean;
  /** Operations whose outcome this status is. */
  readonly except?: readonly string[];
}

/**
 * The statuses that another attempt can turn into a success. A node without memory (0x82) and a busy one (0x85) fail in
 * passing as 0x86 does: RFC 0058 and the server's error map have the three together. Unlocking what is not locked answers
 * with a temporary failure too (with the wrong CAS: locked), and no wait changes that; nor does it bring a collection into
 * being. Scans begin again by themselves where a node is busy.
 */
const RULES = new Map<number, RetryRule>([
  [Status.NotMyVbucket, { reason: 'kv_not_my_vbucket', always: true }],
  [Status.ConfigOnly, { reason: 'kv_config_only', always: true }],
  [Status.UnknownCollection, { reason: 'kv_collection_outdated', always: true, except: ['collection id'] }],
  [Status.Locked, { reason: 'kv_locked', always: false, except: ['unlock'] }],
  [Status.TemporaryFailure, { reason: 'kv_temporary_failure', always: false, except: ['unlock'] }],
  [Status.NoMemory, { reason: 'kv_temporary_failure', always: false }],
  [Status.Busy, { reason: 'kv_temporary_failure', always: false, except: ['scan'] }],
  [Status.SyncWriteInProgress, { reason: 'kv_sync_write_in_progress', always: false }],
  [Status.SyncWriteRecommitInProgress, { reason: 'kv_sync_write_re_commit_in_progress', always: false }],
]);

/** Whether this refusal is temporary: the node is short of memory, or loading. */
export function asksForPace(status: number, operation: string): boolean {
  const rule = RULES.get(status);
  return rule?.reason === 'kv_temporary_failure' && rule.except?.includes(operation) !== true;
}

/** Statuses after which the connection is unusable: its login or its bucket is gone (RFC 0069). */
const CONNECTION_ENDED: ReadonlySet<number> = new Set([Status.NoBucket, Status.AuthStale, Status.AuthError]);

/** Whether a new connection must be opened after this refusal; for unknown statuses, the server's error map decides. */
export function endsConnection(status: number, error: CouchbaseError): boolean {
  if (CONNECTION_ENDED.has(status)) return true;
  return error instanceof UnknownStatusError && error.attributes.includes('conn-state-invalidated');
}

const ERROR_MAP_RULE: RetryRule = { reason: 'kv_error_map_retry_indicated', always: false };

/** What to do about a refusal; undefined when it is the outcome. */
export function retryRuleOf(status: number, operation: string, error: CouchbaseError): RetryRule | undefined {
  const rule = RULES.get(status);
  if (rule !== undefined) return rule.except?.includes(operation) === true ? undefined : rule;
  // A status that is known only from the server's error map, which marks it as retryable.
  return error.code === 'unknown_status' && error.retryable ? ERROR_MAP_RULE : undefined;
}
