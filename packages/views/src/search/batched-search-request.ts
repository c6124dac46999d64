import type { RawBucket } from '@cb/raw';
import { eachOf, RowCollector } from '../rows/row-collector.js';
import type { RowSink } from '../rows/row-sink.js';
import { type SearchOptions, type SearchQuery, SearchRequest, type SearchRow } from './search-request.js';

/**
 * All hits of a search, with what is known about them: what `searchQueryAll` resolves to.
 * @experimental
 */
export class BatchedSearchRequest<Row = SearchRow> extends SearchRequest<Row> implements Iterable<Row> {
  readonly #collector = new RowCollector<Row>();

  /** Sends the search, and resolves when everything is there: hits and metadata. */
  static async load<Row>(
    parent: RawBucket,
    index: string,
    query: SearchQuery,
    options?: SearchOptions,
  ): Promise<BatchedSearchRequest<Row>> {
    const batched = new BatchedSearchRequest<Row>(parent, index, query, options);
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
