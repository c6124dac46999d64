import { compare, compareStrings, sortedNames } from '../values/collation.js';
import { equal } from '../values/equality.js';
import { isObject, type Value } from '../values/value.js';
import type { Evaluate } from './run.js';

type Ordered = number | null | undefined;

/** Compiles a comparison: of types as all values are ordered, MISSING and NULL unknown. */
export function comparison(operator: string, left: Evaluate, right: Evaluate): Evaluate {
  switch (operator) {
    case '=':
      return equality(left, right);
    case '!=':
      return (row, run) => {
        const value = equal(left(row, run), right(row, run));
        return typeof value === 'boolean' ? !value : value;
      };
    case '<':
      return (row, run) => {
        const a = left(row, run);
        const b = right(row, run);
        if (typeof a === 'number' && typeof b === 'number') return a < b || (Number.isNaN(a) && !Number.isNaN(b));
        const order = knownOrder(a, b);
        return typeof order === 'number' ? order < 0 : order;
      };
    case '<=':
      return (row, run) => {
        const a = left(row, run);
        const b = right(row, run);
        if (typeof a === 'number' && typeof b === 'number') return a <= b || Number.isNaN(a);
        const order = knownOrder(a, b);
        return typeof order === 'number' ? order <= 0 : order;
      };
    default:
      return comparison(operator === '>' ? '<' : '<=', right, left);
  }
}

function equality(left: Evaluate, right: Evaluate): Evaluate {
  return (row, run) => {
    const a = left(row, run);
    const b = right(row, run);
    if (typeof a === 'string' && typeof b === 'string') return a === b;
    if (typeof a === 'number' && typeof b === 'number') return a === b;
    return equal(a, b);
  };
}

/** Compiles `value = constant`, for a string or a number that is written in the statement. */
export function equalTo(other: Evaluate, constant: string | number): Evaluate {
  if (typeof constant === 'string') {
    return (row, run) => {
      const value = other(row, run);
      return typeof value === 'string' ? value === constant : equal(value, constant);
    };
  }
  return (row, run) => {
    const value = other(row, run);
    return typeof value === 'number' ? value === constant : equal(value, constant);
  };
}

/** Compares as BETWEEN does: both bounds belong to it. */
export function between(value: Evaluate, low: Evaluate, high: Evaluate): Evaluate {
  return (row, run) => {
    const middle = value(row, run);
    const fromLow = atMost(low(row, run), middle);
    const toHigh = atMost(middle, high(row, run));
    if (fromLow === undefined || toHigh === undefined) return undefined;
    return fromLow === null || toHigh === null ? null : fromLow && toHigh;
  };
}

function atMost(a: Value, b: Value): boolean | null | undefined {
  const order = knownOrder(a, b);
  return typeof order === 'number' ? order <= 0 : order;
}

/** Compares values; NULL or MISSING where it decides gives that. */
export function knownOrder(left: Value, right: Value): Ordered {
  if (left === undefined || right === undefined) return undefined;
  if (left === null || right === null) return null;
  if (typeof left !== 'object' || typeof right !== 'object') return compare(left, right);
  if (Array.isArray(left) && Array.isArray(right)) {
    const length = Math.min(left.length, right.length);
    for (let at = 0; at < length; at++) {
      const order = knownOrder(left[at], right[at]);
      if (order !== 0) return order;
    }
    return left.length - right.length;
  }
  return isObject(left) && isObject(right) ? objectOrder(left, right) : compare(left, right);
}

function objectOrder(left: { readonly [name: string]: Value }, right: { readonly [name: string]: Value }): Ordered {
  const leftNames = sortedNames(left);
  const rightNames = sortedNames(right);
  if (leftNames.length !== rightNames.length) return leftNames.length - rightNames.length;
  for (let at = 0; at < leftNames.length; at++) {
    const name = leftNames[at] as string;
    const byName = compareStrings(name, rightNames[at] as string);
    if (byName !== 0) return byName;
    const order = knownOrder(left[name], right[name]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Compiles IS DISTINCT FROM and its negation: NULL and MISSING are values as others. */
export function distinctness(left: Evaluate, right: Evaluate, distinct: boolean): Evaluate {
  return (row, run) => {
    const a = left(row, run);
    const b = right(row, run);
    const isUnknown = a === undefined || a === null || b === undefined || b === null;
    const same = isUnknown ? a === b : equal(a, b);
    return distinct ? same !== true : same;
  };
}
