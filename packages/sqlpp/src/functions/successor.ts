import { sortedNames } from '../values/collation.js';
import { fromInteger } from '../values/numbers.js';
import { isObject, type Value } from '../values/value.js';
import type { FunctionSpec, OperandType } from './function-spec.js';
import { fixed, isArray, isString } from './operands.js';

/** The function that gives the next value in the order of all values. */
export const SUCCESSORS: readonly FunctionSpec[] = [
  fixed(['successor'], 1, typeOfSuccessor, (_context, value) => successor(value)),
];

const TYPES: ReadonlyMap<OperandType, OperandType> = new Map([
  ['missing', 'null'],
  ['null', 'boolean'],
  ['boolean', 'json'],
]);

function typeOfSuccessor([operand]: readonly OperandType[]): OperandType {
  return operand === undefined ? 'json' : (TYPES.get(operand) ?? operand);
}

function successor(value: Value): Value {
  if (value === undefined) return null;
  if (value === null) return false;
  if (typeof value === 'boolean') return value ? -Number.MAX_VALUE : true;
  if (typeof value === 'bigint') return fromInteger(value + 1n);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 1 : nextDouble(value);
  if (isString(value)) return `${value} `;
  if (isArray(value)) return [...value, null];
  return isObject(value) ? nextObject(value) : null;
}

/** Above the largest number come strings. */
function nextDouble(number: number): Value {
  if (number === Infinity) return '';
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  view.setBigInt64(0, view.getBigInt64(0) + (number < 0 ? -1n : 1n));
  return view.getFloat64(0);
}

function nextObject(object: Readonly<Record<string, Value>>): Value {
  const last = sortedNames(object).at(-1);
  return last === undefined ? { '': null } : { ...object, [last]: successor(object[last]) };
}
