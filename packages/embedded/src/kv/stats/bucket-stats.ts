import type { Bucket } from '../../store/bucket.js';
import type { Stat, StatGroup } from './stat-group.js';

/** What the node itself takes before the first document, in bytes: so that a use of nothing is not told. */
const BASE_BYTES = 20 * 1024 * 1024;
/** The share of the quota above which the engine looks closer. */
const MERGE_THRESHOLD = 0.01;

/** The bucket's own group, asked for without a name. Names and order as ep-engine has them. */
export const bucketStats: StatGroup = ({ bucket, session }) => {
  const sums = sum(bucket);
  return [
    ['ep_total_enqueued', sums.mutations],
    ['ep_total_deduplicated', 0],
    ['ep_total_deduplicated_flusher', 0],
    ['ep_expired_access', sums.expired],
    ['ep_expired_compactor', 0],
    ['ep_expired_pager', 0],
    ['ep_version', session.node.version],
    ['ep_bucket_type', bucket.type === 'ephemeral' ? 'ephemeral' : 'persistent'],
    ['ep_total_persisted', sums.persisted],
    ['ep_queue_size', sums.mutations - sums.persisted],
    ['ep_flusher_todo', 0],
    ['ep_uncommitted_items', 0],
    ['ep_num_value_ejects', 0],
    ['ep_oom_errors', 0],
    ['ep_tmp_oom_errors', 0],
    ['ep_degraded_mode', false],
    ['ep_max_size', bucket.ramQuotaBytes],
    ['ep_item_commit_failed', 0],
    ['ep_collections_manifest_uid', bucket.manifestUid],
    ['curr_items', sums.active],
    ['curr_temp_items', 0],
    ['curr_items_tot', sums.active + sums.replica],
    ['vb_active_num', count(bucket, 'active')],
    ['vb_active_curr_items', sums.active],
    ['vb_active_sync_write_accepted_count', sums.accepted],
    ['vb_active_sync_write_committed_count', sums.committed],
    ['vb_replica_num', count(bucket, 'replica')],
    ['vb_replica_curr_items', sums.replica],
    ['vb_pending_num', count(bucket, 'pending')],
    ['vb_dead_num', count(bucket, 'dead')],
    ['mem_used', BASE_BYTES + sums.bytes],
  ];
};

/** `memory`. */
export const memory: StatGroup = ({ bucket }) => {
  const used = BASE_BYTES + sum(bucket).bytes;
  return [
    ['mem_used_estimate', used],
    ['bytes', used],
    ['mem_used', used],
    ['mem_used_merge_threshold', Math.floor(bucket.ramQuotaBytes * MERGE_THRESHOLD)],
    ['ep_kv_size', sum(bucket).bytes],
    ['ep_max_size', bucket.ramQuotaBytes],
  ];
};

/** `config`: the settings that have a meaning here, and those that clients are known to look for. */
export const config: StatGroup = ({ bucket }) => [
  ['ep_access_scanner_enabled', true],
  ['ep_allow_sanitize_value_in_deletion', true],
  ['ep_alog_block_size', 4096],
  ['ep_alog_max_stored_items', 1024],
  ['ep_backend', 'couchdb'],
  ['ep_bucket_type', bucket.type === 'ephemeral' ? 'ephemeral' : 'persistent'],
  ['ep_compression_mode', bucket.compressionMode],
  ['ep_conflict_resolution_type', 'seqno'],
  ['ep_couch_bucket', bucket.name],
  ['ep_getl_default_timeout', 15],
  ['ep_getl_max_timeout', 30],
  ['ep_item_eviction_policy', 'value_only'],
  ['ep_max_item_size', bucket.valueBytesMax],
  ['ep_max_size', bucket.ramQuotaBytes],
  ['ep_max_ttl', bucket.maxTtl],
  ['ep_max_vbuckets', bucket.vbucketCount],
  ['ep_min_compression_ratio', 1.2],
];

/** `uuid`. */
export const uuid: StatGroup = ({ bucket }) => [['uuid', bucket.uuid]];

/** `connections`: one object of JSON for each, under an empty name. */
export const connections: StatGroup = ({ session }) =>
  [...session.node.sessions].map((one): Stat => {
    const { features } = one;
    const enabled = Object.entries(features).flatMap(([name, on]) => (on === true ? [name] : []));
    const described = { agent_name: one.agent, features: enabled, user: { name: one.user?.name ?? '' } };
    return ['', JSON.stringify({ ...described, bucket: one.bucket?.name ?? '' })];
  });

/** `reset`: there is nothing to reset. */
export const reset: StatGroup = () => [];

interface Sums {
  mutations: number;
  persisted: number;
  expired: number;
  active: number;
  replica: number;
  bytes: number;
  accepted: number;
  committed: number;
}

function sum(bucket: Bucket): Sums {
  const sums = { mutations: 0, persisted: 0, expired: 0, active: 0, replica: 0, bytes: 0, accepted: 0, committed: 0 };
  for (const vbucket of bucket.vbuckets) {
    if (vbucket === undefined) continue;
    const { highSeqno, persistence, itemCount, state, operations, syncWrites } = vbucket;
    sums.mutations += highSeqno;
    sums.persisted += persistence.seqno;
    sums.expired += operations.expired;
    if (state === 'active') sums.active += itemCount;
    if (state === 'replica') sums.replica += itemCount;
    sums.bytes += vbucket.bytes;
    sums.accepted += syncWrites.accepted;
    sums.committed += syncWrites.committed;
  }
  return sums;
}

function count(bucket: Bucket, state: string): number {
  return bucket.vbuckets.filter((one) => one?.state === state).length;
}
