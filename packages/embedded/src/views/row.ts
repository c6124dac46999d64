import { compareBytes, compareKeys, type Json } from './collation.js';

/** One row of an index: what one call of `emit` left. */
export interface Row {
  readonly key: Json;
  readonly keyText: string;
  /** The document's id, one UTF-16 unit for each byte, as the store has it. */
  readonly id: string;
  /** JSON, as it came out of the map function. */
  readonly valueText: string;
  /** The vbucket of the document. */
  readonly partition: number;
  /** Position among the rows of its document: no two rows are equal. */
  readonly ordinal: number;
}

/** Of ids: sorts after all others. Source: couchbase/couchdb, where the greatest docid is 0xffffffff. */
export const ID_MAX = '\xff\xff\xff\xff';

/** The order of an index: by key, then by id, then by value as text. Source: couchbase/couchdb, mapreduce_view.erl. */
export function compareRows(a: Row, b: Row): number {
  return (
    compareKeys(a.key, b.key) ||
    compareBytes(a.id, b.id) ||
    compareBytes(a.valueText, b.valueText) ||
    a.ordinal - b.ordinal
  );
}

/** Where a row is against a place between rows, which is a key with an id. */
export function compareToPlace(row: Row, key: Json, id: string): number {
  return compareKeys(row.key, key) || compareBytes(row.id, id);
}
