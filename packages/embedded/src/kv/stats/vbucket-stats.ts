import { Status } from '@cb/protocol';
import type { Vbucket } from '../../store/vbucket.js';
import type { Request } from '../request.js';
import type { Stat, StatGroup } from './stat-group.js';

/** Names and order as ep-engine has them. Source: kv_engine engines/ep/docs/stats.org. */

/** `vbucket [id]`: the states. */
export const vbucketStates: StatGroup = (request, args) =>
  ofVbuckets(request, args, (vbucket) => [[`vb_${vbucket.id}`, vbucket.state]]);

/** `vbucket-details [id]`. What an engine with hash tables and files counts, and this one does not have, is constant. */
export const vbucketDetails: StatGroup = (request, args) =>
  ofVbuckets(request, args, (vbucket) =>
    named(vbucket, details(vbucket, request.bucket.residency?.onDiskOf(vbucket) ?? 0)),
  );

/** `vbucket-seqno [id]`. */
export const vbucketSeqnos: StatGroup = (request, args) =>
  ofVbuckets(request, args, (vbucket) => named(vbucket, seqnos(vbucket)));

/** `failovers [id]`. */
export const failovers: StatGroup = (request, args) =>
  ofVbuckets(request, args, (vbucket) => named(vbucket, failoverEntries(vbucket)));

/** `hash [id]`. */
export const hashTables: StatGroup = (request, args) =>
  ofVbuckets(request, args, (vbucket) =>
    named(vbucket, [
      ['state', vbucket.state],
      ['size', HASH_BUCKETS],
      ['locks', HASH_BUCKETS],
      ['counted', vbucket.itemCount],
    ]),
  );

const HASH_BUCKETS = 47;
const HASH_BYTES = 2480;
const BLOOM_FILTER_BITS = 95_851;
const BLOOM_FILTER_BYTES = 12_053;

/** The statistics of the vbucket with this id, or of all. */
export function ofVbuckets(
  { bucket }: Request,
  [id]: readonly string[],
  stats: (vbucket: Vbucket) => Iterable<Stat>,
): Iterable<Stat> | number {
  if (id === undefined) return bucket.vbuckets.filter((one) => one !== undefined).flatMap((one) => [...stats(one)]);
  if (!/^\d{1,5}$/.test(id)) return Status.Invalid;
  const vbucket = bucket.vbuckets[Number(id)];
  return vbucket === undefined ? Status.NotMyVbucket : stats(vbucket);
}

export function named({ id }: Vbucket, stats: readonly Stat[]): Stat[] {
  return stats.map(([name, value]) => [`vb_${id}:${name}`, value]);
}

function details(vbucket: Vbucket, onDisk: number): Stat[] {
  const { itemCount, operations, syncWrites, highSeqno, persistence } = vbucket;
  const tombstones = [...vbucket.documents(0)].filter(({ deleted }) => deleted).length;
  const queued = highSeqno - persistence.seqno;
  return [
    ['num_items', itemCount],
    ['num_temp_items', 0],
    ['num_non_resident', onDisk],
    ['num_prepared_sync_writes', syncWrites.pending.length],
    ['ht_memory', HASH_BYTES],
    ['ht_num_items', itemCount],
    ['ht_num_deleted_items', tombstones],
    ['ht_num_in_memory_items', itemCount],
    ['ht_num_in_memory_non_resident_items', onDisk],
    ['ht_num_temp_items', 0],
    ['ht_item_memory', vbucket.bytes],
    ['ht_item_memory_uncompressed', vbucket.bytes],
    ['ht_cache_size', vbucket.bytes],
    ['ht_size', HASH_BUCKETS],
    ['num_ejects', 0],
    ['ops_create', operations.created],
    ['ops_delete', operations.deleted],
    ['ops_get', 0],
    ['ops_reject', 0],
    ['ops_update', operations.updated],
    ['queue_size', queued],
    ['queue_memory', 0],
    // The vbucket's state is queued as well, before any document.
    ['queue_fill', highSeqno + 1],
    ['queue_drain', highSeqno + 1 - queued],
    ['queue_age', 0],
    ['pending_writes', 0],
    ['uuid', uuid(vbucket)],
    ['purge_seqno', vbucket.tombstones.purgedSeqno],
    ['bloom_filter', 'ENABLED'],
    ['bloom_filter_size', BLOOM_FILTER_BITS],
    ['bloom_filter_key_count', tombstones],
    ['bloom_filter_memory', BLOOM_FILTER_BYTES],
    ['rollback_item_count', 0],
    ['hp_vb_req_size', 0],
    ['might_contain_xattrs', hasXattrs(vbucket)],
    ['max_deleted_revid', vbucket.maxDeletedRevision],
    ['high_completed_seqno', syncWrites.highCompletedSeqno],
    ['sync_write_accepted_count', syncWrites.accepted],
    ['sync_write_committed_count', syncWrites.committed],
    ['high_seqno', highSeqno],
    ['high_prepared_seqno', syncWrites.highPreparedSeqno],
  ];
}

function seqnos(vbucket: Vbucket): Stat[] {
  const { highSeqno, persistence, syncWrites } = vbucket;
  return [
    ['high_seqno', highSeqno],
    ['abs_high_seqno', highSeqno],
    ['last_persisted_seqno', persistence.seqno],
    ['uuid', uuid(vbucket)],
    ['purge_seqno', vbucket.tombstones.purgedSeqno],
    ['last_persisted_snap_start', persistence.seqno],
    ['last_persisted_snap_end', persistence.seqno],
    ['high_prepared_seqno', syncWrites.highPreparedSeqno],
    ['high_completed_seqno', syncWrites.highCompletedSeqno],
    ['max_visible_seqno', highSeqno],
  ];
}

function failoverEntries({ failoverLog: { entries } }: Vbucket): Stat[] {
  return [
    ['num_entries', entries.length],
    ['num_erroneous_entries_erased', 0],
    ...entries.flatMap((entry, index): Stat[] => [
      [`${index}:id`, entry.uuidHigh * 0x1_0000_0000 + entry.uuidLow],
      [`${index}:seq`, entry.seqno],
    ]),
  ];
}

function uuid({ failoverLog: { latest } }: Vbucket): number {
  return latest.uuidHigh * 0x1_0000_0000 + latest.uuidLow;
}

function hasXattrs(vbucket: Vbucket): boolean {
  for (const { xattrs } of vbucket.documents(0)) if (xattrs !== undefined) return true;
  return false;
}
