import { fromDouble, fromInteger } from '../values/numbers.js';

/** Returns the value of a number as written: an integer of 64 bits, or a double. */
export function readNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) || /[.eE]/.test(text) ? fromDouble(number) : fromInteger(BigInt(text));
}
