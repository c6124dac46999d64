import { fromInteger, isInteger } from '../values/numbers.js';
import type { Value } from '../values/value.js';
import type { FunctionSpec } from './function-spec.js';
import { fixed, isArray, MANY, of1, ranged, unusable } from './operands.js';

type Integer = number | bigint;

const WIDTH = 64;

/** Functions of the bits of integers, which have 64 with a sign. */
export const BITS: readonly FunctionSpec[] = [
  combination('bitand', (a, b) => a & b),
  combination('bitor', (a, b) => a | b),
  combination('bitxor', (a, b) => a ^ b),
  fixed(
    ['bitnot'],
    1,
    'number',
    of1(isInteger, (number) => fromInteger(~BigInt(number))),
  ),
  ranged(['bitshift'], [2, 3], 'number', shift),
  fixed(['bitset'], 2, 'number', (_context, number, places) =>
    withMask(number, places, (bits, mask) => signed(bits | mask)),
  ),
  fixed(['bitclear'], 2, 'number', (_context, number, places) =>
    withMask(number, places, (bits, mask) => signed(bits & ~mask)),
  ),
  ranged(['bittest', 'isbitset'], [2, 3], 'boolean', test),
];

function combination(name: string, combine: (a: bigint, b: bigint) => bigint): FunctionSpec {
  return ranged([name], [2, MANY], 'number', (_context, ...operands) => {
    if (!operands.every(isInteger)) return unusable(operands);
    return fromInteger((operands as Integer[]).map(BigInt).reduce(combine));
  });
}

/** Shifts to the left, by a negative count to the right without the sign; what leaves comes in again if it rotates. */
function shift(_context: unknown, ...operands: readonly Value[]): Value {
  const [number, count] = operands;
  const rotates = operands.length > 2 ? operands[2] : false;
  if (!isInteger(number) || !isInteger(count) || typeof rotates !== 'boolean') return unusable(operands);
  const bits = BigInt.asUintN(WIDTH, BigInt(number));
  if (rotates) {
    const places = BigInt(((Number(count) % WIDTH) + WIDTH) % WIDTH);
    return signed((bits << places) | (bits >> (BigInt(WIDTH) - places)));
  }
  const places = Number(count);
  if (Math.abs(places) >= WIDTH) return 0;
  return signed(places < 0 ? bits >> BigInt(-places) : bits << BigInt(places));
}

function test(_context: unknown, ...operands: readonly Value[]): Value {
  const [number, places] = operands;
  const all = operands.length > 2 ? operands[2] : false;
  if (typeof all !== 'boolean') return unusable(operands);
  return withMask(number, places, (bits, mask) => {
    const found = bits & mask;
    return all ? mask !== 0n && found === mask : found !== 0n;
  });
}

function withMask(number: Value, places: Value, evaluate: (bits: bigint, mask: bigint) => Value): Value {
  if (number === undefined || places === undefined) return undefined;
  const mask = maskOf(isArray(places) ? places : [places]);
  return isInteger(number) && mask !== null ? evaluate(BigInt.asUintN(WIDTH, BigInt(number)), mask) : null;
}

/** Sets the bits at places, of which the first is 1. */
function maskOf(places: readonly Value[]): bigint | null {
  let mask = 0n;
  for (const place of places) {
    if (!isInteger(place) || place < 1 || place > WIDTH) return null;
    mask |= 1n << (BigInt(place) - 1n);
  }
  return mask;
}

function signed(bits: bigint): Integer {
  return fromInteger(BigInt.asIntN(WIDTH, bits));
}
