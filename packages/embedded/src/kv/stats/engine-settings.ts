import type { Bucket } from '../../store/bucket.js';
import { LOCK_SECONDS_DEFAULT, LOCK_SECONDS_MAX } from '../../store/locks.js';
import type { Stat } from './stat-group.js';

/**
 * The engine's settings and their defaults, in the order of their names, without those of storage that is not there.
 * Source: kv_engine engines/ep/configuration.json, as of 7.2.
 */
const DEFAULTS = `
  ep_access_scanner_enabled true
  ep_allow_sanitize_value_in_deletion true
  ep_alog_block_size 4096
  ep_alog_max_stored_items 1024
  ep_alog_path
  ep_alog_resident_ratio_threshold 95
  ep_alog_sleep_time 1440
  ep_alog_task_time 2
  ep_backend couchdb
  ep_backfill_mem_threshold 96
  ep_bfilter_enabled true
  ep_bfilter_fp_prob 0.01
  ep_bfilter_key_count 10000
  ep_bfilter_residency_threshold 0.1
  ep_bucket_type persistent
  ep_checkpoint_destruction_tasks 2
  ep_checkpoint_max_size 0
  ep_checkpoint_memory_ratio 0.2
  ep_checkpoint_memory_recovery_lower_mark 0.6
  ep_checkpoint_memory_recovery_upper_mark 0.9
  ep_checkpoint_remover_task_count 1
  ep_chk_expel_enabled true
  ep_collections_drop_compaction_delay 5000
  ep_collections_enabled true
  ep_compaction_expiry_fetch_inline true
  ep_compaction_max_concurrent_ratio 0.5
  ep_compression_mode off
  ep_concurrent_pagers 2
  ep_conflict_resolution_type seqno
  ep_connection_manager_interval 0.1
  ep_couch_bucket default
  ep_couchstore_midpoint_rollback_optimisation true
  ep_couchstore_mprotect false
  ep_couchstore_tracing false
  ep_couchstore_write_validation false
  ep_data_traffic_enabled true
  ep_dbname
  ep_dcp_backfill_byte_limit 20971520
  ep_dcp_backfill_in_progress_per_connection_limit 64
  ep_dcp_enable_noop true
  ep_dcp_idle_timeout 360
  ep_dcp_min_compression_ratio 0.85
  ep_dcp_noop_mandatory_for_v5_features true
  ep_dcp_noop_tx_interval 0.1
  ep_dcp_oso_backfill auto
  ep_dcp_oso_backfill_large_value_ratio 0.04
  ep_dcp_oso_backfill_small_item_size_threshold 256
  ep_dcp_oso_backfill_small_value_ratio 0.005
  ep_dcp_producer_snapshot_marker_yield_limit 0
  ep_dcp_scan_byte_limit 4194304
  ep_dcp_scan_item_limit 4096
  ep_dcp_takeover_max_time 60
  ep_defragmenter_age_threshold 1
  ep_defragmenter_auto_lower_threshold 0.07
  ep_defragmenter_auto_max_sleep 10.0
  ep_defragmenter_auto_min_sleep 0.6
  ep_defragmenter_auto_pid_d 0.0
  ep_defragmenter_auto_pid_dt 30000
  ep_defragmenter_auto_pid_i 0.0000197
  ep_defragmenter_auto_pid_p 52
  ep_defragmenter_auto_upper_threshold 0.25
  ep_defragmenter_chunk_duration 20
  ep_defragmenter_enabled true
  ep_defragmenter_interval 10.0
  ep_defragmenter_mode auto_pid
  ep_defragmenter_stored_value_age_threshold 1
  ep_durability_min_level none
  ep_executor_pool_backend folly
  ep_exp_pager_enabled true
  ep_exp_pager_initial_run_time -1
  ep_exp_pager_stime 600
  ep_expiry_pager_concurrency 2
  ep_failpartialwarmup true
  ep_flusher_total_batch_limit 4000000
  ep_fsync_after_every_n_bytes_written 1048576
  ep_getl_default_timeout 15
  ep_getl_max_timeout 30
  ep_history_retention_bytes 0
  ep_history_retention_seconds 0
  ep_hlc_drift_ahead_threshold_us 5000000
  ep_hlc_drift_behind_threshold_us 5000000
  ep_ht_locks 47
  ep_ht_resize_interval 1
  ep_ht_size 47
  ep_item_compressor_chunk_duration 20
  ep_item_compressor_interval 250
  ep_item_eviction_age_percentage 30
  ep_item_eviction_freq_counter_age_threshold 1
  ep_item_eviction_policy value_only
  ep_item_freq_decayer_chunk_duration 20
  ep_item_freq_decayer_percent 50
  ep_max_checkpoints 10
  ep_max_failover_entries 25
  ep_max_item_privileged_bytes 1048576
  ep_max_item_size 20971520
  ep_max_num_bgfetchers 0
  ep_max_num_flushers 0
  ep_max_num_shards 0
  ep_max_num_workers 4
  ep_max_size 104857600
  ep_max_threads 0
  ep_max_ttl 0
  ep_max_vbuckets 1024
  ep_mem_used_merge_threshold_percent 0.5
  ep_min_compression_ratio 1.2
  ep_pager_sleep_time_ms 5000
  ep_persistent_metadata_purge_age 259200
  ep_retain_erroneous_tombstones true
  ep_seqno_persistence_timeout 30
  ep_sync_writes_max_allowed_replicas 2
  ep_time_synchronization disabled
  ep_uuid
  ep_vbucket_mapping_sanity_checking false
  ep_vbucket_mapping_sanity_checking_error_mode log
  ep_warmup true
  ep_warmup_backfill_scan_chunk_duration 100
  ep_xattr_enabled true
`;

/** The settings, with those that mean something here as they are. */
export function engineSettings(bucket: Bucket): Stat[] {
  const own = ownSettings(bucket);
  return DEFAULTS.trim()
    .split('\n')
    .map((line): Stat => {
      const [name, value = ''] = line.trim().split(' ') as [string, string?];
      return [name, own.get(name) ?? value];
    });
}

function ownSettings(bucket: Bucket): ReadonlyMap<string, string | number> {
  return new Map<string, string | number>([
    ['ep_bucket_type', bucket.type === 'ephemeral' ? 'ephemeral' : 'persistent'],
    ['ep_compression_mode', bucket.compressionMode],
    ['ep_couch_bucket', bucket.name],
    ['ep_getl_default_timeout', LOCK_SECONDS_DEFAULT],
    ['ep_getl_max_timeout', LOCK_SECONDS_MAX],
    ['ep_max_item_size', bucket.valueBytesMax],
    ['ep_max_size', bucket.ramQuotaBytes],
    ['ep_max_ttl', bucket.maxTtl],
    ['ep_max_vbuckets', bucket.vbucketCount],
    ['ep_uuid', bucket.uuid],
  ]);
}
