import { EvaluationError } from '../functions/evaluation-error.js';
import { StatementError } from '../text/syntax-error.js';
import type { Position } from '../text/token.js';

/** An error of an expression that tells where in the statement it is. */
export class PlacedEvaluationError extends EvaluationError {
  constructor(
    message: string,
    readonly position: Position,
  ) {
    super(message);
  }
}

/** Returns the error of a statement that an error of an expression of a clause makes. Others stay as they are. */
export function clauseFault(clause: string, error: unknown): unknown {
  if (!(error instanceof EvaluationError)) return error;
  const { code, message, reason } = error;
  if (code !== 5010) return new StatementError(code, message, undefined, reason);
  const text = message === '' ? `Error evaluating ${clause}` : `Error evaluating ${clause} - cause: ${message}`;
  const position = error instanceof PlacedEvaluationError ? error.position : undefined;
  return new StatementError(code, text, position, reason);
}

/** Passes batches on; errors of expressions become those of the clause that they stand in. */
export function* guarded<T>(clause: string, batches: Iterable<T>): Generator<T> {
  try {
    yield* batches;
  } catch (error) {
    throw clauseFault(clause, error);
  }
}
