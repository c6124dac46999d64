import type { RawBucket, ValueResult } from '@cb/raw';
import { DOCUMENT } from '../rows/document.js';

/** A row as the view service sends it. */
export interface RawViewRow {
  /** The key of the document; absent from reduced rows. */
  readonly id?: string;
  /** The key of the row. */
  readonly key: unknown;
  /** The value of the row. */
  readonly value: unknown;
  /** Only in rows of spatial views. */
  readonly geometry?: unknown;
}

/**
 * Returns the result of reading the document of a row, with `includeDocs`. It has `success` false when reading failed.
 */
export function getRowDoc(row: RawViewRow): ValueResult | undefined {
  return (row as { readonly [DOCUMENT]?: ValueResult })[DOCUMENT];
}

/** A row of a view. */
export class ViewRow<Value = unknown, Key = unknown> {
  /** The key that the map function emitted; of a reduced row, the key of its group. */
  readonly key: Key;
  /** The value that the map function emitted; of a reduced row, the reduction. */
  readonly value: Value;
  /** The key of the row's document; undefined for a reduced row. */
  readonly docid: string | undefined;
  /** The document, with `includeDocs`. When it could not be read, a result with `success` false. */
  readonly doc: ValueResult | undefined;

  constructor(key: Key, value: Value, docid: string | undefined, doc: ValueResult | undefined) {
    this.key = key;
    this.value = value;
    this.docid = docid;
    this.doc = doc;
  }
}

/** A row of a spatial view. */
export class SpatialRow<Value = unknown> {
  /** The key of the row. */
  readonly key: unknown;
  /** The value of the row. */
  readonly value: Value;
  /** GeoJSON, when the map function emitted one. */
  readonly geometry: unknown;
  /** The key of the document. */
  readonly docid: string | undefined;
  /** The document; undefined when it was not asked for. */
  readonly doc: ValueResult | undefined;

  constructor(key: unknown, value: Value, geometry: unknown, docid: string | undefined, doc: ValueResult | undefined) {
    this.key = key;
    this.value = value;
    this.geometry = geometry;
    this.docid = docid;
    this.doc = doc;
  }
}

/** Converts the rows of the service. Any object with this method will do. */
export interface RowHandling<Row> {
  /**
   * Converts some rows.
   * @param rows some of the rows, in their order; documents are read from them by `getRowDoc`.
   * @returns the rows to deliver: any number, of any type. An error that it throws ends the query.
   */
  handleRows(rows: readonly RawViewRow[], connection: RawBucket, includeDocs: boolean): Iterable<Row>;
}

/** A class of rows, of which `RowProcessor` creates an instance for each row. */
export type RowClass<Row> = new (
  key: never,
  value: never,
  docid: string | undefined,
  doc: ValueResult | undefined,
) => Row;

/** Creates one object of a class for each row. */
export class RowProcessor<Row = ViewRow> implements RowHandling<Row> {
  /** The class of the rows. */
  readonly rowClass: RowClass<Row>;

  constructor(rowClass: RowClass<Row> = ViewRow as unknown as RowClass<Row>) {
    this.rowClass = rowClass;
  }

  /** Returns an object of the class for each row. */
  handleRows(rows: readonly RawViewRow[]): Row[] {
    const { rowClass: Row } = this;
    const made: Row[] = [];
    for (const row of rows) made.push(new Row(row.key as never, row.value as never, row.id, getRowDoc(row)));
    return made;
  }
}

/** Creates a `SpatialRow` for each row. */
export class SpatialRowProcessor implements RowHandling<SpatialRow> {
  /** Returns a `SpatialRow` for each row. */
  handleRows(rows: readonly RawViewRow[]): SpatialRow[] {
    return rows.map((row) => new SpatialRow(row.key, row.value, row.geometry, row.id, getRowDoc(row)));
  }
}
