/** One extended attribute. The value is JSON text. */
export interface Xattr {
  readonly key: string;
  readonly value: Buffer;
}

/*
 * The xattr section of a document: what stands before the body when the datatype has the xattr bit.
 *
 *   u32 length of all that follows | pair | pair ...
 *   pair:  u32 length of the rest | key | 00 | value | 00
 *
 * Source: kv_engine docs/Document.md, "XAttr - extended attributes".
 */

const LENGTH_BYTES = 4;
/** The zero bytes after key and value. */
const PAIR_ZEROS = 2;

/** The pairs of a section, in their order; values are views into it. A damaged section yields `undefined`. */
export function decodeXattrs(section: Buffer | undefined): Xattr[] | undefined {
  if (section === undefined) return [];
  if (xattrSectionLength(section) !== section.length) return undefined;
  const found: Xattr[] = [];
  let at = LENGTH_BYTES;
  while (at < section.length) {
    if (at + LENGTH_BYTES > section.length) return undefined;
    const start = at + LENGTH_BYTES;
    const end = start + section.readUInt32BE(at);
    if (end > section.length) return undefined;
    const keyEnd = section.indexOf(0, start);
    if (keyEnd < 0 || keyEnd + PAIR_ZEROS > end || section[end - 1] !== 0) return undefined;
    found.push({ key: section.toString('utf8', start, keyEnd), value: section.subarray(keyEnd + 1, end - 1) });
    at = end;
  }
  return found;
}

/** The section for these pairs; `undefined` for none. */
export function encodeXattrs(xattrs: readonly Xattr[]): Buffer | undefined {
  if (xattrs.length === 0) return undefined;
  const parts: Buffer[] = [Buffer.alloc(LENGTH_BYTES)];
  let length = 0;
  for (const { key, value } of xattrs) {
    const name = Buffer.from(key);
    const pair = Buffer.alloc(LENGTH_BYTES + name.length + value.length + PAIR_ZEROS);
    pair.writeUInt32BE(pair.length - LENGTH_BYTES);
    name.copy(pair, LENGTH_BYTES);
    value.copy(pair, LENGTH_BYTES + name.length + 1);
    parts.push(pair);
    length += pair.length;
  }
  parts[0]!.writeUInt32BE(length);
  return Buffer.concat(parts);
}

/** Returns the part of a section that outlives its document: the system's attributes, whose names begin with `_`. */
export function systemXattrs(section: Buffer | undefined): Buffer | undefined {
  if (section === undefined) return undefined;
  const all = decodeXattrs(section) ?? [];
  return encodeXattrs(all.filter(({ key }) => key.startsWith('_')));
}

/** Length of the section at the start of a blob, its length field included; `undefined` when it does not fit. */
export function xattrSectionLength(blob: Buffer): number | undefined {
  if (blob.length < LENGTH_BYTES) return undefined;
  const length = LENGTH_BYTES + blob.readUInt32BE(0);
  return length > blob.length ? undefined : length;
}
