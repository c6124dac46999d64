import { AccessError, AuthError, type CouchbaseError, type ErrorDetails, HttpError } from '@cb/raw';
import type { AnswerHead } from './exchange.js';

/** So much of a body is kept for who looks at the error. */
const BODY_CHARACTERS_MAX = 4096;

/** What a service says of a refusal. */
export interface Refusal {
  /** A word for it: `not_found`. Empty when it has none. */
  readonly error: string;
  readonly reason: string;
}

/** Reads the body of a refusal, whatever it is. */
export function readRefusal(body: string): Refusal {
  try {
    const { error, reason } = JSON.parse(body) ?? {};
    return { error: text(error), reason: text(reason) };
  } catch {
    return { error: '', reason: '' };
  }
}

/** The details of an error that stands for a refusal. */
export function refusalDetails(
  body: string,
  { error, reason }: Refusal,
  details: ErrorDetails,
): ErrorDetails & { readonly body: string } {
  const context = [error, reason].filter((each) => each !== '').join(': ');
  return { ...details, body: body.slice(0, BODY_CHARACTERS_MAX), ...(context === '' ? {} : { context }) };
}

/** The error for a refusal that means nothing special. */
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
