import { compare, sortedNames } from './collation.js';
import { compareNumbers, fromDouble } from './numbers.js';
import { BinaryValue, isObject, type ObjectValue, type Value } from './value.js';

/** Marks keys of what is not a scalar. */
const MARK = '\0';

/**
 * Compares as the operator = does: MISSING or NULL on either side, or at a place inside that decides, gives that.
 * NaN does not equal itself.
 */
export function equal(left: Value, right: Value): boolean | null | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (left === null || right === null) return null;
  if (typeof left !== 'object' || typeof right !== 'object') {
    return (
      left === right || (isNumber(left) && isNumber(right) && compareNumbers(left, right) === 0 && !Number.isNaN(left))
    );
  }
  if (Array.isArray(left)) return Array.isArray(right) && arraysEqual(left, right);
  if (!isObject(left)) return compare(left, right) === 0;
  return isObject(right) && objectsEqual(left, right);
}

/** Tells whether two values are one value to GROUP BY, DISTINCT and set operations: NULL is NULL, MISSING is MISSING. */
export function isSame(left: Value, right: Value): boolean {
  return left === right || compare(left, right) === 0;
}

/**
 * Returns what a Map or a Set can find a value by: the keys of two values are the same exactly if the values are
 * {@link isSame the same}. Scalars are their own keys.
 */
export function identityKey(value: Value): undefined | null | boolean | number | bigint | string {
  switch (typeof value) {
    case 'number':
      return fromDouble(value);
    case 'string':
      return value.startsWith(MARK) ? MARK + identityText(value) : value;
    case 'object':
      return value === null ? null : MARK + identityText(value);
    default:
      return value;
  }
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function arraysEqual(left: readonly Value[], right: readonly Value[]): boolean | null | undefined {
  if (left.length !== right.length) return false;
  let result: boolean | null | undefined = true;
  for (let at = 0; at < left.length; at++) {
    const here = equal(left[at], right[at]);
    if (here === false) return false;
    if (here !== true) result = here === undefined ? here : result && here;
  }
  return result;
}

function objectsEqual(left: ObjectValue, right: ObjectValue): boolean | null | undefined {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  let result: boolean | null | undefined = true;
  for (const name of names) {
    if (!Object.hasOwn(right, name)) return false;
    const here = equal(left[name], right[name]);
    if (here === false) return false;
    if (here !== true) result = here === undefined ? here : result && here;
  }
  return result;
}

function identityText(value: Value): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return String(fromDouble(value));
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map(identityText).join()}]`;
      if (value instanceof BinaryValue) return `<${Buffer.from(value.bytes).toString('base64')}>`;
      return `{${sortedNames(value as ObjectValue)
        .map((name) => `${JSON.stringify(name)}:${identityText((value as ObjectValue)[name])}`)
        .join()}}`;
    default:
      return String(value);
  }
}
