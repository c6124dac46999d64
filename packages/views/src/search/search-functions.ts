import type { RawBucket } from '@cb/raw';
import { checkHandlerClass, type Startable } from '../rows/handler-class.js';
import { BatchedSearchRequest } from './batched-search-request.js';
import type { SearchOptions, SearchQuery, SearchRow } from './search-request.js';

/** A class of handlers for `searchQueryEx`: a subclass of `AsyncSearchRequest`. */
export type SearchHandlerClass<Handler, Options> = new (
  parent: RawBucket,
  index: string,
  query: SearchQuery,
  options: Options,
) => Handler;

/**
 * All hits of a search; the Promise settles when the metadata is there too. Rejects with `SearchError`, `TimeoutError`,
 * and with `FeatureNotAvailableError` where no node offers the search service (the embedded cluster, say).
 * @experimental It needs `enableExperimental()`.
 */
export function searchQueryAll<Row = SearchRow>(
  bucket: RawBucket,
  index: string,
  query: SearchQuery,
  options?: SearchOptions,
): Promise<BatchedSearchRequest<Row>> {
  return BatchedSearchRequest.load(bucket, index, query, options);
}

/**
 * Sends a search whose hits go to a handler, of which it takes the class and returns the started instance.
 * @experimental It needs `enableExperimental()`.
 */
export function searchQueryEx<Handler extends Startable, Options extends object = SearchOptions>(
  bucket: RawBucket,
  requestClass: SearchHandlerClass<Handler, Options>,
  index: string,
  query: SearchQuery,
  options: Options = {} as Options,
): Handler {
  checkHandlerClass(requestClass, 'searchQueryEx', 'AsyncSearchRequest');
  const handler = new requestClass(bucket, index, query, options);
  handler.startWhenConnected();
  return handler;
}
