import { Status } from '@cb/protocol';
import { Children, isContainer } from './json-scan.js';
import { locate } from './locate.js';
import { NOTHING, type Result, type Target } from './path-operation.js';

export function get({ text, path }: Target): Result | number {
  const location = locate(text, path);
  if (typeof location === 'number') return location;
  if (!location.found) return Status.SubdocPathNotFound;
  return { value: text.subarray(location.start, location.end) };
}

export function exists(target: Target): Result | number {
  const result = get(target);
  return typeof result === 'number' ? result : { value: NOTHING };
}

/** How many children the object or array has, as decimal text. */
export function getCount(target: Target): Result | number {
  const result = get(target);
  if (typeof result === 'number') return result;
  if (!isContainer(result.value[0])) return Status.SubdocPathMismatch;
  const children = new Children(result.value, 0, target.path.length + 1);
  while (children.next());
  return { value: Buffer.from(String(children.count)) };
}
