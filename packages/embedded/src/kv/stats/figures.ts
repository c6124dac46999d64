import type { Bucket } from '../../store/bucket.js';
import type { VbucketState } from '../../store/local-bucket.js';
import { HIGH_WATER, LOW_WATER, METADATA_BYTES } from '../../store/memory-marks.js';
import type { KvNode } from '../context.js';
import type { Stat } from './stat-group.js';

/** Memory of the node before the first document, in bytes, so that the reported use is not 0. */
const BASE_BYTES = 20 * 1024 * 1024;
/** Reported number of threads of the process: a server has one for each core, and four of its own for clients at least. */
const THREADS = 4;

/** Sums over the vbuckets of one state, or of all. */
export interface Sums {
  vbuckets: number;
  items: number;
  bytes: number;
  created: number;
  updated: number;
  deleted: number;
  expired: number;
  mutations: number;
  persisted: number;
  prepared: number;
  accepted: number;
  committed: number;
  onDisk: number;
}

export function sumsOf(bucket: Bucket, state?: VbucketState): Sums {
  const sums: Sums = {
    vbuckets: 0,
    items: 0,
    bytes: 0,
    created: 0,
    updated: 0,
    deleted: 0,
    expired: 0,
    mutations: 0,
    persisted: 0,
    prepared: 0,
    accepted: 0,
    committed: 0,
    onDisk: bucket.residency?.onDiskIn(state) ?? 0,
  };
  for (const vbucket of bucket.vbuckets) {
    if (vbucket === undefined || (state !== undefined && vbucket.state !== state)) continue;
    const { operations, syncWrites } = vbucket;
    sums.vbuckets++;
    sums.items += vbucket.itemCount;
    sums.bytes += vbucket.bytes;
    sums.created += operations.created;
    sums.updated += operations.updated;
    sums.deleted += operations.deleted;
    sums.expired += operations.expired;
    sums.mutations += vbucket.highSeqno;
    sums.persisted += vbucket.persistence.seqno;
    sums.prepared += syncWrites.pending.length;
    sums.accepted += syncWrites.accepted;
    sums.committed += syncWrites.committed;
  }
  return sums;
}

/** Bytes of memory that the bucket takes on this node. */
export function memoryUsed(bucket: Bucket): number {
  return BASE_BYTES + (bucket.residency?.bytes ?? sumsOf(bucket).bytes);
}

/** Of vbuckets in one state, by the names that the engine has for them there. */
export function stateFigures(bucket: Bucket, state: VbucketState): Stat[] {
  const sums = sumsOf(bucket, state);
  return [
    ['num', sums.vbuckets],
    ['curr_items', sums.items],
    ['num_non_resident', sums.onDisk],
    ['perc_mem_resident', sums.items === 0 ? 100 : Math.floor((100 * (sums.items - sums.onDisk)) / sums.items)],
    ['expired', sums.expired],
    ['meta_data_memory', sums.items * METADATA_BYTES],
    ['meta_data_disk', sums.items * METADATA_BYTES],
    ['ht_item_memory', sums.bytes],
    ['ht_item_memory_uncompressed', sums.bytes],
    ['ops_create', sums.created],
    ['ops_update', sums.updated],
    ['ops_delete', sums.deleted],
    ['queue_size', sums.mutations - sums.persisted],
    ['queue_fill', sums.mutations],
    ['queue_drain', sums.persisted],
    ['dm_num_tracked', sums.prepared],
    ['sync_write_accepted_count', sums.accepted],
    ['sync_write_committed_count', sums.committed],
    ['sync_write_aborted_count', sums.accepted - sums.committed - sums.prepared],
  ];
}

/** Of the engine. */
export function engineFigures(bucket: Bucket, node: KvNode): Stat[] {
  const sums = sumsOf(bucket);
  const used = memoryUsed(bucket);
  const { residency, ramQuotaBytes } = bucket;
  const queued = sums.mutations - sums.persisted;
  return [
    ['ep_total_enqueued', sums.mutations],
    ['ep_total_persisted', sums.persisted],
    ['ep_expired_access', sums.expired],
    ['ep_queue_size', queued],
    ['ep_diskqueue_items', queued],
    ['ep_diskqueue_fill', sums.mutations],
    ['ep_diskqueue_drain', sums.persisted],
    ['ep_flusher_state', 'running'],
    ['ep_version', node.version],
    ['ep_max_size', ramQuotaBytes],
    ['ep_mem_high_wat', Math.floor(HIGH_WATER * ramQuotaBytes)],
    ['ep_mem_low_wat', Math.floor(LOW_WATER * ramQuotaBytes)],
    ['ep_collections_manifest_uid', bucket.manifestUid],
    ['ep_degraded_mode', node.startup !== undefined],
    ['ep_mem_tracker_enabled', true],
    ['ep_workload_pattern', 'mixed'],
    ['ep_bucket_priority', 'LOW'],
    ['ep_num_workers', 2 * THREADS],
    ['ep_startup_time', Math.floor(node.startedAtMs / 1000)],
    ['mem_used', used],
    ['mem_used_estimate', used],
    ['bytes', used],
    ['ep_kv_size', sums.bytes],
    ['ep_value_size', sums.bytes],
    ['ep_item_num', sums.items],
    ['ep_bg_fetched', residency?.fetches ?? 0],
    ['ep_num_value_ejects', residency?.evictions ?? 0],
    ['ep_tmp_oom_errors', residency?.refusals ?? 0],
    ['ep_num_non_resident', sums.onDisk],
    ['ep_ht_item_memory', sums.bytes],
    ['ep_total_cache_size', sums.bytes],
    ['ep_meta_data_memory', sums.items * METADATA_BYTES],
    ['ep_meta_data_disk', sums.items * METADATA_BYTES],
    ['ep_vb_total', sums.vbuckets],
    ['ep_total_new_items', sums.created],
    ['ep_total_del_items', sums.deleted],
    ['ep_num_checkpoints', sums.vbuckets],
  ];
}

/** Of the process. */
export function nodeFigures(node: KvNode): Stat[] {
  const now = Math.floor(node.clock.now() / 1000);
  return [
    ['uptime', now - Math.floor(node.startedAtMs / 1000)],
    ['time', now],
    ['stat_reset', new Date(node.startedAtMs).toUTCString()],
    ['version', node.version],
    ['memcached_version', node.version],
    ['curr_connections', node.sessions.size],
    ['connection_structures', node.sessions.size],
    ['total_connections', node.connectionsTotal],
    ['threads', THREADS],
  ];
}
