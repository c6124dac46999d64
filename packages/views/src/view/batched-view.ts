import type { RawBucket } from '@cb/raw';
import { collectRows } from '../rows/rows-request.js';
import { View, type ViewOptions } from './view.js';
import type { ViewRow } from './view-row.js';

/** All rows of a view, with its metadata. `queryAll` resolves to it. */
export class BatchedView<Row = ViewRow> extends View<Row> implements Iterable<Row> {
  readonly #collector = collectRows<Row>(this);

  /** Sends the query, and resolves when everything is there: rows and metadata. */
  static async load<Row>(
    parent: RawBucket,
    design: string,
    view: string,
    options?: ViewOptions<Row>,
  ): Promise<BatchedView<Row>> {
    const batched = new BatchedView<Row>(parent, design, view, options);
    await batched.#collector.load();
    return batched;
  }

  /** The rows. */
  get rows(): readonly Row[] {
    return this.#collector.all;
  }

  /** The number of rows. */
  get length(): number {
    return this.rows.length;
  }

  /** Returns the rows, one after the other. */
  [Symbol.iterator](): IterableIterator<Row> {
    return this.rows[Symbol.iterator]();
  }

  /** Returns the rows. */
  override toJSON(): readonly Row[] {
    return this.rows;
  }
}
