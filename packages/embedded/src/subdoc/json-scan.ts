/** What scanning returns in place of a position, when there is no JSON. */
export const MALFORMED = -1;
/** The same, when there are too many levels. */
export const TOO_DEEP = -2;

/** Levels of a document: the root's value is on level 1, its children on level 2; a scalar takes a level too. */
export const LEVELS_MAX = 32;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;

/** The first byte from `at` on that is no white space; the length of `bytes` when there is none. */
export function skipSpace(bytes: Buffer, at: number): number {
  while (at < bytes.length && isSpace(bytes[at]!)) at++;
  return at;
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

export function isContainer(byte: number | undefined): boolean {
  return byte === OPEN_OBJECT || byte === OPEN_ARRAY;
}

/** One past the value that starts at `at` and is on `level`; MALFORMED or TOO_DEEP. */
export function skipValue(bytes: Buffer, at: number, level: number): number {
  if (level > LEVELS_MAX) return TOO_DEEP;
  switch (bytes[at]) {
    case QUOTE:
      return skipString(bytes, at);
    case OPEN_OBJECT:
    case OPEN_ARRAY: {
      const children = new Children(bytes, at, level);
      while (children.next());
      return children.end;
    }
    case 0x74:
      return skipWord(bytes, at, 'true');
    case 0x66:
      return skipWord(bytes, at, 'false');
    case 0x6e:
      return skipWord(bytes, at, 'null');
    default:
      return skipNumber(bytes, at);
  }
}

function skipWord(bytes: Buffer, at: number, word: string): number {
  const end = at + word.length;
  return bytes.toString('latin1', at, Math.min(end, bytes.length)) === word ? end : MALFORMED;
}

function skipString(bytes: Buffer, at: number): number {
  for (at++; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return MALFORMED;
    if (byte !== BACKSLASH) continue;
    at = skipEscape(bytes, at);
    if (at < 0) return MALFORMED;
  }
  return MALFORMED;
}

/** The last byte of the escape whose backslash is at `at`. */
function skipEscape(bytes: Buffer, at: number): number {
  const sequence = bytes.toString('latin1', at, Math.min(at + 6, bytes.length));
  if (/^\\["\\/bfnrt]/.test(sequence)) return at + 1;
  return /^\\u[\da-fA-F]{4}$/.test(sequence) ? at + 5 : MALFORMED;
}

function skipNumber(bytes: Buffer, at: number): number {
  if (bytes[at] === MINUS) at++;
  const whole = bytes[at] === ZERO ? at + 1 : skipDigits(bytes, at);
  if (whole < 0) return MALFORMED;
  at = whole;
  if (bytes[at] === 0x2e) at = skipDigits(bytes, at + 1);
  if (at < 0) return MALFORMED;
  if (bytes[at] !== 0x65 && bytes[at] !== 0x45) return at;
  at++;
  return skipDigits(bytes, bytes[at] === MINUS || bytes[at] === 0x2b ? at + 1 : at);
}

/** One past a run of digits, of which there must be one. */
function skipDigits(bytes: Buffer, at: number): number {
  const start = at;
  while (at < bytes.length && bytes[at]! >= ZERO && bytes[at]! <= 0x39) at++;
  return at === start ? MALFORMED : at;
}

/**
 * The children of an object or array, one after the other, found in place: nothing is parsed into values. A child's
 * value is passed over only when the next one is asked for, so that whoever stops early never sees what is behind.
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
