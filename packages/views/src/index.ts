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
export { type RawAnswer, type RowsOptions, RowsRequest } from './rows/rows-request.js';
export { AsyncViewBase } from './view/async-view-base.js';
export { BatchedView } from './view/batched-view.js';
export { query, queryAll, queryEx, type ViewHandlerClass } from './view/query-all.js';
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
