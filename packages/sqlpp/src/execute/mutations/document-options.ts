import { fieldOf } from '../../expressions/paths.js';
import type { MutationOptions } from '../../keyspaces/keyspace.js';
import { isInteger } from '../../values/numbers.js';
import { isObject, type Value } from '../../values/value.js';

/** Returns the expiration that a value says: 0, which stands for none, unless it is an integer above. */
export function expirationOf(value: Value): number {
  return isInteger(value) ? Math.max(0, Number(value)) : 0;
}

/** Reads what OPTIONS says of a document. `fallback` is its expiration if OPTIONS does not say one. */
export function documentOptions(options: Value, fallback: number | undefined): MutationOptions {
  const expiration = fieldOf(options, 'expiration');
  const xattrs = fieldOf(options, 'xattrs');
  return {
    expiration: expiration === undefined ? fallback : expirationOf(expiration),
    ...(isObject(xattrs) && { xattrs }),
  };
}
