export {
  AccessError,
  AlreadyQueriedError,
  AnswerTooBigError,
  ArgumentError,
  AuthError,
  AuthStaleError,
  BucketNotFoundError,
  BucketPausedError,
  BusyError,
  CancelledError,
  CasInvalidError,
  CasMismatchError,
  ChecksumError,
  ClientTemporaryFailError,
  ClusterMap,
  type ClusterNode,
  CollectionNotFoundError,
  ConfigOnlyError,
  ConnectError,
  CouchbaseDataError,
  CouchbaseError,
  CouchbaseFatalError,
  CouchbaseInputError,
  CouchbaseInternalError,
  CouchbaseNetworkError,
  CouchbaseTransientError,
  DeltaBadvalError,
  DesignDocumentNotFoundError,
  DmlError,
  DocumentExistsError,
  DocumentLockedError,
  DocumentNotJsonError,
  DocumentTooDeepError,
  DurabilityImpossibleError,
  DurabilityInvalidLevelError,
  EncryptionKeyError,
  type ErrorClass,
  type ErrorDetails,
  ExpiryOverflowError,
  FeatureNotAvailableError,
  HttpError,
  IndexExistsError,
  IndexNotFoundError,
  InternalError,
  InvalidError,
  KeyExistsError,
  KeyspaceNotFoundError,
  ManifestError,
  MetadataNotReadyError,
  MissingCallbackError,
  MutationToken,
  type MutationTokenFields,
  type MutationTokenLike,
  MutationTokenOutdatedError,
  N1QLError,
  NetworkError,
  type NodeAddress,
  NoMemoryError,
  NotFoundError,
  NotInitializedError,
  NotLockedError,
  NotMyVbucketError,
  NotStoredError,
  NotSupportedError,
  NumberRangeError,
  ObjectDestroyedError,
  OrderLostError,
  PipelineError,
  PreparedStatementError,
  ProtocolError,
  type QueryErrorDetails,
  type QueryFailure,
  QueryIndexError,
  QueryParameterError,
  QueryParsingError,
  QueryPlanningError,
  QueryQuotaLimitedError,
  QueryRateLimitedError,
  QueueEmptyError,
  QueueFullError,
  QuotaLimitedError,
  RateLimitedError,
  RollbackError,
  ScopeNotFoundError,
  SearchError,
  type SeedFailure,
  ServerCancelledError,
  type Service,
  type ServicePorts,
  SubdocBadDeltaError,
  SubdocCantInsertValueError,
  SubdocDeletedDocumentError,
  SubdocEmptyPathError,
  SubdocInvalidComboError,
  SubdocMultipleErrors,
  SubdocNotBinaryValueError,
  SubdocNumberTooBigError,
  SubdocPathExistsError,
  SubdocPathInvalidError,
  SubdocPathMismatchError,
  SubdocPathNotFoundError,
  SubdocPathTooBigError,
  SubdocValueTooDeepError,
  SubdocXattrError,
  SyncWriteAmbiguousError,
  SyncWriteInProgressError,
  SyncWriteRecommitInProgressError,
  TemporaryFailError,
  ThrottledError,
  TimeoutError,
  TooBigError,
  UnknownCommandError,
  UnknownFrameInfoError,
  UnknownHostError,
  UnknownStatusError,
  ValueFormatError,
  ViewEngineError,
  type ViewFailure,
  ViewNotFoundError,
  XattrInvalidError,
} from '@cb/protocol';
export type { BucketState } from './bucket/bucket-state.js';
export type { PipelineBuilder, PipelineResults } from './bucket/collection-host.js';
export type { ConnectOptions } from './bucket/connect-options.js';
export { enableExperimental } from './bucket/experimental.js';
export { RawBucket } from './bucket/raw-bucket.js';
export { RawCollection } from './bucket/raw-collection.js';
export { RawScope } from './bucket/raw-scope.js';
export type { RowHandler, RowHandlerClass } from './bucket/row-handler.js';
export type { RawBucketOptions, TlsOptions } from './bucket/settings.js';
export type { ReadyOptions } from './bucket/until-ready.js';
export type { Address } from './connection/connection-settings.js';
export {
  EventAction,
  IOFlag,
  LCB_READ_EVENT,
  LCB_RW_EVENT,
  LCB_WRITE_EVENT,
  PYCBC_EVACTION_CLEANUP,
  PYCBC_EVACTION_UNWATCH,
  PYCBC_EVACTION_WATCH,
} from './iops/constants.js';
export { Event, type EventHandler, type EventState, IOEvent, TimerEvent } from './iops/event.js';
export type { IOPS, IOSocket, KeyDerivation, SocketOptions, SocketTarget, SrvTarget, TlsTarget } from './iops/iops.js';
export { NodeIOPS } from './iops/node-iops.js';
export type { MultiOptions } from './multi/calls.js';
export { Item, ItemCollection, ItemOptionDict, type ItemOptions, ItemSequence } from './multi/item.js';
export type { Keys, Values } from './multi/keys.js';
export { MultiResult } from './multi/multi-result.js';
export type { CasPerKey, DeltaPerKey, MutationPerKey, TtlPerKey } from './multi/per-key.js';
export type { Durability, DurabilityOptions, PreserveExpiryOptions } from './operation/durability.js';
export type { Cas, CasOptions, FormatOptions, OperationOptions, QuietOptions } from './operation/options.js';
export {
  bestEffort,
  failFast,
  type RetryReason,
  type RetryRequest,
  type RetryStrategy,
} from './operation/retry-strategy.js';
export type { Ttl, TtlOptions } from './operation/ttl.js';
export type { CounterOptions } from './operations/counter.js';
export type { EndureOptions, ObserveOptions } from './operations/endure.js';
export type { ExistsOptions } from './operations/exists.js';
export type { GetOptions } from './operations/get.js';
export type { AllReplicasOptions, ReplicaOptions } from './operations/get-replica.js';
export type { LockOptions, UnlockOptions } from './operations/lock.js';
export type { LookupInOptions } from './operations/lookup-in.js';
export type { LookupInReplicaOptions } from './operations/lookup-in-replicas.js';
export type { MutateInOptions } from './operations/mutate-in.js';
export type { NoopOptions } from './operations/noop.js';
export {
  OBS_FOUND,
  OBS_LOGICALLY_DELETED,
  OBS_NOTFOUND,
  OBS_PERSISTED,
  type ObserveInfo,
} from './operations/observe.js';
export { type ObserveSeqnoOptions, ObserveSeqnoResult } from './operations/observe-seqno.js';
export type { PingOptions } from './operations/ping.js';
export type { RandomOptions } from './operations/random.js';
export type { RemoveOptions } from './operations/remove.js';
export { type StatsOptions, StatsResult, type StatValue } from './operations/stats.js';
export type { AppendOptions, Fragment, InsertOptions, ReplaceOptions, UpsertOptions } from './operations/store.js';
export type { SetMember } from './operations/structures/set.js';
export type { StructureAddOptions, StructureOptions, StructureReadOptions } from './operations/structures/structure.js';
export type { TouchOptions } from './operations/touch.js';
export { AsyncResult, type Callback, type Errback } from './results/async-result.js';
export {
  type ConnectionReport,
  DiagnosticsReport,
  type EndpointDiagnostics,
  type EndpointPing,
  PingReport,
} from './results/reports.js';
export { ExistsResult, OperationResult, ReplicaResult, Result, ValueResult } from './results/results.js';
export type { CircuitBreakerOptions } from './routing/circuit-breaker.js';
export type { ScanHandler, ScanOptions } from './scan/scan.js';
export { ScanItem } from './scan/scan-item.js';
export {
  type PrefixScan,
  prefixScan,
  type RangeScan,
  rangeScan,
  type SamplingScan,
  type ScanTerm,
  type ScanType,
  samplingScan,
} from './scan/scan-type.js';
export { LookupInSpec } from './subdoc/lookup-in-spec.js';
export { MutateInMacro } from './subdoc/mutate-in-macro.js';
export {
  type ArrayOptions,
  type MacroOptions,
  MutateInSpec,
  type ParentsOptions,
  type ReplaceInOptions,
  type UpsertInOptions,
} from './subdoc/mutate-in-spec.js';
export { subdocPath } from './subdoc/path.js';
export { type Contents, SubdocEntry, SubdocResult } from './subdoc/result.js';
export type { BinaryOptions, SubdocSpec, XattrOptions } from './subdoc/spec.js';
export {
  bigIntegerTranscoder,
  defaultTranscoder,
  type Encoded,
  FMT_AUTO,
  FMT_BYTES,
  FMT_JSON,
  FMT_UTF8,
  type Format,
  formatOf,
  type Transcoder,
} from './values/transcoder.js';
