import type { RawBucket } from '@cb/raw';
import { type HandlerClass, type OptionsOf, startHandler } from '../rows/handler-class.js';
import { BatchedSearchRequest } from './batched-search-request.js';
import type { SearchOptions, SearchQuery, SearchRow } from './search-request.js';

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
export function searchQueryEx<Class extends HandlerClass<string, SearchQuery>>(
  bucket: RawBucket,
  requestClass: Class,
  index: string,
  query: SearchQuery,
  options?: OptionsOf<Class>,
): InstanceType<Class> {
  const make = (): InstanceType<Class> =>
    new requestClass(bucket, index, query, (options ?? {}) as never) as InstanceType<Class>;
  return startHandler<InstanceType<Class>>(requestClass as never, 'searchQueryEx', 'AsyncSearchRequest', make);
}
