import { compareNumbers } from './numbers.js';
import { BinaryValue, type ObjectValue, type Value } from './value.js';

/** Places of the types in the order of all values. */
const MISSING = 0;
const NULL = 1;
const BOOLEAN = 2;
const NUMBER = 3;
const STRING = 4;
const ARRAY = 5;
const OBJECT = 6;
const BINARY = 7;

/**
 * Compares any two values by the order of ORDER BY, MIN, MAX, ARRAY_SORT and index keys:
 * MISSING, NULL, false, true, numbers (NaN first), strings by code points, arrays, objects, binary.
 *
 * @returns a number below, at or above 0
 */
export function compare(left: Value, right: Value): number {
  if (typeof left === 'number' && typeof right === 'number') return compareNumbers(left, right);
  if (typeof left === 'string' && typeof right === 'string') return compareStrings(left, right);
  const place = placeOf(left);
  const difference = place - placeOf(right);
  if (difference !== 0) return difference;
  switch (place) {
    case BOOLEAN:
      return Number(left) - Number(right);
    case NUMBER:
      return compareNumbers(left as number, right as number);
    case ARRAY:
      return compareArrays(left as readonly Value[], right as readonly Value[]);
    case OBJECT:
      return compareObjects(left as ObjectValue, right as ObjectValue);
    case BINARY:
      return Buffer.compare((left as BinaryValue).bytes, (right as BinaryValue).bytes);
    default:
      return 0;
  }
}

/** Compares strings by code points, which is the order of their bytes in UTF-8. */
export function compareStrings(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a === b) continue;
    return a < 0xd800 || b < 0xd800 ? a - b : codeOrder(a) - codeOrder(b);
  }
  return left.length - right.length;
}

/** Names of the members, by code points. */
export function sortedNames(object: ObjectValue): string[] {
  const names = Object.keys(object);
  return names.length > 1 ? names.sort(compareStrings) : names;
}

/** Halves of pairs stand for characters above U+FFFF, and so come behind U+E000 to U+FFFF. */
function codeOrder(unit: number): number {
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

function placeOf(value: Value): number {
  switch (typeof value) {
    case 'undefined':
      return MISSING;
    case 'boolean':
      return BOOLEAN;
    case 'number':
    case 'bigint':
      return NUMBER;
    case 'string':
      return STRING;
    default:
      if (value === null) return NULL;
      if (Array.isArray(value)) return ARRAY;
      return value instanceof BinaryValue ? BINARY : OBJECT;
  }
}

function compareArrays(left: readonly Value[], right: readonly Value[]): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const order = compare(left[at], right[at]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareObjects(left: ObjectValue, right: ObjectValue): number {
  const leftNames = sortedNames(left);
  const rightNames = sortedNames(right);
  if (leftNames.length !== rightNames.length) return leftNames.length - rightNames.length;
  for (let at = 0; at < leftNames.length; at++) {
    const name = leftNames[at] as string;
    const byName = compareStrings(name, rightNames[at] as string);
    if (byName !== 0) return byName;
    const byValue = compare(left[name], right[name]);
    if (byValue !== 0) return byValue;
  }
  return 0;
}
