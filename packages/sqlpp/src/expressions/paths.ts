import { isInteger } from '../values/numbers.js';
import { isObject, type ObjectValue, type Value } from '../values/value.js';
import type { Evaluate } from './run.js';

/** Takes a step from a value to one inside it. */
export type Step = (value: Value, ...operands: readonly Value[]) => Value;

/** Names that arrays, binary values or all objects have in JavaScript: only own members of objects count. */
function isInherited(name: string): boolean {
  return name in Object.prototype || name in Array.prototype || name === 'bytes' || /^\d+$/.test(name);
}

/** Returns a member of an object; MISSING if it has none, or if it is not an object. */
export function fieldOf(value: Value, name: string): Value {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Compiles `object.name`. */
export function field(object: Evaluate, name: string): Evaluate {
  if (isInherited(name)) return (row, run) => fieldOf(object(row, run), name);
  return (row, run) => {
    const value = object(row, run);
    return typeof value === 'object' && value !== null ? (value as ObjectValue)[name] : undefined;
  };
}

/** Compiles `slot.name`, the field of what a slot holds. */
export function slotField(slot: number, name: string): Evaluate {
  if (isInherited(name)) return (row) => fieldOf(row[slot] as Value, name);
  return (row) => {
    const value = row[slot];
    return typeof value === 'object' && value !== null ? (value as ObjectValue)[name] : undefined;
  };
}

/** Returns the member whose name differs in case only: the exact one if there is one, else the first in the order of names. */
export function fieldOfAnyCase(value: Value, name: string): Value {
  if (!isObject(value)) return undefined;
  if (Object.hasOwn(value, name)) return value[name];
  const lower = name.toLowerCase();
  const found = Object.keys(value)
    .sort()
    .find((each) => each.toLowerCase() === lower);
  return found === undefined ? undefined : value[found];
}

/** `value.[name]` */
export function computedFieldOf(value: Value, name: Value, anyCase: boolean): Value {
  if (value === undefined || name === undefined) return undefined;
  if (typeof name !== 'string') return null;
  return anyCase ? fieldOfAnyCase(value, name) : fieldOf(value, name);
}

/** `value[index]` */
export function elementOf(value: Value, index: Value): Value {
  if (value === undefined || index === undefined) return undefined;
  if (!isInteger(index)) return null;
  if (!Array.isArray(value)) return undefined;
  const at = Number(index);
  return (value as readonly Value[])[at < 0 ? value.length + at : at];
}

/** `value[start:end]`, `undefined` in a list of bounds that are not given. */
export function sliceOf(value: Value, hasStart: boolean, start: Value, hasEnd: boolean, end: Value): Value {
  if (value === undefined || (hasStart && start === undefined) || (hasEnd && end === undefined)) return undefined;
  if (!Array.isArray(value)) return null;
  const from = hasStart ? bound(start, value.length) : 0;
  const to = hasEnd ? bound(end, value.length) : value.length;
  if (from === undefined || to === undefined) return null;
  return from < 0 || from >= value.length || to > value.length || from > to ? undefined : value.slice(from, to);
}

function bound(value: Value, length: number): number | undefined {
  if (!isInteger(value)) return undefined;
  const at = Number(value);
  return at < 0 ? length + at : at;
}

/** `value[]`: without what is MISSING, and arrays among the elements opened. */
export function flatten(values: readonly Value[]): Value[] {
  const result: Value[] = [];
  for (const value of values) {
    if (Array.isArray(value)) for (const inner of value as readonly Value[]) result.push(inner);
    else if (value !== undefined) result.push(value);
  }
  return result;
}

/** Adds a member to an object that is being made; a name that JavaScript gives a meaning of its own is a name as others. */
export function setMember(object: Record<string, Value>, name: string, value: Value): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[name] = value;
  }
}

/** `values[*]` by itself: an object with the names of all elements, and for each an array of what they have. */
export function starOf(values: readonly Value[]): Value {
  const members = new Map<string, Value[]>();
  for (const [at, value] of values.entries()) {
    if (!isObject(value)) continue;
    for (const [name, inside] of Object.entries(value)) {
      const column = members.get(name) ?? new Array<Value>(values.length).fill(null);
      members.set(name, column);
      column[at] = inside;
    }
  }
  return Object.fromEntries(members);
}
