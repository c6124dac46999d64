import { compare } from '../values/collation.js';
import { equal, identityKey } from '../values/equality.js';
import { addNumbers, fromDouble, isInteger } from '../values/numbers.js';
import type { Value } from '../values/value.js';
import type { FunctionSpec } from './function-spec.js';
import { fixed, isAnything, isArray, isNumber, of1, of2, ranged, unusable } from './operands.js';
import { checkResultSize } from './result-size.js';

type Values = readonly Value[];

/** Bytes that the engine counts for a number in an array it makes. */
const ELEMENT_SIZE = 8;

/** Functions that tell something of arrays, or make them. */
export const ARRAYS: readonly FunctionSpec[] = [
  fixed(
    ['array_length'],
    1,
    'number',
    of1(isArray, (array) => array.length),
  ),
  fixed(
    ['array_count'],
    1,
    'number',
    of1(isArray, (array) => array.filter(isKnown).length),
  ),
  fixed(
    ['array_sum'],
    1,
    'number',
    of1(isArray, (array) => array.filter(isNumber).reduce(addNumbers, 0)),
  ),
  fixed(['array_avg'], 1, 'number', of1(isArray, average)),
  fixed(
    ['array_max'],
    1,
    'json',
    of1(isArray, (array) => extreme(array, 1)),
  ),
  fixed(
    ['array_min'],
    1,
    'json',
    of1(isArray, (array) => extreme(array, -1)),
  ),
  fixed(
    ['array_ifnull'],
    1,
    'json',
    of1(isArray, (array) => array.find(isKnown) ?? null),
  ),
  fixed(['array_distinct'], 1, 'array', of1(isArray, distinct)),
  fixed(
    ['array_reverse'],
    1,
    'array',
    of1(isArray, (array) => [...array].reverse()),
  ),
  fixed(['array_sort'], 1, 'array', of1(isArray, sorted)),
  fixed(['array_contains'], 2, 'boolean', of2(isArray, isKnown, contains)),
  fixed(['array_contains_all'], 2, 'boolean', of2(isArray, isKnown, containsAll)),
  fixed(['array_contains_any'], 2, 'boolean', of2(isArray, isKnown, containsAny)),
  fixed(['array_position', 'array_pos'], 2, 'number', of2(isArray, isKnown, position)),
  fixed(['array_binary_search'], 2, 'number', (_context, array, sought) =>
    isArray(array) ? binarySearch(array, sought) : unusable([array]),
  ),
  fixed(
    ['array_flatten'],
    2,
    'array',
    of2(isArray, isInteger, (array, depth) => flatten(array, Number(depth))),
  ),
  ranged(['array_range'], [2, 3], 'array', range),
  fixed(['array_repeat'], 2, 'array', of2(isAnything, isInteger, repeat)),
];

/** Tells whether a value is neither MISSING nor NULL. */
export function isKnown(value: Value): value is Exclude<Value, undefined | null> {
  return value !== undefined && value !== null;
}

/** Leaves out what has been before. */
export function distinct(array: Values): Values {
  const seen = new Set<unknown>();
  return array.filter((value) => seen.size !== seen.add(identityKey(value)).size);
}

export function contains(array: Values, sought: Value): boolean {
  for (const value of array) {
    if (value === sought || equal(value, sought) === true) return true;
  }
  return false;
}

/** Returns the values in the order of all values. JavaScript itself puts `undefined`, which is MISSING, behind all. */
export function sorted(array: Values): Values {
  const present = array.filter((value) => value !== undefined).sort(compare);
  return [...new Array<undefined>(array.length - present.length).fill(undefined), ...present];
}

function average(array: Values): Value {
  const numbers = array.filter(isNumber);
  return numbers.length === 0 ? null : fromDouble(Number(numbers.reduce(addNumbers, 0)) / numbers.length);
}

function extreme(array: Values, sign: 1 | -1): Value {
  let best: Value = null;
  for (const value of array) {
    if (isKnown(value) && (best === null || compare(value, best) * sign > 0)) best = value;
  }
  return best;
}

function containsAll(array: Values, sought: Value): boolean {
  return isArray(sought) ? sought.every((value) => contains(array, value)) : contains(array, sought);
}

function containsAny(array: Values, sought: Value): boolean {
  return isArray(sought) ? sought.some((value) => contains(array, value)) : contains(array, sought);
}

function position(array: Values, sought: Value): number {
  return array.findIndex((value) => equal(value, sought) === true);
}

/** Returns the first place of a value in a sorted array, or -1. */
function binarySearch(array: Values, sought: Value): number {
  let low = 0;
  let high = array.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(array[middle], sought) < 0) low = middle + 1;
    else high = middle;
  }
  return low < array.length && compare(array[low], sought) === 0 ? low : -1;
}

/** A negative depth is any. */
function flatten(array: Values, depth: number): Values {
  return depth === 0
    ? array
    : array.flatMap((value) => (isArray(value) ? (flatten(value, depth - 1) as Value[]) : [value]));
}

function range(_context: unknown, ...operands: Values): Value {
  const [start, end] = operands;
  const step = operands.length > 2 ? operands[2] : 1;
  if (!isNumber(start) || !isNumber(end) || !isNumber(step)) return unusable(operands);
  const [from, to, by] = [Number(start), Number(end), Number(step)];
  if (by === 0 || from === to || from < to !== by > 0) return [];
  checkResultSize('ARRAY_RANGE', Math.ceil((to - from) / by), ELEMENT_SIZE);
  const values: Value[] = [];
  if (by > 0) for (let value = from; value < to; value += by) values.push(value);
  else for (let value = from; value > to; value += by) values.push(value);
  return values;
}

function repeat(value: Value, count: number | bigint): Value {
  if (count < 0) return null;
  checkResultSize('ARRAY_REPEAT', Number(count), ELEMENT_SIZE);
  return new Array<Value>(Number(count)).fill(value);
}
