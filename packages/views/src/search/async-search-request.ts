import type { CouchbaseError, RawBucket } from '@cb/raw';
import type { RowCallbacks } from '../rows/row-sink.js';
import { deliverToCallbacks } from '../rows/rows-request.js';
import { type SearchOptions, type SearchQuery, SearchRequest, type SearchRow } from './search-request.js';

/** The arguments of a handler's constructor; see `ViewArguments`. */
export type SearchArguments = [
  parent: RawBucket,
  index: string,
  query: SearchQuery,
  options?: SearchOptions | undefined,
];

/**
 * A search whose hits go to callbacks, as the rows of `AsyncViewBase` do. Extend it, and pass the class to
 * `searchQueryEx`.
 * @experimental
 */
export abstract class AsyncSearchRequest<Row = SearchRow> extends SearchRequest<Row> implements RowCallbacks<Row> {
  constructor(...args: SearchArguments) {
    super(...args);
    deliverToCallbacks<Row>(this);
  }

  /** Called with the next hits; any number of times. */
  abstract onRows(rows: Iterable<Row>): void;
  /** Called at most once, when the search fails. */
  abstract onError(error: CouchbaseError): void;
  /** Called exactly once, last. */
  abstract onDone(): void;
}
