import type { VbucketState } from '../../store/local-bucket.js';
import { METADATA_BYTES } from '../../store/memory-marks.js';
import { sumsOf } from './figures.js';
import type { Stat, StatGroup } from './stat-group.js';

/*
 * Groups of the bucket's engine. What there is none of here (change streams, files, tasks) is counted as 0.
 * Source: kv_engine engines/ep/docs/stats.org; engines/ep/src/ep_engine.cc, kv_bucket.cc, warmup.cc.
 */

const DCP_NAMES = [
  'count',
  'consumer_count',
  'producer_count',
  'total_bytes',
  'total_uncompressed_data_size',
  'queue_fill',
  'items_sent',
  'items_remaining',
  'backfill_disk',
  'backfill_memory',
  'num_running_backfills',
];
const DCP_BACKFILLS_MAX = 4096;
const DCP_AGGREGATES = ['count', 'backoff', 'producer_count', 'items_sent', 'items_remaining', 'total_bytes'];

/** `dcp`: there are no change streams. */
export const dcp: StatGroup = () => [
  ...DCP_NAMES.map((name): Stat => [`ep_dcp_${name}`, 0]),
  ['ep_dcp_max_running_backfills', DCP_BACKFILLS_MAX],
];

/** `dcpagg [separator]`: the same, by kind of connection. */
export const dcpAggregate: StatGroup = () => DCP_AGGREGATES.map((name): Stat => [`:total:${name}`, 0]);

/** `warmup`. */
export const warmup: StatGroup = ({ bucket, session: { node } }) => {
  const { items, onDisk } = sumsOf(bucket, 'active');
  const isDone = node.startup === undefined;
  const loaded = isDone ? items - onDisk : 0;
  return [
    ['ep_warmup', 'enabled'],
    ['ep_warmup_state', isDone ? 'done' : 'loading data'],
    ['ep_warmup_thread', isDone ? 'complete' : 'running'],
    ['ep_warmup_key_count', items],
    ['ep_warmup_value_count', loaded],
    ['ep_warmup_dups', 0],
    ['ep_warmup_oom', 0],
    ['ep_warmup_estimated_key_count', items],
    ['ep_warmup_estimated_value_count', items],
    ['ep_warmup_time', 0],
  ];
};

/** `timings`: how long reads from disk took, in microseconds; nothing else is measured. */
export const timings: StatGroup = ({ bucket }) => {
  const { residency } = bucket;
  if (residency === undefined || residency.fetches === 0) return [];
  const usecs = Math.round(1000 * residency.readLagMs);
  return ['bg_wait', 'bg_load'].flatMap((name): Stat[] => [
    [`${name}_mean`, name === 'bg_wait' ? 0 : usecs],
    [`${name}_0,${Math.max(1, usecs)}`, residency.fetches],
  ]);
};

/** `kvstore [args]`: one store for reading and writing. */
export const kvstore: StatGroup = ({ bucket }) => {
  const { persisted, deleted, vbuckets } = sumsOf(bucket);
  return withPrefix('rw_0', [
    ['backend_type', 'couchstore'],
    ['open', vbuckets],
    ['close', 0],
    ['numLoadedVb', 0],
    ['lastCommDocs', persisted],
    ['failure_compaction', 0],
    ['failure_del', 0],
    ['failure_get', 0],
    ['failure_open', 0],
    ['failure_set', 0],
    ['failure_vbset', 0],
    ['io_bg_fetch_docs_read', bucket.residency?.fetches ?? 0],
    ['io_num_write', persisted],
    ['io_flusher_write_bytes', 0],
    ['io_document_write_bytes', sumsOf(bucket).bytes],
    ['num_deletes', deleted],
  ]);
};

/** `kvtimings`, `runtimes`, `scheduler`, `dispatcher`: histograms of what is not measured, which are left out when empty. */
export const unmeasured: StatGroup = () => [];

/** `tasks`: none. */
export const tasks: StatGroup = ({ bucket, session: { node } }) => {
  const uptimeSeconds = Math.floor((node.clock.now() - node.startedAtMs) / 1000);
  return [
    [`ep_tasks:tasks:${bucket.name}`, '[]'],
    [`ep_tasks:cur_time:${bucket.name}`, Math.floor(node.clock.now() * 1e6)],
    [`ep_tasks:uptime_s:${bucket.name}`, uptimeSeconds],
  ];
};

/** `workload`. */
export const workload: StatGroup = () =>
  withPrefix('ep_workload', [
    ['num_readers', 1],
    ['num_writers', 1],
    ['num_auxio', 1],
    ['num_nonio', 1],
    ['num_shards', 1],
    ['ready_tasks', 0],
    ['num_sleepers', 0],
  ]);

/** `diskinfo`, `diskinfo detail`: what files would hold. */
export const diskinfo: StatGroup = ({ bucket }, [detail]) => {
  const size = ({ itemCount, bytes }: { itemCount: number; bytes: number }): number =>
    bytes + itemCount * METADATA_BYTES;
  const vbuckets = bucket.vbuckets.filter((one) => one !== undefined);
  if (detail === 'detail') {
    return vbuckets.flatMap((one): Stat[] => [
      [`vb_${one.id}:data_size`, size(one)],
      [`vb_${one.id}:file_size`, size(one)],
    ]);
  }
  const total = vbuckets.reduce((sum, one) => sum + size(one), 0);
  return [
    ['ep_db_data_size', total],
    ['ep_db_file_size', total],
    ['ep_db_history_file_size', 0],
    ['ep_db_prepare_size', 0],
  ];
};

/** `eviction`: nothing is counted by how often it is used. */
export const eviction: StatGroup = () => [
  ['ep_active_or_pending_eviction_values_evicted', 0],
  ['ep_replica_eviction_values_evicted', 0],
];

/** `info`. */
export const info: StatGroup = ({ session: { node } }) => [
  ['info', JSON.stringify({ version: node.version, features: ['collections', 'sync-writes'] })],
];

/** `prev-vbucket`: the states before the last start, which are those of now. */
export const previousStates: StatGroup = ({ bucket }) =>
  bucket.vbuckets.flatMap((one): Stat[] =>
    one === undefined ? [] : [[`vb_${one.id}`, one.state satisfies VbucketState]],
  );

function withPrefix(prefix: string, stats: readonly Stat[]): Stat[] {
  return stats.map(([name, value]) => [`${prefix}:${name}`, value]);
}
