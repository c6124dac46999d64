/*
 * The tokens of JSON, passed over in place. Hot file: nothing is built and nothing recurses. Each function returns the
 * position after what it passes. Source: RFC 8259.
 */

/** What is returned in place of a position when there is no JSON. */
export const MALFORMED = -1;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_ARRAY = 0x5b;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
const BACKSLASH = 0x5c;

/** 1: white space. */
const SPACE = table(' \t\n\r');
/** 1: may follow a backslash, and needs nothing after it. */
const ESCAPED = table('"\\/bfnrt');
const HEX = table('0123456789abcdefABCDEF');
const DIGIT = table('0123456789');
/** 1: may stand in a string as it is; bytes from 0x80 are left to the UTF-8 check. */
const PLAIN = new Uint8Array(256).fill(1, 0x20);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;

function table(characters: string): Uint8Array {
  const marks = new Uint8Array(256);
  for (const character of characters) marks[character.charCodeAt(0)] = 1;
  return marks;
}

export function isSpace(byte: number): boolean {
  return SPACE[byte] === 1;
}

/** The first byte from `from` on that is not white space; the length of `bytes` when there is none. */
export function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && SPACE[bytes[at]!] === 1) at++;
  return at;
}

/** A string whose opening quote is at `from`. */
export function skipString(bytes: Buffer, from: number): number {
  const { length } = bytes;
  let at = from + 1;
  while (at < length) {
    // Most of a document is text: four bytes in one test, where there are as many.
    while (
      at + 4 <= length &&
      (PLAIN[bytes[at]!]! & PLAIN[bytes[at + 1]!]! & PLAIN[bytes[at + 2]!]! & PLAIN[bytes[at + 3]!]!) === 1
    )
      at += 4;
    const byte = bytes[at]!;
    if (PLAIN[byte] === 1) {
      at++;
    } else if (byte === QUOTE) {
      return at + 1;
    } else if (byte === BACKSLASH) {
      at = skipEscape(bytes, at + 1);
      if (at < 0) return MALFORMED;
    } else {
      return MALFORMED;
    }
  }
  return MALFORMED;
}

function skipEscape(bytes: Buffer, at: number): number {
  if (at >= bytes.length) return MALFORMED;
  if (ESCAPED[bytes[at]!] === 1) return at + 1;
  if (bytes[at] !== 0x75 || at + 4 >= bytes.length) return MALFORMED;
  for (let digit = at + 1; digit <= at + 4; digit++) if (HEX[bytes[digit]!] === 0) return MALFORMED;
  return at + 5;
}

/** A string, a number, `true`, `false` or `null`. */
export function skipScalar(bytes: Buffer, at: number): number {
  switch (bytes[at]) {
    case QUOTE:
      return skipString(bytes, at);
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
  for (let index = 0; index < word.length; index++) if (bytes[at + index] !== word.charCodeAt(index)) return MALFORMED;
  return at + word.length;
}

function skipNumber(bytes: Buffer, from: number): number {
  let at = bytes[from] === 0x2d ? from + 1 : from;
  // A leading zero stands alone.
  if (bytes[at] === 0x30) at++;
  else at = skipDigits(bytes, at);
  if (at < 0) return MALFORMED;
  if (bytes[at] === 0x2e) at = skipDigits(bytes, at + 1);
  if (at < 0) return MALFORMED;
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    const signed = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d;
    at = skipDigits(bytes, at + (signed ? 2 : 1));
  }
  return at;
}

/** One digit or more. */
function skipDigits(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && DIGIT[bytes[at]!] === 1) at++;
  return at > from ? at : MALFORMED;
}
