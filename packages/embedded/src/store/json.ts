import { isUtf8 } from 'node:buffer';
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
} from './json-tokens.js';

/*
 * Whether bytes are JSON, as the server decides the datatype of every value it stores. Hot file: nothing is built and
 * nothing recurses. Source: RFC 8259; kv_engine docs/BinaryProtocol.md, "Data Types".
 */

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

/** Passes `"name" :` and the white space after it; MALFORMED when there is none. */
function skipName(bytes: Buffer, from: number): number {
  if (bytes[from] !== QUOTE) return MALFORMED;
  const end = skipString(bytes, from);
  if (end < 0) return MALFORMED;
  const colon = skipSpace(bytes, end);
  return bytes[colon] === COLON ? skipSpace(bytes, colon + 1) : MALFORMED;
}
