/*
 * For the packages that stand on this one, and for them alone: no promises. What is here may change or go in any version.
 */

export { closest } from './closest.js';
export { NO_NODE } from './cluster-map.js';
export { type ResolvedConnectionOptions, resolveConnectionOptions } from './connection-options.js';
export { u32 } from './frame.js';
export { DURABILITY_TIMEOUT_MS_MAX } from './framing-extras.js';
export { keptBytes, makeSharedMemoryWith } from './kept-bytes.js';
export { LEB128_BYTES_MAX, leb128Length } from './leb128.js';
export { isSnappyBlock, snappyContent, snappyLength } from './snappy-block.js';
export { u64 } from './u64.js';
export { utf8Text } from './utf8-text.js';
export { keyHash, vbucketOfHash } from './vbucket-hash.js';
