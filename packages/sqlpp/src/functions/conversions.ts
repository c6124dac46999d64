import { fromDouble, fromInteger, numberText } from '../values/numbers.js';
import { truth } from '../values/truth.js';
import { isObject, type Value } from '../values/value.js';
import { isKnown } from './arrays.js';
import type { FunctionSpec, OperandType } from './function-spec.js';
import { fixed, isArray, isNumber, isString, ranged, unusable } from './operands.js';

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/** Functions that make a value of one type of another. NULL and MISSING stay what they are. */
export const CONVERSIONS: readonly FunctionSpec[] = [
  conversion(['to_array', 'toarray'], 'array', (value) => (isArray(value) ? value : [inArray(value)])),
  conversion(['to_atom', 'toatom'], typeOfAtom, atomOf),
  conversion(['to_boolean', 'toboolean', 'to_bool', 'tobool'], 'boolean', truth),
  conversion(['to_object', 'toobject', 'to_obj', 'toobj'], 'object', (value) => (isObject(value) ? value : {})),
  conversion(['to_string', 'tostring', 'to_str', 'tostr'], 'string', textOf),
  ranged(['to_number', 'tonumber', 'to_num', 'tonum'], [1, 2], 'number', toNumber),
];

function conversion(
  names: readonly string[],
  returns: FunctionSpec['returns'],
  convert: (value: Value) => Value,
): FunctionSpec {
  return fixed(names, 1, returns, (_context, value) => (isKnown(value) ? convert(value) : value));
}

/** A number that is put into an array is a double. */
function inArray(value: Value): Value {
  return typeof value === 'bigint' ? Number(value) : value;
}

function typeOfAtom([operand]: readonly OperandType[]): OperandType {
  return operand === undefined || operand === 'array' || operand === 'object' ? 'json' : operand;
}

/** What is alone in an array or an object, at any depth, stands for it. */
function atomOf(value: Value): Value {
  if (!isArray(value) && !isObject(value)) return value;
  const inside: readonly Value[] = Object.values(value);
  return inside.length === 1 ? atomOf(inside[0]) : null;
}

function textOf(value: Value): string | null {
  if (isString(value)) return value;
  if (typeof value === 'boolean') return String(value);
  return isNumber(value) ? numberText(value) : null;
}

/** A second operand, if the first is a string, holds characters to drop from it. */
function toNumber(_context: unknown, ...operands: readonly Value[]): Value {
  const [value, dropped] = operands;
  if (typeof value === 'boolean') return Number(value);
  if (isNumber(value)) return value;
  if (!isString(value)) return unusable([value]);
  if (operands.length === 1) return parseNumber(value);
  if (!isString(dropped)) return null;
  const characters = new Set(dropped);
  return parseNumber([...value].filter((character) => !characters.has(character)).join(''));
}

function parseNumber(text: string): Value {
  if (/^[+-]?\d+$/.test(text)) return fromInteger(BigInt(text.replace('+', '')));
  if (DECIMAL.test(text)) return fromDouble(Number(text));
  const infinite = INFINITE.exec(text);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  return text.toLowerCase() === 'nan' ? Number.NaN : null;
}
