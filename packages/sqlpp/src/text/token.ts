/** Where something stands in a statement, both from 1. */
export interface Position {
  /** Number of the line. */
  readonly line: number;
  /** Number of the character in its line, in UTF-16 code units. */
  readonly column: number;
}

export type TokenKind =
  | 'word' // A reserved word; `value` is upper case.
  | 'name' // An identifier.
  | 'string'
  | 'number'
  | 'parameter' // `value` is its name, its number, or empty for `?`.
  | 'hint' // What stands in `/*+ */` or behind `--+`.
  | 'sign' // An operator or punctuation.
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  /** Offset of the first character. */
  readonly start: number;
  /** Offset behind the last character. */
  readonly end: number;
  /** Of a name: written in backticks. */
  readonly escaped?: boolean;
  /** Of an escaped name: the letter i stands behind it. */
  readonly caseInsensitive?: boolean;
}

/** Position of an offset. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}
