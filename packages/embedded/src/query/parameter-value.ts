import { ArgumentError } from '@cb/protocol';
import type { ObjectValue, Value } from '@cb/sqlpp';

/**
 * Returns a parameter of a statement as a value of its own.
 *
 * @param name what the error calls it
 * @throws ArgumentError for what JSON cannot express
 */
export function parameterValue(given: unknown, name: string): Value {
  switch (typeof given) {
    case 'undefined':
    case 'string':
    case 'boolean':
    case 'bigint':
      return given;
    case 'number':
      if (!Number.isFinite(given)) throw new ArgumentError(`${name} must be a finite number, not ${given}`);
      return given;
    case 'object':
      return given === null ? null : objectValue(given, name);
    default:
      throw new ArgumentError(`${name} must be something that JSON can express, not a ${typeof given}`);
  }
}

function objectValue(given: object, name: string): Value {
  if (Array.isArray(given)) return given.map((element, index) => parameterValue(element, `${name}[${index}]`) ?? null);
  if ('toJSON' in given && typeof given.toJSON === 'function') return parameterValue(given.toJSON(), name);
  const members: [string, Value][] = [];
  for (const [member, value] of Object.entries(given)) {
    if (value !== undefined) members.push([member, parameterValue(value, `${name}.${member}`)]);
  }
  return Object.fromEntries(members) satisfies ObjectValue;
}
