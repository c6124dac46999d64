import { compress } from 'snappyjs';

/* Raw snappy blocks, made and kept once snappy is agreed. Source: kv_engine docs/BinaryProtocol.md, "Data Types". */

/** A value is kept compressed only when that makes it smaller by this factor. Source: ep-engine's `min_compression_ratio`. */
const RATIO_MIN = 1.2;

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
