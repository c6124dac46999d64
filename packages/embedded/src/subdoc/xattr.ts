import { isUtf8 } from 'node:buffer';
import type { Xattr } from '../store/xattr.js';

/** Maximum length of the key of an extended attribute, in bytes. */
export const XATTR_KEY_BYTES_MAX = 15;

const UNDERSCORE = 0x5f;
const DOLLAR = 0x24;
const PUNCTUATION = Buffer.from('!"#%&\'()*+,-./:;<=>?@[\\]^`{|}~');

/** With one attribute set. A value of the same length takes the old one's place; any other goes to the end. */
export function setXattr(xattrs: readonly Xattr[], key: string, value: Buffer): Xattr[] {
  const at = xattrs.findIndex((xattr) => xattr.key === key);
  if (at >= 0 && xattrs[at]!.value.length === value.length) return xattrs.with(at, { key, value });
  return [...removeXattr(xattrs, key), { key, value }];
}

export function removeXattr(xattrs: readonly Xattr[], key: string): Xattr[] {
  return xattrs.filter((xattr) => xattr.key !== key);
}

/** System attributes outlive the document, and take a privilege of their own. */
export function isSystemXattr(key: string): boolean {
  return key.startsWith('_');
}

/** Virtual attributes are not stored: the server makes them up when they are read. */
export function isVirtualXattr(path: Buffer): boolean {
  return path[0] === DOLLAR;
}

/**
 * The length of the key with which an attribute's path begins, in bytes; -1 for an invalid one. It ends at the first dot or
 * bracket, cannot be quoted, and must not start with a control character or with punctuation other than `_` and `$`,
 * which do not suffice alone. Source: kv_engine docs/ExtendedAttributes.md.
 */
export function xattrKeyLength(path: Buffer): number {
  if (!isUtf8(path) || path.includes(0)) return -1;
  const end = path.findIndex((byte) => byte === 0x2e || byte === 0x5b);
  const length = end < 0 ? path.length : end;
  if (length === 0 || length > XATTR_KEY_BYTES_MAX) return -1;
  const first = path[0]!;
  if (first === UNDERSCORE || first === DOLLAR) return length > 1 ? length : -1;
  return first < 0x20 || first === 0x7f || PUNCTUATION.includes(first) ? -1 : length;
}
