// The numbers that the rules of faults answer with.
export { Status } from '@cb/protocol';
export type { GroupOptions, Groups } from './auth/groups.js';
export type { Salts } from './auth/password.js';
export type { Privilege, PrivilegeName } from './auth/privilege.js';
export type { UserDomain, UserOptions, UserProfile } from './auth/user.js';
export type { Users } from './auth/users.js';
export { EmbeddedCluster } from './cluster/cluster.js';
export type { ClusterBucket, DocumentPlace } from './cluster/cluster-bucket.js';
export type { ClusterOptions } from './cluster/cluster-options.js';
export type { RestartOptions } from './cluster/startup.js';
export type { RebalanceOptions } from './cluster/topology.js';
export { Trace, type TraceEntry, type TraceOptions } from './cluster/trace.js';
export type {
  BucketOptions,
  BucketSettings,
  BucketType,
  EvictionPolicy,
  HistorySettings,
  StorageBackend,
} from './config/bucket-settings.js';
export type { AlternateAddress, NodeAddress, ServicePorts } from './config/cluster-config.js';
export { FEATURES, FEATURES_7_2 } from './config/features.js';
export type { Fault } from './faults/active-fault.js';
export type { Delay } from './faults/delay.js';
export type {
  ConfigFault,
  ConfigWay,
  FaultAnswer,
  FaultError,
  FaultRule,
  FaultyServiceName,
  OpcodeName,
  Split,
} from './faults/fault-rule.js';
export type { Faults } from './faults/faults.js';
export type { ConnectionEvents, ServerNetwork, ServerPort } from './net/server-network.js';
export type { Transport } from './net/transport.js';
export type { ClusterQuery, ClusterQueryResult } from './query/cluster-query.js';
export type { ClusterQueryOptions } from './query/cluster-query-options.js';
export type { QueryError } from './query/query-fault.js';
export type { QueryServiceOptions } from './query/query-settings.js';
export { StatementFailure } from './query/statement-failure.js';
export type { DiskOptions, DiskSettings } from './store/disk-options.js';
export type { Document, DocumentParts } from './store/document.js';
export type { CollectionEntry, Manifest, ScopeEntry } from './store/manifest.js';
export type { Clock } from './time/clock.js';
export { ManualClock } from './time/manual-clock.js';
export { SystemClock } from './time/system-clock.js';
export type { ViewDefinition } from './views/design-document.js';
export type { DesignDocument, DesignDocuments } from './views/design-documents.js';
export type { SandboxLimits } from './views/sandbox/sandbox.js';
