/** Short copies are cut from blocks of this size: a copy that is kept for long keeps no more than that. */
export const BLOCK_BYTES = 32 * 1024;
/** Longer copies have memory of their own. */
export const SHARED_BYTES_MAX = 4 * 1024;

let block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
let used = 0;

/**
 * A copy of what lies in received bytes from `start` up to `end`. Hot function: `Buffer.from` takes a new block from the
 * system after every eight values of 1 KB, which costs more than the copying.
 */
export function keptBytes(bytes: Buffer, start: number, end: number): Buffer {
  const length = end - start;
  if (length > SHARED_BYTES_MAX) return copied(Buffer.allocUnsafeSlow(length), bytes, start, end);
  if (length > BLOCK_BYTES - used) {
    block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    used = 0;
  }
  const place = block.subarray(used, used + length);
  used += length;
  return copied(place, bytes, start, end);
}

function copied(target: Buffer, bytes: Buffer, start: number, end: number): Buffer {
  bytes.copy(target, 0, start, end);
  return target;
}
