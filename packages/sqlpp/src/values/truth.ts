import { BinaryValue, type Value } from './value.js';

/**
 * Returns what WHERE, AND, OR, NOT and CASE WHEN take a value for: NULL and MISSING are unknown and stay what they are; false
 * are 0, NaN, and what is empty.
 */
export function truth(value: Value): boolean | null | undefined {
  switch (typeof value) {
    case 'boolean':
    case 'undefined':
      return value;
    case 'number':
      return value !== 0 && !Number.isNaN(value);
    case 'bigint':
      return true;
    case 'string':
      return value !== '';
    default:
      if (value === null) return null;
      if (Array.isArray(value)) return value.length > 0;
      return value instanceof BinaryValue ? value.bytes.length > 0 : Object.keys(value).length > 0;
  }
}
