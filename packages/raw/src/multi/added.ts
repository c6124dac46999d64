import { types } from 'node:util';
import { ArgumentError } from '@cb/protocol';
import type { Fragment } from '../operations/store.js';
import { describe } from '../values/argument-checks.js';

/** The value with the fragment behind it. Throws an `ArgumentError` when they are not of one kind. */
export function appended(value: unknown, fragment: Fragment): Fragment {
  return joined(value, fragment, (both) => both);
}

/** The value with the fragment before it. Throws an `ArgumentError` when they are not of one kind. */
export function prepended(value: unknown, fragment: Fragment): Fragment {
  return joined(value, fragment, ([first, second]) => [second, first]);
}

function joined(value: unknown, fragment: Fragment, order: <T>(both: [T, T]) => [T, T]): Fragment {
  if (typeof value === 'string' && typeof fragment === 'string') return order([value, fragment]).join('');
  if (types.isUint8Array(value) && types.isUint8Array(fragment)) return Buffer.concat(order([value, fragment]));
  const kind = typeof fragment === 'string' ? 'a string' : 'bytes';
  throw new ArgumentError(`the value of the Item must be ${kind} like its fragment, not ${describe(value)}`);
}
