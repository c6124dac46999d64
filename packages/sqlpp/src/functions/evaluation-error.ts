import type { ErrorReason } from '../text/error-reason.js';

/**
 * Ends a statement from inside an expression. Thrown by functions and operators; the executor tells in which clause it
 * happened ("Error evaluating projection - cause: ..."). The cause is left out if the message is empty: then the reason
 * tells it.
 */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';

  constructor(
    message: string,
    /** Code of the error in the answer. */
    readonly code = 5010,
    readonly reason?: ErrorReason,
  ) {
    super(message);
  }
}
