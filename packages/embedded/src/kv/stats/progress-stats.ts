import type { Vbucket } from '../../store/vbucket.js';
import type { Stat, StatGroup } from './stat-group.js';
import { named, ofVbuckets } from './vbucket-stats.js';

/*
 * How far the mutations of vbuckets have come. Source: kv_engine engines/ep/src/checkpoint_manager.cc and
 * durability/active_durability_monitor.cc.
 */

/** `checkpoint [id]`: there is one, and the disk reads from it. */
export const checkpoints: StatGroup = (request, args) =>
  ofVbuckets(request, args, (vbucket) => {
    const queued = vbucket.highSeqno - vbucket.persistence.seqno;
    return named(vbucket, [
      ['open_checkpoint_id', 1],
      ['num_conn_cursors', 1],
      ['num_checkpoint_items', queued],
      ['num_open_checkpoint_items', queued],
      ['num_checkpoints', 1],
      ['num_items_for_persistence', queued],
      ['mem_usage', 0],
      ['persistence:cursor_checkpoint_id', 1],
      ['persistence:cursor_seqno', vbucket.persistence.seqno],
      ['persistence:num_visits', vbucket.persistence.seqno],
    ]);
  });

/** `durability-monitor [id]`. */
export const durabilityMonitors: StatGroup = (request, args) =>
  ofVbuckets(request, args, (vbucket) => named(vbucket, monitor(vbucket)));

function monitor({ state, syncWrites }: Vbucket): Stat[] {
  const chains = syncWrites.topology ?? [];
  const { highPreparedSeqno, highCompletedSeqno } = syncWrites;
  return [
    ['state', state],
    ['num_tracked', syncWrites.pending.length],
    ['high_prepared_seqno', highPreparedSeqno],
    ['last_tracked_seqno', highPreparedSeqno],
    ['last_committed_seqno', highCompletedSeqno],
    ['last_aborted_seqno', 0],
    ...chains.map((chain, index): Stat => [`replication_chain_${index === 0 ? 'first' : 'second'}:size`, chain.length]),
  ];
}
