import type { ObjectValue, Value } from '@cb/sqlpp';
import { decodeXattrs, encodeXattrs } from '../store/xattr.js';
import type { Engine } from './engine.js';

/** Attributes whose names begin so are the system's: a user may have no right to see them. */
const SYSTEM = '_';

/** Attributes that are made from the document, and not stored. */
const VIRTUAL = '$';

/** Reads the attributes of a document. */
export function readXattrs(section: Buffer, withSystem: boolean, { parseJson }: Engine): ObjectValue {
  const xattrs: Record<string, Value> = {};
  for (const { key, value } of decodeXattrs(section) ?? []) {
    if (withSystem || !key.startsWith(SYSTEM)) xattrs[key] = parseJson(value.toString('utf8'));
  }
  return xattrs;
}

/** Returns the section of a document with some attributes written; the others stay. */
export function writeXattrs(
  section: Buffer | undefined,
  written: ObjectValue,
  { jsonText }: Engine,
): Buffer | undefined {
  const names = new Set(Object.keys(written).filter((name) => !name.startsWith(VIRTUAL)));
  const kept = (decodeXattrs(section) ?? []).filter(({ key }) => !names.has(key));
  const added = [...names].map((key) => ({ key, value: Buffer.from(jsonText(written[key] ?? null)) }));
  return encodeXattrs([...kept, ...added]);
}
