import { equal, isSame } from '../values/equality.js';
import { isInteger } from '../values/numbers.js';
import type { Value } from '../values/value.js';
import { contains, isKnown } from './arrays.js';
import type { FunctionSpec } from './function-spec.js';
import { fixed, isArray, MANY, of3, ranged, unusable } from './operands.js';

type Values = readonly Value[];

/** Functions that return an array with something changed. */
export const ARRAY_EDITS: readonly FunctionSpec[] = [
  ranged(['array_append'], [2, MANY], 'array', (_context, array, ...values) =>
    isArray(array) && !values.includes(undefined) ? [...array, ...values] : unusable([array, ...values]),
  ),
  ranged(['array_prepend'], [2, MANY], 'array', prepend),
  ranged(['array_concat'], [2, MANY], 'array', (_context, ...arrays) =>
    arrays.every(isArray) ? ([] as Value[]).concat(...(arrays as Values[])) : unusable(arrays),
  ),
  ranged(['array_put', 'array_add', 'array_upsert'], [2, MANY], 'array', put),
  ranged(['array_insert'], [3, MANY], 'array', insert),
  ranged(['array_remove'], [2, MANY], 'array', remove),
  ranged(['array_replace'], [3, 4], 'array', (_context, ...operands) =>
    replace(operands, (value, old) => equal(value, old) === true),
  ),
  ranged(['array_replace_equivalent'], [3, 4], 'array', (_context, ...operands) => replace(operands, isSame)),
  fixed(['array_swap'], 3, 'array', of3(isArray, isInteger, isInteger, swap)),
  fixed(['array_move'], 3, 'array', of3(isArray, isInteger, isInteger, move)),
];

function prepend(_context: unknown, ...operands: Values): Value {
  const array = operands.at(-1);
  const values = operands.slice(0, -1);
  return isArray(array) && !values.includes(undefined) ? [...values, ...array] : unusable(operands);
}

/** Appends the values that the array has not. */
function put(_context: unknown, array: Value, ...values: Values): Value {
  if (!isArray(array) || !values.every(isKnown)) return unusable([array, ...values]);
  return [...array, ...values.filter((value) => !contains(array, value))];
}

function insert(_context: unknown, array: Value, place: Value, ...values: Values): Value {
  if (!isArray(array) || !isInteger(place) || values.includes(undefined)) return unusable([array, place, ...values]);
  const at = placeIn(array.length, place);
  if (at < 0 || at > array.length) return null;
  return [...array.slice(0, at), ...values, ...array.slice(at)];
}

function remove(_context: unknown, array: Value, ...values: Values): Value {
  if (!isArray(array) || !values.every(isKnown)) return unusable([array, ...values]);
  return array.filter((value) => !contains(values, value));
}

/** Replaces what matches, at most a number of times; a negative number is any. */
function replace(operands: Values, matches: (value: Value, old: Value) => boolean): Value {
  const [array, old, by] = operands;
  const most = operands.length > 3 ? operands[3] : -1;
  if (!isArray(array) || old === undefined || by === undefined || !isInteger(most)) return unusable(operands);
  if (old === null && matches !== isSame) return null;
  let left = most < 0 ? Infinity : Number(most);
  return array.map((value) => (left > 0 && matches(value, old) && left-- > 0 ? by : value));
}

function swap(array: Values, first: number | bigint, second: number | bigint): Value {
  const [from, to] = [placeIn(array.length, first), placeIn(array.length, second)];
  if (!isPlace(array, from) || !isPlace(array, to)) return null;
  const result = [...array];
  result[from] = array[to];
  result[to] = array[from];
  return result;
}

function move(array: Values, first: number | bigint, second: number | bigint): Value {
  const [from, to] = [placeIn(array.length, first), placeIn(array.length, second)];
  if (!isPlace(array, from) || !isPlace(array, to)) return null;
  const result = [...array];
  result.splice(to, 0, ...result.splice(from, 1));
  return result;
}

/** A negative place counts from the end. */
function placeIn(length: number, place: number | bigint): number {
  return place < 0 ? length + Number(place) : Number(place);
}

function isPlace(array: Values, place: number): boolean {
  return place >= 0 && place < array.length;
}
