import { Status } from '@cb/protocol';
import { OPEN_ARRAY, OPEN_OBJECT, QUOTE, skipSpace } from '../store/json-tokens.js';
import { Children, isContainer, skipValue, TOO_DEEP } from './json-scan.js';
import type { Path, PathComponent } from './path.js';

/** Where a path leads in a document's text. */
export interface Location {
  readonly found: boolean;
  /** The value, or, when it is missing, the innermost container on the way to it that exists: its first byte ... */
  readonly start: number;
  /** ... and one past its last. */
  readonly end: number;
  /** How many components lead to what is at `start`. */
  readonly depth: number;
  /** Of a found value: where it stands among its parent's children; 0 for the root. */
  readonly position: number;
  /** Of a found value: where its member starts, with the quote of its name; `start` when it has no name. */
  readonly memberStart: number;
  /** Of a missing value: how many children the container has. */
  readonly children: number;
}

/**
 * Finds a path in a JSON text, reading no further than needed. Returns a status when the document is in the way: 0xc1
 * when it has another shape than the path wants (0xc0 when the path goes on from the last element of a bare scalar), 0xc4 when the part read is deeper than 32 levels, 0xc6 when it is not
 * JSON, for which the server also takes a bare string.
 */
export function locate(bytes: Buffer, path: Path): Location | number {
  let start = skipSpace(bytes, 0);
  if (bytes[start] === QUOTE) return Status.SubdocDocNotJson;
  let memberStart = start;
  let position = 0;
  for (const [depth, component] of path.entries()) {
    const bracket = typeof component === 'number' ? OPEN_ARRAY : OPEN_OBJECT;
    if (bytes[start] !== bracket) {
      const isFromLast = depth === 0 && component === -1 && path.length > 1 && !isContainer(bytes[start]);
      const status = mismatch(bytes, start, depth + 1);
      return isFromLast && status === Status.SubdocPathMismatch ? Status.SubdocPathNotFound : status;
    }
    const children = new Children(bytes, start, depth + 1);
    if (!goTo(bytes, children, component)) {
      if (children.end < 0) return scanStatus(children.end);
      return { found: false, start, end: children.end, depth, position: 0, memberStart, children: children.count };
    }
    start = children.start;
    position = children.count - 1;
    memberStart = children.nameStart < 0 ? start : children.nameStart - 1;
  }
  const end = skipValue(bytes, start, path.length + 1);
  if (end < 0) return scanStatus(end);
  return { found: true, start, end, depth: path.length, position, memberStart, children: 0 };
}

function scanStatus(end: number): number {
  return end === TOO_DEEP ? Status.SubdocDocTooDeep : Status.SubdocDocNotJson;
}

/** The path goes on, but not into what is at `start`. */
function mismatch(bytes: Buffer, start: number, level: number): number {
  if (isContainer(bytes[start])) return Status.SubdocPathMismatch;
  const end = skipValue(bytes, start, level);
  return end < 0 ? scanStatus(end) : Status.SubdocPathMismatch;
}

function goTo(bytes: Buffer, children: Children, component: PathComponent): boolean {
  if (component === -1) {
    while (children.next());
    return children.end > 0 && children.count > 0;
  }
  while (children.next()) {
    if (typeof component === 'number' ? children.count > component : hasName(bytes, children, component)) return true;
  }
  return false;
}

function hasName(bytes: Buffer, { nameStart, nameEnd }: Children, wanted: Buffer): boolean {
  const length = nameEnd - nameStart;
  if (length === wanted.length) return bytes.compare(wanted, 0, length, nameStart, nameEnd) === 0;
  // A path cannot contain \u escapes, so that names which do are longer than what they are compared with.
  return length > wanted.length && decodeUnicode(bytes.subarray(nameStart, nameEnd))?.equals(wanted) === true;
}

/** The name with its \u escapes resolved, and only those; undefined when it has none or is not text. */
function decodeUnicode(name: Buffer): Buffer | undefined {
  if (!name.includes('\\u')) return undefined;
  const text = name
    .toString()
    .replace(/\\(?:u([\da-fA-F]{4})|.)/g, (sequence, code?: string) =>
      code === undefined ? sequence : String.fromCharCode(Number.parseInt(code, 16)),
    );
  return /\p{Surrogate}/u.test(text) ? undefined : Buffer.from(text);
}
