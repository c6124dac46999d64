/**
 * Ends a statement from inside an expression. Thrown by functions and operators; the executor tells in which clause it
 * happened ("Error evaluating projection - cause: ...").
 */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';

  constructor(
    message: string,
    /** Code of the error in the answer. */
    readonly code = 5010,
  ) {
    super(message);
  }
}
