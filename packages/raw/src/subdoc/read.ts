import { ProtocolError } from '@cb/protocol';
import { FMT_JSON, type Transcoder } from '../values/transcoder.js';

/** The JSON value of a fragment, as the bucket's transcoder reads JSON. */
export function readJson(bytes: Buffer, transcoder: Transcoder): unknown {
  return transcoder.decodeValue(bytes, FMT_JSON);
}

/** A copy, as received bytes are reused. */
export function readBytes(bytes: Buffer): Buffer {
  return Buffer.from(bytes);
}

/** A number of children, in decimal. */
export function readCount(bytes: Buffer): number {
  return Number(digits(bytes, /^\d{1,15}$/, 'count'));
}

/** A 64-bit integer in decimal: a number as long as that is exact. */
export function readCounter(bytes: Buffer): number | bigint {
  const text = digits(bytes, /^-?\d{1,19}$/, 'counter');
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function digits(bytes: Buffer, pattern: RegExp, what: string): string {
  const text = bytes.toString('latin1');
  if (!pattern.test(text))
    throw new ProtocolError(`the ${what} is not a number but ${bytes.length} bytes of something else`);
  return text;
}
