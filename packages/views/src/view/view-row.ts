import type { RawBucket, ValueResult } from '@cb/raw';
import { DOCUMENT } from '../rows/document.js';

/** A row as the view service sends it. */
export interface RawViewRow {
  /** The key of the document; absent from reduced rows. */
  readonly id?: string;
  readonly key: unknown;
  readonly value: unknown;
  /** Only in rows of spatial views. */
  readonly geometry?: unknown;
}

/** The result of reading the document of a row, with `includeDocs`; a failed one has `success` false. */
export function getRowDoc(row: RawViewRow): ValueResult | undefined {
  return (row as { readonly [DOCUMENT]?: ValueResult })[DOCUMENT];
}

/** A row of a view. */
export class ViewRow<Value = unknown, Key = unknown> {
  /** What the map function emitted first; of a reduced row, what its rows have in common. */
  readonly key: Key;
  /** What the map function emitted second, or what it was reduced to. */
  readonly value: Value;
  /** The key of the document that the row is of; undefined for a reduced row. */
  readonly docid: string | undefined;
  /** The document, with `includeDocs`. Where it could not be read, a result with `success` false. */
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
  readonly key: unknown;
  readonly value: Value;
  /** GeoJSON, when the map function emitted one. */
  readonly geometry: unknown;
  readonly docid: string | undefined;
  readonly doc: ValueResult | undefined;

  constructor(key: unknown, value: Value, geometry: unknown, docid: string | undefined, doc: ValueResult | undefined) {
    this.key = key;
    this.value = value;
    this.geometry = geometry;
    this.docid = docid;
    this.doc = doc;
  }
}

/** Makes rows for the application of those of the service. Any object with this method will do. */
export interface RowHandling<Row> {
  /**
   * @param rows some of the rows, in their order; documents are read from them by `getRowDoc`.
   * @returns what is delivered: any number of anything. What it throws ends the query.
   */
  handleRows(rows: readonly RawViewRow[], connection: RawBucket, includeDocs: boolean): Iterable<Row>;
}

/** A class of rows: what `RowProcessor` makes one of for each row. */
export type RowClass<Row> = new (
  key: never,
  value: never,
  docid: string | undefined,
  doc: ValueResult | undefined,
) => Row;

/** Makes one object of a class for each row. */
export class RowProcessor<Row = ViewRow> implements RowHandling<Row> {
  readonly rowClass: RowClass<Row>;

  constructor(rowClass: RowClass<Row> = ViewRow as unknown as RowClass<Row>) {
    this.rowClass = rowClass;
  }

  handleRows(rows: readonly RawViewRow[]): Row[] {
    const { rowClass: Row } = this;
    const made: Row[] = [];
    for (const row of rows) made.push(new Row(row.key as never, row.value as never, row.id, getRowDoc(row)));
    return made;
  }
}

/** Makes a `SpatialRow` for each row. */
export class SpatialRowProcessor implements RowHandling<SpatialRow> {
  handleRows(rows: readonly RawViewRow[]): SpatialRow[] {
    return rows.map((row) => new SpatialRow(row.key, row.value, row.geometry, row.id, getRowDoc(row)));
  }
}
