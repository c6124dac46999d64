import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  MALFORMED,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  skipScalar,
  skipSpace,
  skipString,
} from '../store/json-tokens.js';

/** What scanning returns in place of a position when there are too many levels; MALFORMED when there is no JSON. */
export const TOO_DEEP = -2;

/** Levels of a document: the root's value is on level 1, its children on level 2; a scalar takes a level too. */
export const LEVELS_MAX = 32;

export function isContainer(byte: number | undefined): boolean {
  return byte === OPEN_OBJECT || byte === OPEN_ARRAY;
}

/** One past the value that starts at `at` and is on `level`; MALFORMED or TOO_DEEP. */
export function skipValue(bytes: Buffer, at: number, level: number): number {
  if (level > LEVELS_MAX) return TOO_DEEP;
  if (!isContainer(bytes[at])) return skipScalar(bytes, at);
  const children = new Children(bytes, at, level);
  while (children.next());
  return children.end;
}

/**
 * The children of an object or array, one after the other, found in place: nothing is parsed into values. A child's
 * value is passed over only when the next one is asked for, so that the rest is never read after an early stop.
 */
export class Children {
  /** How many were met so far. */
  count = 0;
  /** The current member's name, without quotes, is from here ... */
  nameStart = -1;
  /** ... to here, exclusively. Both are -1 in an array. */
  nameEnd = -1;
  /** Where the current child's value starts. */
  start = -1;
  /** Once there are no more: one past the closing bracket; or MALFORMED or TOO_DEEP. */
  end = 0;
  readonly #bytes: Buffer;
  readonly #open: number;
  readonly #level: number;
  #valueEnd = 0;

  /** `open` is where the opening bracket is, `level` the container's own. */
  constructor(bytes: Buffer, open: number, level: number) {
    this.#bytes = bytes;
    this.#open = open;
    this.#level = level;
  }

  /** One past the current child's value; MALFORMED or TOO_DEEP. */
  get valueEnd(): number {
    if (this.#valueEnd === 0) this.#valueEnd = skipValue(this.#bytes, this.start, this.#level + 1);
    return this.#valueEnd;
  }

  /** Goes to the next child. When there is none the last one stays the current one. */
  next(): boolean {
    const bytes = this.#bytes;
    const isObject = bytes[this.#open] === OPEN_OBJECT;
    let at = this.count === 0 ? this.#open + 1 : this.valueEnd;
    if (at < 0) return this.#stop(at);
    at = skipSpace(bytes, at);
    if (bytes[at] === (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return this.#stop(at + 1);
    if (this.count > 0) {
      if (bytes[at] !== COMMA) return this.#stop(MALFORMED);
      at = skipSpace(bytes, at + 1);
    }
    if (isObject) at = this.#passName(at);
    if (at < 0 || at >= bytes.length) return this.#stop(MALFORMED);
    this.start = at;
    this.#valueEnd = 0;
    this.count++;
    return true;
  }

  /** Returns where the value behind the name and its colon starts. */
  #passName(at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== QUOTE) return MALFORMED;
    const end = skipString(bytes, at);
    if (end < 0) return MALFORMED;
    this.nameStart = at + 1;
    this.nameEnd = end - 1;
    at = skipSpace(bytes, end);
    return bytes[at] === COLON ? skipSpace(bytes, at + 1) : MALFORMED;
  }

  #stop(end: number): false {
    this.end = end;
    return false;
  }
}
