/*
 * The marks of a bucket's memory, as shares of its quota.
 * Source: kv_engine engines/ep/configuration.json, `mem_low_wat_percent`, `mem_high_wat_percent`, `mutation_mem_ratio`.
 */

/** Above it, values that are persisted leave memory ... */
export const HIGH_WATER = 0.85;
/** ... until this share is used. */
export const LOW_WATER = 0.75;
/** Above it, nothing that takes memory is stored. */
export const MUTATIONS_END = 0.93;

/** What a document takes in memory besides its key, its value and its attributes, in bytes. */
export const METADATA_BYTES = 80;
