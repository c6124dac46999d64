import { power } from '../functions/elementary.js';
import { addNumbers, fromDouble, fromInteger, isExact } from '../values/numbers.js';
import type { Value } from '../values/value.js';
import type { Evaluate, Run } from './run.js';

const LARGEST_EXACT = 2 ** 53;
const CODE_DIVISION = 5036;

type Calculate = (left: number | bigint, right: number | bigint, run: Run) => Value;

/** Compiles an operator of numbers. MISSING on either side gives MISSING, what is not a number gives NULL. */
export function arithmetic(operator: string, left: Evaluate, right: Evaluate): Evaluate {
  switch (operator) {
    case '+':
      return withFast(left, right, (a, b) => a + b, addNumbers);
    case '-':
      return withFast(left, right, (a, b) => a - b, subtract);
    case '*':
      return withFast(left, right, (a, b) => a * b, multiply);
    case '/':
      return division(left, right);
    case '%':
      return withFast(left, right, remainderOfDoubles, remainder);
    default:
      return general(left, right, (a, b) => fromDouble(power(Number(a), Number(b))));
  }
}

/** Compiles a minus in front of an operand. */
export function negation(operand: Evaluate): Evaluate {
  return (row, run) => {
    const value = operand(row, run);
    if (typeof value === 'number') return value === 0 ? 0 : -value;
    if (typeof value === 'bigint') return value === -(2n ** 63n) ? -Number(value) : fromInteger(-value);
    return value === undefined ? undefined : null;
  };
}

/** Two numbers whose result stays within what doubles hold exactly need no more care. */
function withFast(
  left: Evaluate,
  right: Evaluate,
  fast: (left: number, right: number) => number,
  careful: Calculate,
): Evaluate {
  return (row, run) => {
    const a = left(row, run);
    const b = right(row, run);
    if (typeof a === 'number' && typeof b === 'number') {
      const result = fast(a, b);
      return result <= LARGEST_EXACT && result >= -LARGEST_EXACT ? result : careful(a, b, run);
    }
    return calculate(a, b, careful, run);
  };
}

function general(left: Evaluate, right: Evaluate, careful: Calculate): Evaluate {
  return (row, run) => calculate(left(row, run), right(row, run), careful, run);
}

function calculate(a: Value, b: Value, careful: Calculate, run: Run): Value {
  if (a === undefined || b === undefined) return undefined;
  return isNumeric(a) && isNumeric(b) ? careful(a, b, run) : null;
}

function isNumeric(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function subtract(a: number | bigint, b: number | bigint): Value {
  return isExact(a) && isExact(b) ? fromInteger(BigInt(a) - BigInt(b)) : Number(a) - Number(b);
}

function multiply(a: number | bigint, b: number | bigint): Value {
  const product = isExact(a) && isExact(b) ? fromInteger(BigInt(a) * BigInt(b)) : undefined;
  return product !== undefined && isExact(product) ? product : Number(a) * Number(b);
}

/** Compiles a division. A divisor of 0 is warned of whatever is divided by it. */
function division(left: Evaluate, right: Evaluate): Evaluate {
  return (row, run) => {
    const a = left(row, run);
    const b = right(row, run);
    if (a === undefined || b === undefined) return undefined;
    if (!isNumeric(b)) return null;
    if (Number(b) === 0) {
      run.warn(CODE_DIVISION, 'Division by 0.');
      return null;
    }
    return isNumeric(a) ? fromDouble(Number(a) / Number(b)) : null;
  };
}

/** NaN leads to the careful way. */
function remainderOfDoubles(a: number, b: number): number {
  const result = a % b;
  return result === 0 ? 0 : result;
}

function remainder(a: number | bigint, b: number | bigint): Value {
  if (Number(b) === 0) return null;
  return fromDouble(Number(a) % Number(b));
}
