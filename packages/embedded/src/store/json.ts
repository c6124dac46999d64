import { isUtf8 } from 'node:buffer';

/*
 * Whether bytes are JSON, as the server decides the datatype of every value it stores. Hot file: nothing is built and
 * nothing recurses. Source: RFC 8259; kv_engine docs/BinaryProtocol.md, "Data Types".
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

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

/** Open brackets from the outermost in: 1 an object, 0 an array. Shared by all calls, for none of them nests. */
let nesting = new Uint8Array(1024);

/** Whether the bytes are exactly one JSON value in UTF-8, with white space around it or not; a scalar is one too. */
export function isJson(bytes: Buffer): boolean {
  const { length } = bytes;
  let depth = 0;
  let at = skipSpace(bytes, 0);
  if (at === length) return false;
  for (;;) {
    // Here a value must begin.
    const byte = bytes[at]!;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      const inner = skipSpace(bytes, at + 1);
      const closing = byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
      if (bytes[inner] === closing) {
        at = inner + 1;
      } else {
        if (depth === nesting.length) grow();
        nesting[depth++] = byte === OPEN_OBJECT ? 1 : 0;
        at = byte === OPEN_OBJECT ? skipName(bytes, inner) : inner;
        if (at < 0 || at >= length) return false;
        continue;
      }
    } else {
      at = skipScalar(bytes, at);
      if (at < 0) return false;
    }
    // Here a value has ended.
    for (;;) {
      at = skipSpace(bytes, at);
      if (depth === 0) return at === length && isUtf8(bytes);
      const next = bytes[at];
      const inObject = nesting[depth - 1] === 1;
      if (next === COMMA) {
        at = skipSpace(bytes, at + 1);
        if (inObject) at = skipName(bytes, at);
        if (at < 0 || at >= length) return false;
        break;
      }
      if (next !== (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return false;
      depth--;
      at++;
    }
  }
}

function grow(): void {
  const larger = new Uint8Array(2 * nesting.length);
  larger.set(nesting);
  nesting = larger;
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && SPACE[bytes[at]!] === 1) at++;
  return at;
}

/** Passes `"name" :` and the white space after it; -1 when there is none. */
function skipName(bytes: Buffer, from: number): number {
  if (bytes[from] !== QUOTE) return -1;
  const end = skipString(bytes, from + 1);
  if (end < 0) return -1;
  const colon = skipSpace(bytes, end);
  return bytes[colon] === COLON ? skipSpace(bytes, colon + 1) : -1;
}

/** Passes the rest of a string whose opening quote is behind; -1 when it is not one. */
function skipString(bytes: Buffer, from: number): number {
  const { length } = bytes;
  let at = from;
  while (at < length) {
    const byte = bytes[at]!;
    if (PLAIN[byte] === 1) {
      at++;
    } else if (byte === QUOTE) {
      return at + 1;
    } else if (byte === BACKSLASH) {
      at = skipEscape(bytes, at + 1);
      if (at < 0) return -1;
    } else {
      return -1;
    }
  }
  return -1;
}

function skipEscape(bytes: Buffer, at: number): number {
  if (at >= bytes.length) return -1;
  if (ESCAPED[bytes[at]!] === 1) return at + 1;
  if (bytes[at] !== 0x75 || at + 4 >= bytes.length) return -1;
  for (let digit = at + 1; digit <= at + 4; digit++) if (HEX[bytes[digit]!] === 0) return -1;
  return at + 5;
}

function skipScalar(bytes: Buffer, at: number): number {
  switch (bytes[at]) {
    case QUOTE:
      return skipString(bytes, at + 1);
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
  for (let index = 0; index < word.length; index++) if (bytes[at + index] !== word.charCodeAt(index)) return -1;
  return at + word.length;
}

function skipNumber(bytes: Buffer, from: number): number {
  let at = bytes[from] === 0x2d ? from + 1 : from;
  // A leading zero stands alone.
  if (bytes[at] === 0x30) at++;
  else at = skipDigits(bytes, at);
  if (at < 0) return -1;
  if (bytes[at] === 0x2e) at = skipDigits(bytes, at + 1);
  if (at < 0) return -1;
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    const signed = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d;
    at = skipDigits(bytes, at + (signed ? 2 : 1));
  }
  return at;
}

/** Passes one digit or more; -1 when there is none. */
function skipDigits(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && DIGIT[bytes[at]!] === 1) at++;
  return at > from ? at : -1;
}
