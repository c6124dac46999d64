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
  closest,
  DeltaBadvalError,
  DesignDocumentNotFoundError,
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
  InternalError,
  InvalidError,
  KeyExistsError,
  ManifestError,
  MetadataNotReadyError,
  MissingCallbackError,
  MutationToken,
  type MutationTokenFields,
  type MutationTokenLike,
  MutationTokenOutdatedError,
  N1QLError,
  NetworkError,
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
  ProtocolError,
  type QueryFailure,
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
export { AsyncResult, type Callback, type Errback, throwLater } from './async-result.js';
export type { BucketServices, ServiceSettings, ServiceWork } from './bucket-services.js';
export type { BucketState } from './bucket-state.js';
export type { ConnectOptions } from './connect-options.js';
export type { Address } from './connection-settings.js';
export type { Credentials } from './credentials.js';
export { stringifyJson } from './exact-json.js';
export { checkExperimental, enableExperimental } from './experimental.js';
export { INSPECT, inspected } from './inspect.js';
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
export { Item, ItemCollection, ItemOptionDict, type ItemOptions, ItemSequence } from './item.js';
export type { MultiOptions } from './multi/calls.js';
export type { Keys, Values } from './multi/keys.js';
export type { CasPerKey, DeltaPerKey, MutationPerKey, TtlPerKey } from './multi/per-key.js';
export { MultiOperations } from './multi-operations.js';
export { MultiResult } from './multi-result.js';
export type { CounterOptions } from './operations/counter.js';
export type { Durability, DurabilityOptions, PreserveExpiryOptions } from './operations/durability.js';
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
export {
  type Cas,
  checkOptions,
  checkRetry,
  checkSignal,
  checkTimeout,
  describe,
  type OperationOptions,
} from './operations/options.js';
export type { PingOptions } from './operations/ping.js';
export type { RandomOptions } from './operations/random.js';
export type { RemoveOptions } from './operations/remove.js';
export type { SetMember } from './operations/set.js';
export { type StatsOptions, StatsResult, type StatValue } from './operations/stats.js';
export type { AppendOptions, Fragment, InsertOptions, ReplaceOptions, UpsertOptions } from './operations/store.js';
export type { StructureAddOptions, StructureOptions, StructureReadOptions } from './operations/structure.js';
export type { TouchOptions } from './operations/touch.js';
export type { Ttl } from './operations/ttl.js';
export type { ReadyOptions } from './operations/until-ready.js';
export { RawBucket } from './raw-bucket.js';
export { type PipelineBuilder, type PipelineResults, RawCollection } from './raw-collection.js';
export { RawDefaults } from './raw-defaults.js';
export { RawNodes } from './raw-nodes.js';
export { RawQueries, type RowHandler, type RowHandlerClass } from './raw-queries.js';
export { RawReads } from './raw-reads.js';
export { RawScope } from './raw-scope.js';
export { DiagnosticsReport, type EndpointDiagnostics, type EndpointPing, PingReport } from './reports.js';
export { ExistsResult, OperationResult, ReplicaResult, Result, ValueResult } from './results.js';
export {
  askStrategy,
  bestEffort,
  failFast,
  type RetryReason,
  type RetryRequest,
  type RetryStrategy,
} from './retry-strategy.js';
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
export type { RawBucketOptions, TlsOptions } from './settings.js';
export { heed, unheed } from './signals.js';
export { asBroken, freeSocket, socketFailed } from './socket-troubles.js';
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
export type { TlsSettings } from './tls-settings.js';
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
} from './transcoder.js';
export { nextTick, soon } from './turns.js';
export type { Limit, Wait } from './waits.js';
