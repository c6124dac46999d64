import { sortedNames } from '../values/collation.js';
import { equal } from '../values/equality.js';
import { isObject, type ObjectValue, typeName, type Value } from '../values/value.js';
import { fieldOf, withoutField } from './field-path.js';
import { invalidExpression } from './formalization.js';
import type { FunctionSpec } from './function-spec.js';
import { fixed, isArray, isString, MANY, of1, of2, ranged, unusable, withOptions } from './operands.js';
import { patternOf } from './pattern.js';

type Values = readonly Value[];
type Namer = (name: string, value: Value) => Value;

/** Functions of the members of objects. Lists of them are in the order of the names. */
export const OBJECTS: readonly FunctionSpec[] = [
  fixed(
    ['object_length'],
    1,
    'number',
    of1(isObject, (object) => Object.keys(object).length),
  ),
  fixed(['object_names'], 1, 'array', of1(isObject, sortedNames)),
  fixed(
    ['object_outer_values', 'object_values', 'object_outervalues'],
    1,
    'array',
    of1(isObject, (object) => listed(object, (_name, value) => value)),
  ),
  fixed(
    ['object_inner_values', 'object_innervalues'],
    1,
    'array',
    of1(isObject, (object) => listed(inner(object), (_name, value) => value)),
  ),
  ranged(
    ['object_outer_pairs', 'object_pairs', 'object_outerpairs'],
    [1, 2],
    'array',
    withOptions(isObject, (object, { types }) => listed(object, types === true ? nameAndType : pair)),
  ),
  fixed(
    ['object_inner_pairs', 'object_innerpairs'],
    1,
    'array',
    of1(isObject, (object) => listed(inner(object), pair)),
  ),
  ranged(['object_extract'], [1, 2], 'array', withOptions(isObject, extract)),
  fixed(
    ['object_types'],
    1,
    'object',
    of1(isObject, (object) => mapped(object, typeName)),
  ),
  fixed(['object_types_nested'], 1, 'object', of1(isObject, typesIn)),
  fixed(
    ['object_unwrap'],
    1,
    'json',
    of1(isObject, (object) => alone(Object.values(object))),
  ),
  fixed(['object_field'], 2, 'array', of2(isObject, isString, fieldOf)),
  fixed(['object_add'], 3, 'object', (_context, object, name, value) =>
    isObject(object) && isString(name) && Object.hasOwn(object, name) ? object : put(object, name, value, false),
  ),
  fixed(['object_put'], 3, 'object', (_context, object, name, value) => put(object, name, value, true)),
  fixed(['object_rename'], 3, 'object', rename),
  fixed(['object_replace'], 3, 'object', replace),
  ranged(['object_remove'], [2, MANY], 'object', (_context, object, ...names) =>
    isObject(object) && names.every(isString) ? without(object, new Set(names)) : unusable([object, ...names]),
  ),
  ranged(['object_remove_fields'], [2, MANY], 'object', removeFields),
  ranged(['object_concat'], [2, MANY], 'object', (_context, ...objects) =>
    objects.every(isObject) ? joined(objects) : unusable(objects),
  ),
  ranged(['object_concat2'], [2, MANY], 'object', joinAll),
];

/** Returns an object with what the function gives for each value. */
export function mapped(object: ObjectValue, map: (value: Value) => Value): ObjectValue {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}

function listed(object: ObjectValue, entry: Namer): Values {
  return sortedNames(object).map((name) => entry(name, object[name]));
}

function pair(name: string, value: Value): Value {
  return { name, val: value };
}

function nameAndType(name: string, value: Value): Value {
  return { name, type: typeName(value) };
}

/** Drops what is MISSING from arrays inside, if there is more than one member; one value alone stands for its array. */
function inner(object: ObjectValue): ObjectValue {
  if (Object.keys(object).length === 1) return object;
  return mapped(object, (value) => {
    if (!isArray(value)) return value;
    const present = value.filter((element) => element !== undefined);
    return present.length === 1 ? present[0] : present;
  });
}

/** Takes the members whose names are in a range or match a pattern. */
function extract(object: ObjectValue, options: ObjectValue): Values {
  const { min, max, pattern } = options;
  const isRange = isString(min) || isString(max);
  const isTaken = (name: string): boolean => {
    if (!isRange) return !isString(pattern) || pattern === '' || patternOf(pattern).isIn(name);
    return (!isString(min) || name >= min) && (!isString(max) || max === '' || name < max);
  };
  return sortedNames(object)
    .filter(isTaken)
    .map((name) => pair(name, object[name]));
}

function typesIn(value: Value): Value {
  if (isObject(value)) return mapped(value, typesIn);
  return isArray(value) ? value.map(typesIn) : typeName(value);
}

function alone(values: Values): Value {
  return values.length === 1 ? values[0] : null;
}

/** Adds or changes a member; a value that is MISSING removes it where `removes` says so. */
function put(object: Value, name: Value, value: Value, removes: boolean): Value {
  if (!isObject(object) || !isString(name)) return unusable([object, name]);
  if (value !== undefined) return { ...object, [name]: value };
  return removes ? without(object, new Set([name])) : object;
}

function without(object: ObjectValue, names: ReadonlySet<Value>): ObjectValue {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.has(name)));
}

function rename(_context: unknown, object: Value, old: Value, name: Value): Value {
  if (!isObject(object) || !isString(old) || !isString(name)) return unusable([object, old, name]);
  if (!Object.hasOwn(object, old)) return object;
  return { ...without(object, new Set([old, name])), [name]: object[old] };
}

/** Replaces the values that equal one; by MISSING, removes them. */
function replace(_context: unknown, object: Value, old: Value, value: Value): Value {
  if (!isObject(object) || old === undefined || old === null) return unusable([object, old]);
  const entries = Object.entries(object).map(([name, has]) => [name, equal(old, has) === true ? value : has] as const);
  return Object.fromEntries(entries.filter(([, has]) => has !== undefined));
}

function removeFields(_context: unknown, object: Value, ...operands: Values): Value {
  const known = operands.every((operand) => isString(operand) || (isArray(operand) && operand.every(isString)));
  if (!isObject(object) || !known) return unusable([object, ...operands]);
  const paths = operands.flat() as string[];
  return paths.filter((path) => path !== '').reduce<Value>(withoutOrFail, object);
}

function withoutOrFail(value: Value, path: string): Value {
  const rest = withoutField(value, path);
  if (rest === null) throw invalidExpression(path);
  return rest;
}

function joined(objects: Values): ObjectValue {
  return Object.fromEntries(objects.flatMap((object) => Object.entries(object as ObjectValue)));
}

/** As OBJECT_CONCAT, and takes arrays of objects too. */
function joinAll(_context: unknown, object: Value, ...operands: Values): Value {
  const parts = operands.flatMap((operand) => (isArray(operand) ? operand : [operand]));
  if (operands.includes(undefined) || !isObject(object)) return unusable([object, ...operands]);
  return parts.every(isObject) ? joined([object, ...parts]) : null;
}
