import type { ErrorReason } from '../text/error-reason.js';
import type { StatementError } from '../text/syntax-error.js';

/** What an answer tells of an error below the one that it causes. */
export function faultReason({ code, message, reason }: StatementError): ErrorReason {
  return { _level: 'exception', code, message, ...(reason !== undefined && { cause: reason }) };
}
