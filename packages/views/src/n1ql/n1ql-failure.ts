import { AuthError, type CouchbaseError, type ErrorDetails, N1QLError, type QueryFailure, TimeoutError } from '@cb/raw';
import type { AnswerHead } from '../http/exchange.js';
import { refusalError } from '../http/refusal.js';

/** Codes of the query service (its reference, "Error codes") with a special meaning for clients. */
const TIMEOUT = 1080;
const AUTHENTICATION: ReadonlySet<number> = new Set([10_000, 13_014]);
/** The prepared statement is unknown, or its plan is stale. */
const PREPARED: ReadonlySet<number> = new Set([4040, 4050, 4060, 4070, 4080, 4090]);
const FAILED_STATES: readonly unknown[] = ['errors', 'fatal', 'timeout', 'stopped'];

/** Returns the failure that an answer reports; undefined when there is none. */
export function n1qlFailureIn(metadata: object, details: ErrorDetails): CouchbaseError | undefined {
  const { errors, status } = metadata as { readonly errors?: unknown; readonly status?: unknown };
  const failures = Array.isArray(errors) ? errors.map(readFailure) : [];
  if (failures.length === 0) {
    if (!FAILED_STATES.includes(status)) return undefined;
    return new N1QLError(`${details.operation} ended with the status ${status}`, details);
  }
  const first = failures[0]!;
  const more = failures.length === 1 ? '' : `, and ${failures.length - 1} more`;
  const message = `${details.operation} failed with ${first.code}: ${first.message}${more}`;
  if (first.code === TIMEOUT) return new TimeoutError(message, { ...details, context: first.message });
  if (AUTHENTICATION.has(first.code)) return new AuthError(message, { ...details, context: first.message });
  return new N1QLError(message, { ...details, context: first.message, failures });
}

/** Returns the error for an answer that is not successful. */
export function n1qlRefusal(head: AnswerHead, body: string, details: ErrorDetails): CouchbaseError {
  try {
    return n1qlFailureIn(JSON.parse(body), details) ?? refusalError(head, body, details);
  } catch {
    return refusalError(head, body, details);
  }
}

/** Whether the statement must be prepared again (RFC 0049, `QUERY_PREPARED_STATEMENT_FAILURE`). */
export function isPreparedFailure(error: CouchbaseError): boolean {
  if (!(error instanceof N1QLError)) return false;
  return error.failures.some(
    ({ code, message }) => PREPARED.has(code) || (code === 5000 && message.includes('queryport.indexNotFound')),
  );
}

function readFailure(entry: { readonly code?: unknown; readonly msg?: unknown } | null): QueryFailure {
  return { code: Number(entry?.code ?? 0), message: String(entry?.msg ?? '') };
}
