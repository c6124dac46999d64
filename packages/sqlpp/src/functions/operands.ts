import { isInteger } from '../values/numbers.js';
import { isObject, type ObjectValue, type Value } from '../values/value.js';
import type { FunctionContext, FunctionSpec } from './function-spec.js';

export type Guard<T extends Value> = (value: Value) => value is T;

type Evaluate = FunctionSpec['evaluate'];

export function isString(value: Value): value is string {
  return typeof value === 'string';
}

export function isNumber(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isArrayOrObject(value: Value): value is readonly Value[] | ObjectValue {
  return Array.isArray(value) || isObject(value);
}

export function isAnything(value: Value): value is Value {
  return value !== undefined;
}

/** What most functions give for operands they cannot take: MISSING if one of them is MISSING, else NULL. */
export function unusable(operands: readonly Value[]): undefined | null {
  for (const operand of operands) {
    if (operand === undefined) return undefined;
  }
  return null;
}

/** A function of one operand of a type; others are {@link unusable}. */
export function of1<A extends Value>(isA: Guard<A>, evaluate: (a: A, context: FunctionContext) => Value): Evaluate {
  return (context, a) => (isA(a) ? evaluate(a, context) : a === undefined ? undefined : null);
}

/** A function of two operands with a type each; others are {@link unusable}. */
export function of2<A extends Value, B extends Value>(
  isA: Guard<A>,
  isB: Guard<B>,
  evaluate: (a: A, b: B, context: FunctionContext) => Value,
): Evaluate {
  return (context, a, b) => (isA(a) && isB(b) ? evaluate(a, b, context) : unusable([a, b]));
}

/** A function of three operands with a type each; others are {@link unusable}. */
export function of3<A extends Value, B extends Value, C extends Value>(
  isA: Guard<A>,
  isB: Guard<B>,
  isC: Guard<C>,
  evaluate: (a: A, b: B, c: C) => Value,
): Evaluate {
  return (_context, a, b, c) => (isA(a) && isB(b) && isC(c) ? evaluate(a, b, c) : unusable([a, b, c]));
}

/** A function whose second operand may be left out; the default stands for it. */
export function of1Or2<A extends Value, B extends Value>(
  isA: Guard<A>,
  isB: Guard<B>,
  absent: B,
  evaluate: (a: A, b: B) => Value,
): Evaluate {
  return (_context, ...operands) => {
    const [a, b] = operands.length > 1 ? operands : [operands[0], absent];
    return isA(a) && isB(b) ? evaluate(a, b) : unusable([a, b]);
  };
}

const NO_OPTIONS: ObjectValue = {};

/** A function with an object of options, which may be left out. The first operand decides before they do. */
export function withOptions<A extends Value>(
  isA: Guard<A>,
  evaluate: (a: A, options: ObjectValue, context: FunctionContext) => Value,
): Evaluate {
  return (context, ...operands) => {
    const [a] = operands;
    const options = operands.length > 1 ? operands[1] : NO_OPTIONS;
    if (!isA(a)) return unusable([a]);
    return isObject(options) ? evaluate(a, options, context) : unusable([options]);
  };
}

/** A function whose third operand may be left out; the default stands for it. */
export function of2Or3<A extends Value, B extends Value, C extends Value>(
  isA: Guard<A>,
  isB: Guard<B>,
  isC: Guard<C>,
  absent: C,
  evaluate: (a: A, b: B, c: C) => Value,
): Evaluate {
  return (_context, ...operands) => {
    const [a, b] = operands;
    const c = operands.length > 2 ? operands[2] : absent;
    return isA(a) && isB(b) && isC(c) ? evaluate(a, b, c) : unusable([a, b, c]);
  };
}

/** A function of three strings and, fourth, how many places it may change; by default all, which a negative number means. */
export function replaceCall(evaluate: (text: string, part: string, by: string, most: number) => Value): Evaluate {
  return (_context, ...operands) => {
    const [text, part, by] = operands;
    const most = operands.length > 3 ? operands[3] : -1;
    if (!isString(text) || !isString(part) || !isString(by) || !isInteger(most)) return unusable(operands);
    return evaluate(text, part, by, Number(most));
  };
}

/** Describes a function with a fixed number of operands. */
export function fixed(
  names: readonly string[],
  count: number,
  returns: FunctionSpec['returns'],
  evaluate: Evaluate,
): FunctionSpec {
  return { names, minArguments: count, maxArguments: count, returns, evaluate };
}

/** Describes a function some of whose last operands may be left out. */
export function ranged(
  names: readonly string[],
  [minArguments, maxArguments]: readonly [number, number],
  returns: FunctionSpec['returns'],
  evaluate: Evaluate,
): FunctionSpec {
  return { names, minArguments, maxArguments, returns, evaluate };
}

/** Most operands that a function takes whose number is not limited by its meaning. */
export const MANY = 32767;
