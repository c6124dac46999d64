import { Status } from '@cb/protocol';
import { COMMA, OPEN_ARRAY, OPEN_OBJECT, skipSpace } from '../store/json-tokens.js';
import { LEVELS_MAX } from './json-scan.js';
import { type Location, locate } from './locate.js';
import { checkNewValue } from './new-value.js';
import { NOTHING, type Result, type Target } from './path-operation.js';

/*
 * Edits of objects, and of values wherever they stand. All edits splice: what they do not touch keeps its bytes, white
 * space included.
 */

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
/** With the sign. */
const INT64_DIGITS_MAX = 20;

/** `text` with the bytes from `start` to `end` replaced. */
export function splice(text: Buffer, start: number, end: number, ...parts: Buffer[]): Buffer {
  return Buffer.concat([text.subarray(0, start), ...parts, text.subarray(end)]);
}

export function done(text: Buffer): Result {
  return { text, value: NOTHING };
}

/** Adds a member that must not be there yet. */
export function dictAdd(target: Target): Result | number {
  return storeMember(target, () => Status.SubdocPathExists);
}

/** Adds a member or replaces its value. */
export function dictUpsert(target: Target): Result | number {
  return storeMember(target, (location) => replaceAt(target, location));
}

/** The value is checked before the document is read, and the document before the path's last component. */
function storeMember(target: Target, onFound: (location: Location) => Result | number): Result | number {
  const { text, path, value, makesParents } = target;
  const refused = checkNewValue(value, 'member', LEVELS_MAX - path.length);
  if (refused !== 0) return refused;
  const location = locate(text, path);
  if (typeof location === 'number') return location;
  if (typeof path.at(-1) !== 'object') return Status.SubdocPathInvalid;
  if (location.found) return onFound(location);
  if (!makesParents && location.depth < path.length - 1) return Status.SubdocPathNotFound;
  return addMember(target, location, value);
}

/** Replaces the value of a member or element that is there. */
export function replace(target: Target): Result | number {
  const { text, path, value } = target;
  const refused = checkNewValue(value, 'member', LEVELS_MAX - path.length);
  if (refused !== 0) return refused;
  const location = locate(text, path);
  if (typeof location === 'number') return location;
  return location.found ? replaceAt(target, location) : Status.SubdocPathNotFound;
}

function replaceAt({ text, value }: Target, { start, end }: Location): Result {
  return done(splice(text, start, end, value));
}

/** Removes a member or element, and the comma that is then one too many. */
export function remove({ text, path }: Target): Result | number {
  if (path.length === 0) return Status.SubdocValueCantInsert;
  const location = locate(text, path);
  if (typeof location === 'number') return location;
  if (!location.found) return Status.SubdocPathNotFound;
  const { memberStart, end, position } = location;
  const next = skipSpace(text, end);
  if (text[next] === COMMA) return done(splice(text, memberStart, next + 1));
  return done(splice(text, position > 0 ? text.lastIndexOf(COMMA, memberStart - 1) : memberStart, end));
}

/** Adds to the integer at the path; where there is none, it starts as the delta. Reports the new number. */
export function counter(target: Target): Result | number {
  const delta = parseDelta(target.value);
  if (delta === undefined) return Status.SubdocDeltaInvalid;
  const { text, path } = target;
  const location = locate(text, path);
  if (typeof location === 'number') return location;
  if (!location.found) return startCounter(target, location);
  const { start, end } = location;
  const current = text.toString('latin1', start, end);
  if (!/^-?\d+$/.test(current)) return Status.SubdocPathMismatch;
  if (current.length > INT64_DIGITS_MAX) return Status.SubdocNumberRange;
  const number = BigInt(current);
  if (number > INT64_MAX || number < INT64_MIN) return Status.SubdocNumberRange;
  const sum = number + delta;
  if (sum > INT64_MAX || sum < INT64_MIN) return Status.SubdocValueCantInsert;
  const value = Buffer.from(String(sum));
  return { text: splice(text, start, end, value), value };
}

/** An int64 other than zero, in its shortest form. */
function parseDelta(value: Buffer): bigint | undefined {
  const text = value.toString('latin1');
  if (!/^-?[1-9]\d{0,18}$/.test(text)) return undefined;
  const delta = BigInt(text);
  return delta > INT64_MAX || delta < INT64_MIN ? undefined : delta;
}

function startCounter(target: Target, location: Location): Result | number {
  const { text, path, value, makesParents } = target;
  if (!makesParents && location.depth < path.length - 1) return Status.SubdocPathNotFound;
  if (text[location.start] === OPEN_ARRAY) return Status.SubdocPathNotFound;
  if (typeof path.at(-1) === 'number') return Status.SubdocPathInvalid;
  const result = addMember(target, location, value);
  return typeof result === 'number' ? result : { ...result, value };
}

/**
 * Puts `value` where the path leads, as the last member of the innermost object that exists, with objects made for
 * what is missing between. Elements cannot be made: an index on the way is 0xc0.
 */
export function addMember({ text, path }: Target, location: Location, value: Buffer): Result | number {
  const names = path.slice(location.depth);
  if (text[location.start] !== OPEN_OBJECT || !names.every((name) => typeof name === 'object')) {
    return Status.SubdocPathNotFound;
  }
  const last = names.length - 1;
  const parts = names.flatMap((name, index) => [Buffer.from('"'), name, Buffer.from(index < last ? '":{' : '":')]);
  if (location.children > 0) parts.unshift(Buffer.from(','));
  const close = location.end - 1;
  return done(splice(text, close, close, ...parts, value, Buffer.from('}'.repeat(last))));
}
