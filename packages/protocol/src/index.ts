export { ClusterMap } from './cluster-map.js';
export {
  type ClusterNode,
  DEFAULT_NETWORK,
  type NodeAddress,
  type Service,
  type ServicePorts,
  serviceAddress,
} from './cluster-node.js';
export {
  CONNECTION_OPTIONS,
  type ConnectionOptionName,
  type ConnectionOptions,
  type ConnectionOptionValue,
} from './connection-options.js';
export {
  type ConnectionScheme,
  type ConnectionString,
  defaultPort,
  formatConnectionString,
  parseConnectionString,
  type SeedHost,
} from './connection-string.js';
export { Datatype } from './datatype.js';
export { ErrorMap, type ErrorMapEntry } from './error-map.js';
export {
  AnswerTooBigError,
  ArgumentError,
  BucketNotFoundError,
  CancelledError,
  ClientTemporaryFailError,
  ConnectError,
  FeatureNotAvailableError,
  MissingCallbackError,
  NetworkError,
  ObjectDestroyedError,
  OrderLostError,
  PipelineError,
  ProtocolError,
  QueueEmptyError,
  QueueFullError,
  type SeedFailure,
  SubdocEmptyPathError,
  TimeoutError,
  UnknownHostError,
  ValueFormatError,
} from './errors/client-errors.js';
export {
  CouchbaseDataError,
  CouchbaseError,
  CouchbaseFatalError,
  CouchbaseInputError,
  CouchbaseInternalError,
  CouchbaseNetworkError,
  CouchbaseTransientError,
  type ErrorClass,
  type ErrorDetails,
} from './errors/couchbase-error.js';
export {
  AccessError,
  AuthError,
  AuthStaleError,
  BucketPausedError,
  BusyError,
  CasInvalidError,
  CasMismatchError,
  ChecksumError,
  CollectionNotFoundError,
  ConfigOnlyError,
  DeltaBadvalError,
  DocumentExistsError,
  DocumentLockedError,
  DocumentNotJsonError,
  DocumentTooDeepError,
  DurabilityImpossibleError,
  DurabilityInvalidLevelError,
  EncryptionKeyError,
  ExpiryOverflowError,
  InternalError,
  InvalidError,
  KeyExistsError,
  ManifestError,
  MutationTokenOutdatedError,
  NoMemoryError,
  NotFoundError,
  NotInitializedError,
  NotLockedError,
  NotMyVbucketError,
  NotStoredError,
  NotSupportedError,
  NumberRangeError,
  QuotaLimitedError,
  RateLimitedError,
  RollbackError,
  ScopeNotFoundError,
  ServerCancelledError,
  SubdocBadDeltaError,
  SubdocCantInsertValueError,
  SubdocDeletedDocumentError,
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
  TooBigError,
  UnknownCommandError,
  UnknownFrameInfoError,
  XattrInvalidError,
} from './errors/kv-errors.js';
export {
  DmlError,
  IndexExistsError,
  IndexNotFoundError,
  KeyspaceNotFoundError,
  N1QLError,
  PreparedStatementError,
  type QueryErrorDetails,
  type QueryFailure,
  QueryIndexError,
  QueryParameterError,
  QueryParsingError,
  QueryPlanningError,
  QueryQuotaLimitedError,
  QueryRateLimitedError,
} from './errors/query-errors.js';
export {
  AlreadyQueriedError,
  DesignDocumentNotFoundError,
  HttpError,
  MetadataNotReadyError,
  SearchError,
  ViewEngineError,
  type ViewFailure,
  ViewNotFoundError,
} from './errors/service-errors.js';
export { type StatusErrorClass, statusError } from './errors/status-errors.js';
export { UnknownStatusError } from './errors/unknown-status-error.js';
export { type ExtendedError, parseExtendedError } from './extended-error.js';
export { Feature, featureName } from './feature.js';
export { Frame, HEADER_BYTES } from './frame.js';
export { BODY_BYTES_MAX, type FrameHandler, FrameParser, type FrameParserOptions } from './frame-parser.js';
export { FrameWriter } from './frame-writer.js';
export {
  DurabilityLevel,
  type DurabilityLevelValue,
  decodeDurationUs,
  encodeDurationUs,
  type FramingObject,
  RequestFraming,
  ResponseFraming,
  type ResponseFramingInfo,
  readFraming,
  responseFraming,
  serverDurationUs,
  writeBarrier,
  writeDurability,
  writeFraming,
  writeImpersonatedUser,
  writePreserveTtl,
  writeServerDuration,
} from './framing-extras.js';
export { type CollectionKey, readLeb128, splitCollectionKey, writeLeb128 } from './leb128.js';
export { Magic } from './magic.js';
export { MutationToken, type MutationTokenFields, type MutationTokenLike } from './mutation-token.js';
export { chooseNetwork, type ReachedAddress } from './network-choice.js';
export { Opcode, opcodeName, ServerOpcode } from './opcode.js';
export {
  chooseMechanism,
  type PlainCredentials,
  parsePlainMessage,
  plainMessage,
  SASL_MECHANISMS,
  type SaslMechanism,
} from './sasl.js';
export {
  SCRAM_ITERATIONS_MAX,
  SCRAM_ITERATIONS_MIN,
  type ScramCredential,
  type ScramCrypto,
  type ScramMechanism,
  scramCredential,
} from './scram.js';
export { type ScramChallenge, ScramClient, type ScramClientOptions } from './scram-client.js';
export { ScramServer, type ScramServerOptions } from './scram-server.js';
export { Status, statusName } from './status.js';
export { crc32, vbucketOf } from './vbucket-hash.js';
