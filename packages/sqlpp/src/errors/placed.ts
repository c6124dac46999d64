import { StatementError, withPlace } from '../text/syntax-error.js';
import { type Position, positionAt } from '../text/token.js';

/** Makes errors that name a place of the statement. */
export interface Placed {
  /** @param end what stands behind the place: a full stop, or nothing */
  placed(code: number, message: string, at: number, end?: string): StatementError;
  positionAt(at: number): Position;
}

/** Returns what makes errors about a statement. */
export function placesOf(text: string): Placed {
  return {
    placed: (code, message, at, end = '') => {
      const position = positionAt(text, at);
      return new StatementError(code, withPlace(message, position) + end, position);
    },
    positionAt: (at) => positionAt(text, at),
  };
}
