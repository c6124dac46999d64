import { fromInteger } from '../values/numbers.js';
import type { Value } from '../values/value.js';
import type { FunctionContext, FunctionSpec } from './function-spec.js';
import { fixed, isNumber, of2 } from './operands.js';

type Number64 = number | bigint;

const DIVISION_BY_ZERO = 5036;

/** Division of integers. Operands are cut to integers first. */
export const INTEGERS: readonly FunctionSpec[] = [
  fixed(['idiv'], 2, 'number', of2(isNumber, isNumber, quotient)),
  fixed(['imod'], 2, 'number', of2(isNumber, isNumber, remainder)),
];

function quotient(dividend: Number64, divisor: Number64, context: FunctionContext): Value {
  const [a, b] = [cut(dividend), cut(divisor)];
  if (b === 0n) {
    context.warn(DIVISION_BY_ZERO, 'Division by 0.');
    return null;
  }
  return a === undefined || b === undefined ? null : fromInteger(a / b);
}

function remainder(dividend: Number64, divisor: Number64): Value {
  const [a, b] = [cut(dividend), cut(divisor)];
  return a === undefined || b === undefined || b === 0n ? null : fromInteger(a % b);
}

function cut(number: Number64): bigint | undefined {
  if (typeof number === 'bigint') return number;
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : undefined;
}
