/** An object of a document or of a result. Its members are its own properties; none of them is MISSING. */
export interface ObjectValue {
  readonly [name: string]: Value;
}

/** A document that is not JSON, as the store holds it. */
export class BinaryValue {
  constructor(
    /** The bytes of the document. */
    readonly bytes: Uint8Array,
  ) {}
}

/**
 * What an expression evaluates to. MISSING is `undefined`. Numbers are doubles; an integer of 64 bits that a double cannot
 * hold exactly (outside ±2^53) is a bigint, and never inside. Arrays and objects are never changed once they are made.
 */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Value[]
  | ObjectValue
  | BinaryValue;

/** Names of types. */
export type TypeName = 'missing' | 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object' | 'binary';

/** Names the type of a value as the function TYPE does. */
export function typeName(value: Value): TypeName {
  switch (typeof value) {
    case 'undefined':
      return 'missing';
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'number':
    case 'bigint':
      return 'number';
    default:
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'array';
      return value instanceof BinaryValue ? 'binary' : 'object';
  }
}

/** Tells whether a value is an object, not an array, NULL or binary. */
export function isObject(value: Value): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof BinaryValue);
}
