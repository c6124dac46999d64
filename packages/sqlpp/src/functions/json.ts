import { parseJson } from '../values/json-parse.js';
import { jsonText } from '../values/json-text.js';
import { numberText } from '../values/numbers.js';
import { isObject, type ObjectValue, type Value } from '../values/value.js';
import type { FunctionSpec } from './function-spec.js';
import { fixed, isArray, isArrayOrObject, isNumber, isString, of1, unusable } from './operands.js';

/** Functions of JSON text, and of values of several types. */
export const JSON_FUNCTIONS: readonly FunctionSpec[] = [
  fixed(['encode_json', 'json_encode'], 1, 'string', (_context, value) => jsonText(value)),
  fixed(['decode_json', 'json_decode'], 1, 'json', of1(isString, decode)),
  fixed(['encoded_size'], 1, 'number', (_context, value) => Buffer.byteLength(jsonText(value))),
  fixed(['poly_length'], 1, 'number', (_context, value) => lengthOf(value) ?? unusable([value])),
  fixed(['len'], 1, 'number', (_context, value) => lengthOf(value) ?? lengthOfScalar(value)),
  fixed(
    ['pairs'],
    1,
    'array',
    of1(isArrayOrObject, (value) => pairsIn(value, [])),
  ),
];

function decode(text: string): Value {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Bytes of a string, elements of an array, or members of an object. */
function lengthOf(value: Value): number | undefined {
  if (isString(value)) return Buffer.byteLength(value);
  if (isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : undefined;
}

function lengthOfScalar(value: Value): Value {
  if (typeof value === 'boolean') return 1;
  return isNumber(value) ? numberText(value).length : unusable([value]);
}

/** Lists names and values at all depths; a name of an array stands before each element too. */
function pairsIn(value: Value, pairs: Value[]): Value[] {
  if (isArray(value)) for (const element of value) pairsIn(element, pairs);
  if (!isObject(value)) return pairs;
  for (const [name, inside] of Object.entries(value as ObjectValue)) {
    pairs.push([name, inside]);
    if (isArray(inside)) for (const element of inside) pairs.push([name, element]);
    pairsIn(inside, pairs);
  }
  return pairs;
}
