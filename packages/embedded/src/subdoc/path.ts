import { isUtf8 } from 'node:buffer';
import { Status } from '@cb/protocol';

/** Maximum length of a path, in bytes. */
export const PATH_BYTES_MAX = 1024;

/** Maximum number of components of a path: the limit is 32, and the document's root is one of them. */
export const COMPONENTS_MAX = 31;

/** A member's name as it stands between quotes in the document, JSON escapes included; or an element's index, -1 for the last. */
export type PathComponent = Buffer | number;

/** From the document's root inwards; empty is the root. */
export type Path = readonly PathComponent[];

const DOT = 0x2e;
const LEFT = 0x5b;
const RIGHT = 0x5d;
const BACKTICK = 0x60;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const ESCAPABLE = Buffer.from('"\\/bfnrt');
const INDEX_DIGITS_MAX = 19;

/**
 * Reads a path like ``a.`b.c`[0].d``. Returns its components, or a status: 0xc2 when it is not a path, 0xc3 when it has
 * too many components. A trailing dot is accepted, as the server accepts it. Source: kv_engine docs/SubDocument.md,
 * "Path".
 */
export function parsePath(text: Buffer): Path | number {
  if (!isUtf8(text)) return Status.SubdocPathInvalid;
  const path: PathComponent[] = [];
  let at = 0;
  while (at < text.length) {
    const isIndex = text[at] === LEFT;
    const end = isIndex ? indexEnd(text, at) : nameEnd(text, at);
    if (end < 0) return Status.SubdocPathInvalid;
    const component = isIndex ? parseIndex(text, at + 1, end - 1) : unquote(text.subarray(at, end));
    if (component === undefined) return Status.SubdocPathInvalid;
    if (path.length === COMPONENTS_MAX) return Status.SubdocPathTooBig;
    path.push(component);
    at = text[end] === DOT ? end + 1 : end;
  }
  return path;
}

/** One past the closing bracket, which only another index or a dot may follow; -1 when there is none. */
function indexEnd(text: Buffer, start: number): number {
  const end = text.indexOf(RIGHT, start) + 1;
  if (end === 0) return -1;
  return end === text.length || text[end] === LEFT || text[end] === DOT ? end : -1;
}

/** `[]` is the first element: the server reads no digits as zero. */
function parseIndex(text: Buffer, start: number, end: number): number | undefined {
  const digits = text.toString('latin1', start, end);
  if (digits === '-1') return -1;
  return digits.length <= INDEX_DIGITS_MAX && /^\d*$/.test(digits) ? Number(digits) : undefined;
}

/** Where the name ends: at a dot or bracket outside backticks, or with the path. -1 when it could not stand in a document. */
function nameEnd(text: Buffer, start: number): number {
  let quoted = false;
  let escaped = false;
  for (let at = start; at < text.length; at++) {
    const byte = text[at]!;
    if (escaped) {
      // Also refuses \u, which could spell one name in many ways.
      if (!ESCAPABLE.includes(byte)) return -1;
      escaped = false;
    } else if (byte === BACKSLASH) {
      escaped = true;
    } else if (byte === QUOTE || byte < 0x20) {
      return -1;
    }
    if (byte === BACKTICK) quoted = !quoted;
    if (quoted) continue;
    if (byte === RIGHT) return -1;
    if (byte === DOT || byte === LEFT) return at;
  }
  return quoted || escaped ? -1 : text.length;
}

/** The name without its backticks; a doubled one stands for itself. Undefined when nothing remains. */
function unquote(name: Buffer): Buffer | undefined {
  const isQuoted = name.length > 1 && name[0] === BACKTICK && name[name.length - 1] === BACKTICK;
  const inner = isQuoted ? name.subarray(1, -1) : name;
  if (inner.length === 0) return undefined;
  if (!inner.includes(BACKTICK)) return inner;
  return Buffer.from(inner.toString('latin1').replace(/`(`?)/g, '$1'), 'latin1');
}
