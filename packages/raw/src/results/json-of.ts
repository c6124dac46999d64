import { types } from 'node:util';

/**
 * What `JSON.stringify` can write of a value of this SDK: bigints as decimal digits, Maps as objects by key, errors as they
 * write themselves. What has a `toJSON` is left to it.
 */
export function jsonOf(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null || 'toJSON' in value || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(jsonOf);
  const entries = types.isMap(value) ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([name, member]) => [name, jsonOf(member)]));
}
