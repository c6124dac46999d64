import { compress, uncompress } from 'snappyjs';

/*
 * Raw snappy blocks, as clients send them once snappy is agreed. Source: kv_engine docs/BinaryProtocol.md, "Data
 * Types", and the snappy format description. The library neither notices output that goes past the announced length nor
 * output that stays short of it, so the block is measured before it is inflated.
 */

/** A value is kept compressed only when that makes it smaller by this factor. Source: ep-engine's `min_compression_ratio`. */
const RATIO_MIN = 1.2;

/** The length that a block announces for its content; `undefined` when the announcement itself is broken. */
export function inflatedLength(block: Uint8Array): number | undefined {
  let length = 0;
  for (let at = 0; at < 5; at++) {
    const byte = block[at];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return length < 2 ** 32 ? length : undefined;
  }
  return undefined;
}

/** The content of a block; `undefined` when it is not a well-formed one. */
export function inflate(block: Buffer): Buffer | undefined {
  const announced = inflatedLength(block);
  if (announced === undefined || producedLength(block) !== announced) return undefined;
  if (announced === 0) return Buffer.alloc(0);
  try {
    return uncompress(block);
  } catch {
    // The library throws a plain Error for every kind of damage; that it is damaged is all there is to know.
    return undefined;
  }
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

/** How many bytes the elements of a block make, without making them; -1 when one is cut off. */
function producedLength(block: Uint8Array): number {
  let at = 0;
  while (block[at++]! >= 0x80);
  let produced = 0;
  while (at < block.length) {
    const tag = block[at++]!;
    let length = (tag >>> 2) + 1;
    switch (tag & 3) {
      case 0: {
        if (length > 60) {
          const size = length - 60;
          if (at + size > block.length) return -1;
          length = 1;
          for (let byte = 0; byte < size; byte++) length += block[at + byte]! * 2 ** (8 * byte);
          at += size;
        }
        at += length;
        break;
      }
      case 1:
        length = ((tag >>> 2) & 7) + 4;
        at += 1;
        break;
      case 2:
        at += 2;
        break;
      default:
        at += 4;
    }
    if (at > block.length) return -1;
    produced += length;
  }
  return produced;
}
