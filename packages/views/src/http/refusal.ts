import { AccessError, AuthError, type CouchbaseError, type ErrorDetails, HttpError } from '@cb/raw';
import type { AnswerHead } from './exchange.js';

/** Maximum length of a body kept in an error, in characters. */
const BODY_CHARACTERS_MAX = 4096;

/** The explanation of a refusal. */
export interface Refusal {
  /** A short code: `not_found`. Empty when there is none. */
  readonly error: string;
  readonly reason: string;
}

/** Reads the body of a refusal. Missing or malformed fields are empty. */
export function readRefusal(body: string): Refusal {
  try {
    const { error, reason } = JSON.parse(body) ?? {};
    return { error: text(error), reason: text(reason) };
  } catch {
    return { error: '', reason: '' };
  }
}

/** Returns the details of the error for a refusal. */
export function refusalDetails(
  body: string,
  { error, reason }: Refusal,
  details: ErrorDetails,
): ErrorDetails & { readonly body: string } {
  const context = [error, reason].filter((each) => each !== '').join(': ');
  return { ...details, body: body.slice(0, BODY_CHARACTERS_MAX), ...(context === '' ? {} : { context }) };
}

/** Returns the error for a refusal without a special meaning. */
export function refusalError({ status, node }: AnswerHead, body: string, details: ErrorDetails): CouchbaseError {
  const all = refusalDetails(body, readRefusal(body), details);
  const said = all.context ?? body.trim().slice(0, 200);
  const message = `${details.operation}: ${node} answered with HTTP status ${status}${said === '' ? '' : ` (${said})`}`;
  if (status === 401) return new AuthError(message, all);
  if (status === 403) return new AccessError(message, all);
  return new HttpError(message, all);
}

function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
