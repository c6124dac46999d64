import { type CouchbaseError, type ErrorDetails, ViewEngineError, type ViewFailure, ViewNotFoundError } from '@cb/raw';
import type { AnswerHead } from '../http/exchange.js';
import { readRefusal, refusalDetails, refusalError } from '../http/refusal.js';

/** Returns the failures of single nodes in an answer: a list, or messages by node, or one for the answer as a whole. */
export function viewFailures(metadata: Readonly<Record<string, unknown>>): ViewFailure[] {
  const { errors, error, reason } = metadata;
  const found: ViewFailure[] = [];
  if (Array.isArray(errors)) {
    for (const each of errors) found.push({ from: text(each?.from), reason: text(each?.reason ?? each) });
  } else if (typeof errors === 'object' && errors !== null) {
    for (const [from, said] of Object.entries(errors)) found.push({ from, reason: text(said) });
  }
  if (error !== undefined)
    found.push({ from: '', reason: reason === undefined ? text(error) : `${text(error)}: ${text(reason)}` });
  return found;
}

/** Returns the error for failures in an answer. */
export function viewEngineError(
  name: string,
  failures: readonly ViewFailure[],
  details: ErrorDetails,
): ViewEngineError {
  const first = failures[0]!;
  const place = first.from === '' ? '' : ` at ${first.from}`;
  const others = failures.length === 1 ? '' : `, and ${failures.length - 1} more`;
  const message = `${name} failed${place}: ${first.reason}${others}`;
  return new ViewEngineError(message, { ...details, context: first.reason, failures });
}

/** Returns the error for an answer that is not successful. */
export function viewRefusal(head: AnswerHead, body: string, details: ErrorDetails): CouchbaseError {
  const refusal = readRefusal(body);
  if (head.status !== 404 && !refusal.error.includes('not_found') && !refusal.reason.includes('not_found')) {
    return refusalError(head, body, details);
  }
  const why = refusal.reason === '' ? 'not found' : refusal.reason;
  const message = `${details.operation} does not exist: ${why}`;
  return new ViewNotFoundError(message, refusalDetails(body, refusal, details));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
