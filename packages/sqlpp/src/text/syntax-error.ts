import type { ErrorReason } from './error-reason.js';
import { type Position, positionAt, type Token } from './token.js';

/** Maximum length of the text before the fault that a message quotes, in characters. */
const QUOTED_MAX = 20;

const CODE_PARSE = 3000;

/** A statement that cannot be read, or that says what cannot be. */
export class StatementError extends Error {
  /** Name of the class. */
  override readonly name = 'StatementError';

  constructor(
    /** Number of the error in the answer. */
    readonly code: number,
    message: string,
    /** Where in the statement it is. */
    readonly position?: Position | undefined,
    /** What the answer tells of it below its message. */
    readonly reason?: ErrorReason | undefined,
  ) {
    super(message);
  }
}

/** The fault of a token that the grammar does not allow where it stands. */
export function unexpected(text: string, token: Token, what = 'syntax error'): StatementError {
  if (token.kind === 'end') return new StatementError(CODE_PARSE, `${what} - at end of input`);
  const shown = text.slice(token.start, token.end);
  const reserved = token.kind === 'word' ? ' (reserved word)' : '';
  return faultAt(text, token.start, shown + reserved, what);
}

/** The fault of what begins at an offset. */
export function faultAt(text: string, offset: number, shown: string, what: string): StatementError {
  const position = positionAt(text, offset);
  return new StatementError(
    CODE_PARSE,
    `${what} - line ${position.line}, column ${position.column}, ${near(text, offset)}at: ${shown}`,
    position,
  );
}

function near(text: string, offset: number): string {
  if (offset === 0) return '';
  const start = Math.max(0, offset - QUOTED_MAX);
  const quoted = text.slice(start, offset);
  return `near '${start > 0 ? `...${quoted.trimStart()}` : quoted}', `;
}

/** Ends a message with the place it is about. */
export function withPlace(message: string, { line, column }: Position): string {
  return `${message} (near line ${line}, column ${column})`;
}
