export { FunctionStore } from './definitions/function-store.js';
export { type PreparedEntry, PreparedStore, type PreparedTimes } from './definitions/prepared-store.js';
export type { SequenceSettings, SequenceState } from './definitions/sequence.js';
export { type SequenceEntry, SequenceStore } from './definitions/sequence-store.js';
export { durationText, readDuration } from './functions/dates/duration.js';
export type { ServiceIdentity } from './functions/function-spec.js';
export { DocumentIndex } from './indexes/document-index.js';
export type { Catalog, KeyspaceName } from './keyspaces/catalog.js';
export type {
  FunctionBody,
  FunctionCatalog,
  FunctionDefinition,
  FunctionName,
  FunctionOutcome,
  FunctionUse,
} from './keyspaces/function-catalog.js';
export type { IndexCatalog } from './keyspaces/index-catalog.js';
export type { IndexCondition, IndexDefinition, IndexKeyDefinition } from './keyspaces/index-definition.js';
export type {
  IndexBound,
  IndexEntry,
  IndexRange,
  IndexScanOptions,
  IndexSpan,
  IndexState,
  KeyspaceIndex,
} from './keyspaces/index-scan.js';
export type { Item, ItemMeta, Keyspace, MutationFault, MutationOptions } from './keyspaces/keyspace.js';
export type { Prepared, PreparedCatalog, PreparedContext } from './keyspaces/prepared-catalog.js';
export type { CollectionName, CollectionOptions, ScopeCatalog, ScopeName } from './keyspaces/scope-catalog.js';
export type { SequenceCatalog, SequenceName } from './keyspaces/sequence-catalog.js';
export type { ArrayKeyspaces } from './statement/array-keyspaces.js';
export type { AnswerError, ExecutionOptions } from './statement/execution.js';
export { PREPARED_FACTS } from './statement/prepared-planner.js';
export { type PreparedName, Query, type QueryStatus, query, queryPrepared } from './statement/query.js';
export type { QueryOptions } from './statement/query-options.js';
export type { ErrorReason } from './text/error-reason.js';
export { StatementError } from './text/syntax-error.js';
export type { Position } from './text/token.js';
export { parseJson } from './values/json-parse.js';
export { jsonText } from './values/json-text.js';
export { fromInteger } from './values/numbers.js';
export { BinaryValue, isObject, type ObjectValue, type TypeName, typeName, type Value } from './values/value.js';
