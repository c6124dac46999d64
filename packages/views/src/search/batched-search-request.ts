import type { RawBucket } from '@cb/raw';
import { collectRows } from '../rows/rows-request.js';
import { type SearchOptions, type SearchQuery, SearchRequest, type SearchRow } from './search-request.js';

/**
 * All hits of a search, with its metadata. `searchQueryAll` resolves to it.
 * @experimental
 */
export class BatchedSearchRequest<Row = SearchRow> extends SearchRequest<Row> implements Iterable<Row> {
  readonly #collector = collectRows<Row>(this);

  /** Sends the search, and resolves when everything is there: hits and metadata. */
  static async load<Row>(
    parent: RawBucket,
    index: string,
    query: SearchQuery,
    options?: SearchOptions,
  ): Promise<BatchedSearchRequest<Row>> {
    const batched = new BatchedSearchRequest<Row>(parent, index, query, options);
    await batched.#collector.load();
    return batched;
  }

  /** The hits. */
  get rows(): readonly Row[] {
    return this.#collector.all;
  }

  /** The number of hits. */
  get length(): number {
    return this.rows.length;
  }

  /** Returns the hits, one after the other. */
  [Symbol.iterator](): IterableIterator<Row> {
    return this.rows[Symbol.iterator]();
  }

  /** Returns the rows. */
  override toJSON(): readonly Row[] {
    return this.rows;
  }
}
