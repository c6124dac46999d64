import {
  AuthError,
  type CouchbaseError,
  DmlError,
  type ErrorDetails,
  IndexExistsError,
  IndexNotFoundError,
  KeyspaceNotFoundError,
  N1QLError,
  PreparedStatementError,
  type QueryErrorDetails,
  type QueryFailure,
  QueryIndexError,
  QueryParameterError,
  QueryParsingError,
  QueryPlanningError,
  QueryQuotaLimitedError,
  QueryRateLimitedError,
  TimeoutError,
} from '@cb/raw';
import type { AnswerHead } from '../http/exchange.js';
import { refusalError } from '../http/refusal.js';

/** Codes of the query service (its reference, "Error codes") with a special meaning for clients. */
const TIMEOUT = 1080;
const AUTHENTICATION: ReadonlySet<number> = new Set([10_000, 13_014]);
/** An error of the service itself, which some versions report about indexes; the text tells. */
const INTERNAL = 5000;
const FAILED_STATES: readonly unknown[] = ['errors', 'fatal', 'timeout', 'stopped'];

type FailureClass = new (message: string, details: QueryErrorDetails) => CouchbaseError;

/** Ranges of codes and what they stand for, the narrower ones first (SDK RFC 58, "Query errors"). */
const CLASSES: readonly (readonly [first: number, last: number, FailureClass])[] = [
  [1191, 1194, QueryRateLimitedError],
  [1020, 1110, QueryParameterError],
  [3000, 3999, QueryParsingError],
  [4040, 4090, PreparedStatementError],
  [4300, 4300, IndexExistsError],
  [4000, 4999, QueryPlanningError],
  [12_003, 12_003, KeyspaceNotFoundError],
  [12_020, 12_021, KeyspaceNotFoundError],
  [12_004, 12_004, IndexNotFoundError],
  [12_016, 12_016, IndexNotFoundError],
  [12_009, 12_009, DmlError],
  [12_000, 12_999, QueryIndexError],
  [14_000, 14_999, QueryIndexError],
];

/** What an internal error stands for, by its text. */
const INTERNAL_TEXTS: readonly (readonly [RegExp, FailureClass])[] = [
  [/queryport\.indexNotFound/, PreparedStatementError],
  [/Limit for number of indexes that can be created per scope/i, QueryQuotaLimitedError],
  [/\bindex\b.*\balready exist/is, IndexExistsError],
  [/\bindex\b.*\bnot found/is, IndexNotFoundError],
];

/**
 * Returns the failure that an answer reports; undefined when there is none.
 * @param mayChange whether the service would have let the statement change documents
 */
export function n1qlFailureIn(metadata: object, details: ErrorDetails, mayChange: boolean): CouchbaseError | undefined {
  const { errors, status, metrics } = metadata as Readonly<Record<string, unknown>>;
  const failures = readFailures(errors);
  if (failures.length === 0) {
    if (!FAILED_STATES.includes(status)) return undefined;
    return new N1QLError(`${details.operation} ended with the status ${status}`, details);
  }
  const first = failures[0]!;
  const more = failures.length === 1 ? '' : `, and ${failures.length - 1} more`;
  const message = `${details.operation} failed with ${first.code}: ${first.message}${more}`;
  const { mutationCount } = Object(metrics) as { readonly mutationCount?: unknown };
  const hasChanged = Number(mutationCount ?? 0) > 0 || (first.code === TIMEOUT && mayChange);
  return new (classOf(first))(message, {
    ...details,
    ...(first.retry === true && { retryable: true }),
    ...(hasChanged && { ambiguous: true }),
    context: first.message,
    failures,
  });
}

/** Returns the error for an answer that is not successful. `mayChange`: see `n1qlFailureIn`. */
export function n1qlRefusal(head: AnswerHead, body: string, details: ErrorDetails, mayChange: boolean): CouchbaseError {
  try {
    return n1qlFailureIn(JSON.parse(body), details, mayChange) ?? refusalError(head, body, details);
  } catch {
    return refusalError(head, body, details);
  }
}

/** Whether the statement must be prepared again (RFC 0049, `QUERY_PREPARED_STATEMENT_FAILURE`). */
export function isPreparedFailure(error: CouchbaseError): boolean {
  return error instanceof PreparedStatementError;
}

/** Reads the errors, or the warnings, of an answer. */
export function readFailures(list: unknown): QueryFailure[] {
  return Array.isArray(list) ? list.map(readFailure) : [];
}

function classOf({ code, message }: QueryFailure): FailureClass {
  if (code === TIMEOUT) return TimeoutError;
  if (AUTHENTICATION.has(code)) return AuthError;
  if (code === INTERNAL) return INTERNAL_TEXTS.find(([text]) => text.test(message))?.[1] ?? N1QLError;
  return CLASSES.find(([first, last]) => code >= first && code <= last)?.[2] ?? N1QLError;
}

function readFailure(entry: unknown): QueryFailure {
  const { code, msg, line, column, reason, retry } = Object(entry) as Readonly<Record<string, unknown>>;
  return {
    code: Number(code ?? 0),
    message: String(msg ?? ''),
    ...(typeof line === 'number' && { line }),
    ...(typeof column === 'number' && { column }),
    ...(reason !== undefined && { reason }),
    ...(typeof retry === 'boolean' && { retry }),
  };
}
