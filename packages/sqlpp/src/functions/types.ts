import { equal } from '../values/equality.js';
import { BinaryValue, isObject, typeName, type Value } from '../values/value.js';
import { isKnown } from './arrays.js';
import type { FunctionSpec } from './function-spec.js';
import { fixed, isArray, isNumber, isString } from './operands.js';

/** Functions that tell of what type a value is, or whether it is known. */
export const TYPES: readonly FunctionSpec[] = [
  ofType(['is_array', 'isarray'], isArray),
  ofType(['is_atom', 'isatom'], (value) => typeof value === 'boolean' || isNumber(value) || isString(value)),
  ofType(['is_binary', 'isbinary', 'is_bin', 'isbin'], (value) => value instanceof BinaryValue),
  ofType(['is_boolean', 'isboolean', 'is_bool', 'isbool'], (value) => typeof value === 'boolean'),
  ofType(['is_number', 'isnumber', 'is_num', 'isnum'], isNumber),
  ofType(['is_object', 'isobject', 'is_obj', 'isobj'], isObject),
  ofType(['is_string', 'isstring', 'is_str', 'isstr'], isString),
  fixed(['type', 'type_name', 'typename'], 1, 'string', (_context, value) => typeName(value)),
  fixed(['is_missing', 'ismissing'], 1, 'boolean', (_context, value) => value === undefined),
  fixed(['is_not_missing', 'isnotmissing'], 1, 'boolean', (_context, value) => value !== undefined),
  fixed(['is_null', 'isnull'], 1, 'boolean', (_context, value) => (value === undefined ? undefined : value === null)),
  fixed(['is_not_null', 'isnotnull'], 1, 'boolean', (_context, value) =>
    value === undefined ? undefined : value !== null,
  ),
  fixed(['is_valued', 'isvalued', 'is_known', 'isknown', 'is_not_unknown', 'isnotunknown'], 1, 'boolean', (_c, value) =>
    isKnown(value),
  ),
  fixed(
    ['is_not_valued', 'isnotvalued', 'is_not_known', 'isnotknown', 'isunknown'],
    1,
    'boolean',
    (_context, value) => !isKnown(value),
  ),
  fixed(['is_not_distinct_from', 'isnotdistinctfrom'], 2, 'boolean', (_context, a, b) => isNotDistinct(a, b)),
];

/** NULL and MISSING are of no type, and stay what they are. */
function ofType(names: readonly string[], isIt: (value: Value) => boolean): FunctionSpec {
  return fixed(names, 1, 'boolean', (_context, value) => (isKnown(value) ? isIt(value) : value));
}

/** MISSING is MISSING and NULL is NULL; inside arrays and objects they are compared as by the operator =. */
function isNotDistinct(a: Value, b: Value): Value {
  return isKnown(a) && isKnown(b) ? equal(a, b) : a === b;
}
