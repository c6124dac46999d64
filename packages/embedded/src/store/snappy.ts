import { isSnappyBlock, snappyLength } from '@cb/protocol';
import { compress, uncompress } from 'snappyjs';

/*
 * Raw snappy blocks, as clients send them once snappy is agreed. Source: kv_engine docs/BinaryProtocol.md, "Data
 * Types", and the snappy format description. The library neither notices output that goes past the announced length nor
 * output that stays short of it, so the block is measured before it is inflated.
 */

/** A value is kept compressed only when that makes it smaller by this factor. Source: ep-engine's `min_compression_ratio`. */
const RATIO_MIN = 1.2;

/** The content of a block; `undefined` when it is not a well-formed one. */
export function inflate(block: Buffer): Buffer | undefined {
  if (!isSnappyBlock(block)) return undefined;
  return snappyLength(block) === 0 ? Buffer.alloc(0) : uncompress(block);
}

/** The value as a block, when that saves enough. */
export function deflate(value: Buffer): Buffer | undefined {
  if (value.length === 0) return undefined;
  const block = compress(value);
  return value.length >= block.length * RATIO_MIN ? Buffer.from(block) : undefined;
}

/** Whether a block is enough smaller than its content to be kept as it is. */
export function isWorthKeeping(block: Buffer, content: Buffer): boolean {
  return content.length >= block.length * RATIO_MIN;
}
