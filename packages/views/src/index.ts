export {
  type DesignDocument,
  type DesignDocumentOptions,
  DesignDocuments,
  type IndexedOptions,
  type ListedDesignDocument,
  type NamedDesignDocumentOptions,
  type ViewDefinition,
} from './design/design-documents.js';
export { AsyncN1QLRequest, type N1QLArguments } from './n1ql/async-n1ql-request.js';
export { BatchedN1QLRequest } from './n1ql/batched-n1ql-request.js';
export { type N1QLHandlerClass, n1qlQuery, n1qlQueryAll, n1qlQueryEx } from './n1ql/n1ql-functions.js';
export { N1QLQuery, type N1QLQueryOptions, queryContext, type ScanConsistency } from './n1ql/n1ql-query.js';
export { N1QLRequest, type N1QLRequestOptions } from './n1ql/n1ql-request.js';
export type { QueryMetadata, QueryMetrics } from './n1ql/query-metadata.js';
export {
  ONERROR_CONTINUE,
  ONERROR_STOP,
  STALE_OK,
  STALE_UPDATE_AFTER,
  STALE_UPDATE_BEFORE,
} from './query/option-value.js';
export { type LongForm, QueryBase, type QueryFlags, UNSPEC } from './query/query-base.js';
export {
  type BooleanOption,
  type CommonQueryOptions,
  type NumberOption,
  optionsString,
  Query,
  queryFromAny,
  type Range,
  SpatialQuery,
  type SpatialQueryOptions,
  STRING_RANGE_END,
  ViewQuery,
  type ViewQueryOptions,
} from './query/view-query.js';
export type { HandlerClass, OptionsOf, RowHandlerObject } from './rows/handler-class.js';
export { MutationState, type WithToken } from './rows/mutation-state.js';
export type { RowCallbacks } from './rows/row-sink.js';
export type { RowsOptions } from './rows/rows-options.js';
export { type RawAnswer, RowsRequest } from './rows/rows-request.js';
export { AsyncSearchRequest, type SearchArguments } from './search/async-search-request.js';
export { BatchedSearchRequest } from './search/batched-search-request.js';
export { searchQueryAll, searchQueryEx } from './search/search-functions.js';
export { type SearchOptions, type SearchQuery, SearchRequest, type SearchRow } from './search/search-request.js';
export { AsyncViewBase, type ViewArguments } from './view/async-view-base.js';
export { BatchedView } from './view/batched-view.js';
export { query, queryAll, queryEx } from './view/query-all.js';
export { View, type ViewOptions, type ViewSettings, viewPath } from './view/view.js';
export {
  getRowDoc,
  type RawViewRow,
  type RowClass,
  type RowHandling,
  RowProcessor,
  SpatialRow,
  SpatialRowProcessor,
  ViewRow,
} from './view/view-row.js';
