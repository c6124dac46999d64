import { Status } from '@cb/protocol';
import { CLOSE_ARRAY, CLOSE_OBJECT, isSpace, OPEN_ARRAY, skipSpace } from '../store/json-tokens.js';
import { addMember, done, splice } from './edit.js';
import { Children, isContainer, LEVELS_MAX } from './json-scan.js';
import { type Location, locate } from './locate.js';
import { checkNewValue, type Place } from './new-value.js';
import { COMPONENTS_MAX } from './path.js';
import type { Result, Target } from './path-operation.js';

const SEPARATOR = Buffer.from(',');
const ARRAY = [Buffer.from('['), Buffer.from(']')] as const;

/** Adds elements at the end. */
export function pushLast(target: Target): Result | number {
  const refused = checkElements(target, 'elements');
  if (refused !== 0) return refused;
  if (target.path.length === 0) return pushLastToRoot(target);
  const location = locate(target.text, target.path);
  if (typeof location === 'number') return location;
  if (!location.found) return makeArray(target, location);
  if (target.text[location.start] !== OPEN_ARRAY) return Status.SubdocPathMismatch;
  return append(target, location);
}

/** Adds elements at the front. */
export function pushFirst(target: Target): Result | number {
  const refused = checkElements(target, 'elements');
  if (refused !== 0) return refused;
  const { text, path, value } = target;
  // The server looks for the element that will be the second, which takes one component more.
  if (path.length === COMPONENTS_MAX) return Status.SubdocPathTooBig;
  const location = locate(text, [...path, 0]);
  if (typeof location === 'number') return location;
  if (location.found) return done(splice(text, location.start, location.start, value, SEPARATOR));
  return location.depth === path.length ? fillEmpty(target, location) : makeArray(target, location);
}

/** Puts elements in front of the one at the path; the index one past the last one appends. */
export function insert(target: Target): Result | number {
  const { text, path, value } = target;
  const refused = checkNewValue(value, 'elements', LEVELS_MAX - path.length);
  if (refused !== 0) return refused;
  const index = path.at(-1);
  if (typeof index !== 'number' || index < 0) return Status.SubdocPathInvalid;
  const location = locate(text, path);
  if (typeof location === 'number') return location;
  if (location.found) return done(splice(text, location.start, location.start, value, SEPARATOR));
  if (location.depth < path.length - 1 || location.children !== index) return Status.SubdocPathNotFound;
  return append(target, location);
}

/** Adds an element at the end, unless one with the same text is there. Only scalars can be compared. */
export function addUnique(target: Target): Result | number {
  const refused = checkElements(target, 'unique element');
  if (refused !== 0) return refused;
  const { text, path, value } = target;
  const location = locate(text, path);
  if (typeof location === 'number') return location;
  if (!location.found) return makeArray(target, location);
  if (text[location.start] !== OPEN_ARRAY) return Status.SubdocPathMismatch;
  const elements = new Children(text, location.start, path.length + 1);
  while (elements.next()) {
    if (isContainer(text[elements.start])) return Status.SubdocPathMismatch;
    if (text.subarray(elements.start, elements.valueEnd).equals(value)) return Status.SubdocPathExists;
  }
  return append(target, location);
}

function checkElements({ path, value }: Target, place: Place): number {
  return checkNewValue(value, place, LEVELS_MAX - 1 - path.length);
}

/** Adds elements to the array at `location`. */
function append(target: Target, location: Location): Result {
  const { text, value } = target;
  if (text[skipSpace(text, location.start + 1)] === CLOSE_ARRAY) return fillEmpty(target, location);
  const close = location.end - 1;
  return done(splice(text, close, close, SEPARATOR, value));
}

/** The white space between the brackets goes. */
function fillEmpty({ text, value }: Target, { start, end }: Location): Result {
  return done(splice(text, start + 1, end - 1, value));
}

function makeArray(target: Target, location: Location): Result | number {
  if (!target.makesParents) return Status.SubdocPathNotFound;
  return addMember(target, location, Buffer.concat([ARRAY[0], target.value, ARRAY[1]]));
}

/** The server looks at the text's end alone, however deep the rest is, and drops white space round the bracket. */
function pushLastToRoot({ text, value }: Target): Result | number {
  const close = lastSolid(text, text.length - 1);
  if (text[close] === CLOSE_OBJECT) return Status.SubdocPathMismatch;
  const last = lastSolid(text, close - 1);
  if (text[close] !== CLOSE_ARRAY || last < 0) return Status.SubdocDocNotJson;
  const parts = text[last] === OPEN_ARRAY ? [value] : [SEPARATOR, value];
  return done(splice(text, last + 1, text.length, ...parts, ARRAY[1]));
}

/** The last byte up to `at` that is not white space; -1 when there is none. */
function lastSolid(text: Buffer, at: number): number {
  while (at >= 0 && isSpace(text[at]!)) at--;
  return at;
}
