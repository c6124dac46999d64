/*
 * The names of the statistics that an engine of 7.2 gives without a group, in its order.
 * Source: kv_engine statistics/stat_definitions.json, those that were added by 7.2; engines/ep/src/ep_engine.cc and
 * kv_bucket.cc; daemon/stats.cc.
 */

/** Of the bucket's engine. */
export const ENGINE_NAMES: readonly string[] = words(`
  ep_total_enqueued ep_total_deduplicated ep_total_deduplicated_flusher ep_expired_access ep_expired_compactor
  ep_expired_pager ep_queue_size ep_diskqueue_items ep_commit_num ep_commit_time ep_commit_time_total
  ep_item_begin_failed ep_item_commit_failed ep_item_flush_expired ep_item_flush_failed ep_flusher_state
  ep_flusher_todo ep_total_persisted ep_uncommitted_items ep_compaction_failed ep_compaction_aborted
  ep_vbucket_del ep_vbucket_del_fail ep_flush_duration_total ep_checkpoint_memory_pending_destruction
  ep_checkpoint_memory_quota ep_checkpoint_memory_recovery_upper_mark_bytes
  ep_checkpoint_memory_recovery_lower_mark_bytes ep_checkpoint_computed_max_size ep_persist_vbstate_total
  mem_used_primary mem_used_secondary mem_used_estimate mem_used bytes ep_kv_size ep_blob_num ep_blob_overhead
  ep_value_size ep_storedval_size ep_storedval_overhead ep_storedval_num ep_overhead ep_item_num ep_oom_errors
  ep_tmp_oom_errors ep_bg_fetched ep_bg_fetched_compaction ep_bg_meta_fetched ep_bg_remaining_items
  ep_bg_remaining_jobs ep_num_pager_runs ep_num_expiry_pager_runs ep_num_freq_decayer_runs
  ep_items_expelled_from_checkpoints ep_items_rm_from_checkpoints ep_num_value_ejects ep_num_eject_failures
  ep_num_not_my_vbuckets ep_pending_ops ep_pending_ops_total ep_pending_ops_max ep_pending_ops_max_duration
  ep_rollback_count ep_degraded_mode ep_expiry_pager_task_time ep_num_ops_get_meta ep_num_ops_set_meta
  ep_num_ops_del_meta ep_num_ops_set_meta_res_fail ep_num_ops_del_meta_res_fail ep_num_ops_set_ret_meta
  ep_num_ops_del_ret_meta ep_num_ops_get_meta_on_set_meta ep_workload_pattern ep_version
  ep_collections_manifest_uid
`);

/** Of the vbuckets of each state: `vb_active_num`. */
export const STATE_NAMES: readonly string[] = words(`
  num curr_items hp_vb_req_size num_non_resident perc_mem_resident eject expired meta_data_memory meta_data_disk
  checkpoint_memory checkpoint_memory_queue checkpoint_memory_overhead checkpoint_memory_overhead_queue
  checkpoint_memory_overhead_index mem_freed_by_checkpoint_item_expel mem_freed_by_checkpoint_removal ht_memory
  ht_item_memory ht_item_memory_uncompressed bloom_filter_memory ops_create ops_update ops_delete ops_get
  ops_reject queue_size queue_memory queue_age queue_pending queue_fill queue_drain rollback_item_count
  max_history_disk_size dm_mem_used dm_num_tracked
`);

/** Of active vbuckets and of replicas. */
export const DURABLE_NAMES: readonly string[] = words(`
  sync_write_accepted_count sync_write_committed_count sync_write_aborted_count
`);

/** Of all vbuckets. */
export const TOTAL_NAMES: readonly string[] = words(`
  ep_vb_total ep_total_new_items ep_total_del_items ep_diskqueue_memory ep_diskqueue_fill ep_diskqueue_drain
  ep_diskqueue_pending ep_ht_item_memory ep_meta_data_memory ep_meta_data_disk ep_checkpoint_memory
  ep_total_cache_size rollback_item_count ep_num_non_resident ep_chk_persistence_remains
`);

/** How far clocks are apart, of active vbuckets and of replicas: `ep_active_hlc_drift`. */
export const DRIFT_NAMES: readonly string[] = words(`
  hlc_drift hlc_drift_count ahead_exceptions behind_exceptions
`);

/** Of files. */
export const DISK_NAMES: readonly string[] = words(`
  ep_io_document_write_bytes ep_io_total_read_bytes ep_io_total_write_bytes ep_io_compaction_read_bytes
  ep_io_compaction_write_bytes ep_io_bg_fetch_read_count ep_bg_fetch_avg_read_amplification ep_data_write_failed
  ep_data_read_failed
`);

/** Of the engine's own tasks. */
export const RUNTIME_NAMES: readonly string[] = words(`
  ep_startup_time ep_bucket_priority ep_mem_tracker_enabled ep_bg_num_samples ep_bg_min_wait ep_bg_max_wait
  ep_bg_wait_avg ep_bg_min_load ep_bg_max_load ep_bg_load_avg ep_bg_wait ep_bg_load ep_num_workers
  ep_vbucket_del_max_walltime ep_vbucket_del_avg_walltime ep_num_access_scanner_runs ep_num_access_scanner_skips
  ep_access_scanner_last_runtime ep_access_scanner_num_items ep_access_scanner_task_time
  ep_defragmenter_num_visited ep_defragmenter_num_moved ep_defragmenter_sv_num_moved
  ep_item_compressor_num_visited ep_item_compressor_num_compressed ep_cursors_dropped
  ep_mem_freed_by_checkpoint_removal ep_mem_freed_by_checkpoint_item_expel ep_num_checkpoints ep_mem_low_wat
  ep_mem_high_wat
`);

/** Of the process. */
export const SERVER_NAMES: readonly string[] = words(`
  uptime stat_reset time version memcached_version daemon_connections curr_connections system_connections
  total_connections connection_structures cmd_get cmd_set cmd_flush cmd_lock cmd_subdoc_lookup cmd_subdoc_mutation
  bytes_subdoc_lookup_total bytes_subdoc_lookup_extracted bytes_subdoc_mutation_total
  bytes_subdoc_mutation_inserted stat_timings_mem_usage cmd_total_sets cmd_total_gets cmd_total_ops cmd_mutation
  cmd_lookup auth_cmds auth_errors get_hits get_misses delete_misses delete_hits incr_misses incr_hits decr_misses
  decr_hits cas_misses cas_hits cas_badval bytes_read bytes_written threads conn_yields lock_errors
  cmd_lookup_10s_count cmd_lookup_10s_duration_us cmd_mutation_10s_count cmd_mutation_10s_duration_us
  total_resp_errors
`);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
