import type { RawBucket } from '@cb/raw';
import { eachOf, RowCollector } from '../rows/row-collector.js';
import type { RowSink } from '../rows/row-sink.js';
import { View, type ViewOptions } from './view.js';
import type { ViewRow } from './view-row.js';

/** All rows of a view, with what is known about them: what `queryAll` resolves to. */
export class BatchedView<Row = ViewRow> extends View<Row> implements Iterable<Row> {
  readonly #collector = new RowCollector<Row>();

  /** Sends the query, and resolves when everything is there: rows and metadata. */
  static async load<Row>(
    parent: RawBucket,
    design: string,
    view: string,
    options?: ViewOptions<Row>,
  ): Promise<BatchedView<Row>> {
    const batched = new BatchedView<Row>(parent, design, view, options);
    // Nothing is delivered before the end, so that whatever goes wrong before it can be tried again.
    batched.rowsPerCall = -1;
    batched.startWhenConnected();
    await batched.#collector.complete;
    return batched;
  }

  get rows(): readonly Row[] {
    return this.#collector.all;
  }

  get length(): number {
    return this.rows.length;
  }

  [Symbol.iterator](): IterableIterator<Row> {
    return this.rows[Symbol.iterator]();
  }

  override [Symbol.asyncIterator](): AsyncIterableIterator<Row> {
    return eachOf(this.rows);
  }

  /** Returns the rows. */
  override toJSON(): readonly Row[] {
    return this.rows;
  }

  protected override makeSink(): RowSink<Row> {
    return this.#collector;
  }
}
