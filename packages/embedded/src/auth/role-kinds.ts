import { ALL_PRIVILEGES, Privilege as P, QUERY_PRIVILEGES } from './privilege.js';

/** The parameters of a role, in the order in which they are written: `role[bucket:scope:collection]`. */
export const ROLE_PARAMETERS = ['bucket_name', 'scope_name', 'collection_name'] as const;

/** A kind of role. */
export interface RoleKind {
  /** Privileges in the bucket (or the scope, or the collection) that the role names, or in every bucket. */
  readonly bucket: number;
  /** Privileges on the node. */
  readonly cluster: number;
  /**
   * The number of `ROLE_PARAMETERS` it takes: 0 for the whole cluster, 1 for a bucket, 2 down to a scope, 3 down to a
   * collection.
   */
  readonly parameters: 0 | 1 | 2 | 3;
}

const DATA_READ = P.Read | P.MetaRead | P.XattrRead;
const DATA_WRITE = P.Insert | P.Upsert | P.Delete | P.XattrWrite;
const DATA_META = P.MetaWrite | P.SystemXattrRead | P.SystemXattrWrite | P.DcpProducer | P.DcpConsumer;
const STATS = P.SimpleStats | P.Stats | P.SettingsRead;
const VIEWS = P.ViewRead | P.ViewWrite;
const ALL_DATA = DATA_READ | P.RangeScan | DATA_WRITE | DATA_META | STATS;
const MANAGEMENT = P.BucketManagement | P.CollectionManagement | P.SettingsRead;
const REPLICATED = DATA_READ | P.SystemXattrRead | P.DcpProducer | STATS;

function inCluster(bucket: number, cluster = 0): RoleKind {
  return { bucket, cluster, parameters: 0 };
}

function inBucket(bucket: number): RoleKind {
  return { bucket, cluster: 0, parameters: 1 };
}

function inScope(bucket: number): RoleKind {
  return { bucket, cluster: 0, parameters: 2 };
}

function inCollection(bucket: number): RoleKind {
  return { bucket, cluster: 0, parameters: 3 };
}

/**
 * The roles of a server of 7.6, and the security roles of later ones, with what they allow here. A role for a service
 * that is not there allows nothing, but can be given and is listed.
 * Source: the server's own list of roles, `GET /settings/rbac/roles`, and ns_server's menelaus_roles.
 */
export const ROLE_KINDS: Readonly<Record<string, RoleKind>> = {
  admin: inCluster(ALL_PRIVILEGES, ALL_PRIVILEGES),
  ro_admin: inCluster(STATS | P.ViewRead, P.Stats),
  security_admin: inCluster(P.SettingsRead, P.SecurityManagement),
  security_admin_local: inCluster(P.SettingsRead, P.SecurityManagement),
  security_admin_external: inCluster(P.SettingsRead, P.SecurityManagement),
  ro_security_admin: inCluster(P.SettingsRead),
  user_admin_local: inCluster(P.SettingsRead, P.SecurityManagement),
  user_admin_external: inCluster(P.SettingsRead, P.SecurityManagement),
  cluster_admin: inCluster(STATS | VIEWS | MANAGEMENT, MANAGEMENT | P.NodeSupervisor | P.Stats),
  eventing_admin: inCluster(ALL_DATA | VIEWS | MANAGEMENT, MANAGEMENT),
  backup_admin: inCluster(ALL_DATA | VIEWS | MANAGEMENT, MANAGEMENT),
  external_stats_reader: inCluster(0),
  application_telemetry_writer: inCluster(0),
  bucket_admin: inBucket(STATS | VIEWS | MANAGEMENT),
  scope_admin: inScope(P.CollectionManagement | P.SettingsRead),
  bucket_full_access: inBucket(ALL_DATA | VIEWS | QUERY_PRIVILEGES),
  views_admin: inBucket(STATS | VIEWS | P.Read),
  views_reader: inBucket(P.Read | P.ViewRead),
  data_reader: inCollection(DATA_READ | P.RangeScan | P.SimpleStats | P.SettingsRead),
  data_writer: inCollection(DATA_WRITE | P.SettingsRead),
  data_monitoring: inCollection(STATS),
  data_backup: inBucket(ALL_DATA | VIEWS | P.CollectionManagement),
  data_dcp_reader: inCollection(DATA_READ | P.RangeScan | P.DcpProducer | P.SystemXattrRead | STATS),
  replication_admin: inCluster(REPLICATED),
  replication_target: inBucket(DATA_READ | P.Upsert | P.MetaWrite | P.SystemXattrRead | P.SystemXattrWrite | STATS),
  mobile_sync_gateway: inBucket(ALL_DATA | VIEWS),
  sync_gateway_configurator: inCollection(0),
  sync_gateway_app: inCollection(0),
  sync_gateway_app_ro: inCollection(0),
  sync_gateway_replicator: inCollection(0),
  sync_gateway_dev_ops: inCluster(0),
  query_select: inCollection(DATA_READ | P.SettingsRead | P.QuerySelect),
  query_insert: inCollection(P.Insert | P.SettingsRead | P.QueryInsert),
  query_update: inCollection(P.Upsert | P.RangeScan | P.SettingsRead | P.QueryUpdate),
  query_delete: inCollection(P.Delete | P.RangeScan | P.SettingsRead | P.QueryDelete),
  query_manage_index: inCollection(STATS),
  query_list_index: inCollection(STATS),
  query_use_sequential_scans: inCollection(P.RangeScan),
  query_system_catalog: inCluster(P.SettingsRead),
  query_manage_system_catalog: inCluster(0),
  query_external_access: inCluster(P.SettingsRead),
  query_manage_global_functions: inCluster(0),
  query_execute_global_functions: inCluster(0),
  query_manage_functions: inScope(0),
  query_execute_functions: inScope(0),
  query_manage_global_external_functions: inCluster(0),
  query_execute_global_external_functions: inCluster(0),
  query_manage_external_functions: inScope(0),
  query_execute_external_functions: inScope(0),
  query_manage_sequences: inScope(0),
  query_use_sequences: inScope(0),
  fts_admin: inBucket(DATA_READ | P.SettingsRead),
  fts_searcher: inCollection(P.SettingsRead),
  analytics_admin: inCluster(0),
  analytics_manager: inBucket(0),
  analytics_reader: inCluster(0),
  analytics_select: inCollection(0),
  eventing_manage_functions: inScope(P.SimpleStats),
};
