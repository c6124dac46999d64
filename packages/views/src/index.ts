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
