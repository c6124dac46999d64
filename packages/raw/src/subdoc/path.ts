import { ArgumentError, SubdocEmptyPathError } from '@cb/protocol';
import { describe } from '../values/argument-checks.js';

/** Maximum length of a path, in bytes of UTF-8 (kv_engine docs/SubDocument.md). */
export const PATH_BYTES_MAX = 1024;
/** Maximum number of components of a path. */
export const PATH_COMPONENTS_MAX = 32;

/** An index, or a name up to the next separator; a quoted part of a name may have any. */
const COMPONENT = /\[[^\]]*\]?|(?:`[^`]*`|[^.[`])+/g;
/** What has to be quoted: separators, what JSON escapes, and nothing at all. */
const UNSAFE_NAME = /[.[\]`"\\\p{Cc}]|^$/u;

/**
 * The path of a member or element, from the document's root inwards: names are strings, in which nothing needs to be
 * quoted, and positions in arrays are numbers, -1 for the last.
 *
 *   subdocPath('users', 0, 'e.mail')   // users[0].`e.mail`
 *
 * @throws ArgumentError for anything else.
 */
export function subdocPath(...components: readonly (string | number)[]): string {
  let path = '';
  for (const component of components) {
    if (typeof component === 'number') path += elementPath(component);
    else path += (path === '' ? '' : '.') + quoteName(component);
  }
  return path;
}

/** The path of an element of an array that is the whole document: from 0, -1 for the last. */
export function elementPath(index: unknown): string {
  if (typeof index === 'number' && Number.isSafeInteger(index) && index >= -1) return `[${index}]`;
  throw new ArgumentError(`an index is a whole number from 0, or -1 for the last, not ${describe(index)}`);
}

function quoteName(name: unknown): string {
  if (typeof name !== 'string') {
    throw new ArgumentError(`components of a path are strings and numbers, not ${describe(name)}`);
  }
  if (!UNSAFE_NAME.test(name)) return name;
  // Between the quotes stands what stands between them in the document.
  return `\`${JSON.stringify(name).slice(1, -1).replaceAll('`', '``')}\``;
}

/** Returns the path if its size is valid; the server checks its syntax. */
export function checkPath(operation: string, path: unknown): string {
  if (typeof path !== 'string')
    throw new ArgumentError(`the path of ${operation} must be a string, not ${describe(path)}`);
  if (!path.isWellFormed()) {
    throw new ArgumentError(`the path of ${operation} contains half of a surrogate pair, which UTF-8 cannot express`);
  }
  const bytes = Buffer.byteLength(path);
  if (bytes > PATH_BYTES_MAX) {
    throw new ArgumentError(`the path of ${operation} is ${bytes} bytes long; at most ${PATH_BYTES_MAX} are allowed`);
  }
  const components = path.length <= PATH_COMPONENTS_MAX ? 0 : (path.match(COMPONENT)?.length ?? 0);
  if (components > PATH_COMPONENTS_MAX) {
    throw new ArgumentError(
      `the path of ${operation} has ${components} components; at most ${PATH_COMPONENTS_MAX} are allowed`,
    );
  }
  return path;
}

/** The same for what an empty path does not name. */
export function checkFullPath(operation: string, path: unknown): string {
  const checked = checkPath(operation, path);
  if (checked === '') throw new SubdocEmptyPathError(`${operation} needs a path that is not empty`);
  return checked;
}
