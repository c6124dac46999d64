import type { RawBucket } from '@cb/raw';
import { eachOf, RowCollector } from '../rows/row-collector.js';
import type { RowSink } from '../rows/row-sink.js';
import type { N1QLQuery } from './n1ql-query.js';
import { N1QLRequest, type N1QLRequestOptions } from './n1ql-request.js';

/** All rows of a statement, with what is known about them: what `n1qlQueryAll` resolves to. */
export class BatchedN1QLRequest<Row = unknown> extends N1QLRequest<Row> implements Iterable<Row> {
  readonly #collector = new RowCollector<Row>();

  /** Sends the statement, and resolves when everything is there: rows and metadata. */
  static async load<Row>(
    parent: RawBucket,
    query: N1QLQuery | string,
    options?: N1QLRequestOptions<Row>,
  ): Promise<BatchedN1QLRequest<Row>> {
    const batched = new BatchedN1QLRequest<Row>(parent, query, options);
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

  /** The first row; undefined when there is none. */
  get singleResult(): Row | undefined {
    return this.rows[0];
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
