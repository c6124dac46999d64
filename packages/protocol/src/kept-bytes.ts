/** Short copies are cut from blocks of this size: a copy that is kept for long keeps no more than that. */
export const BLOCK_BYTES = 32 * 1024;
/** Longer copies have memory of their own. */
export const SHARED_BYTES_MAX = 4 * 1024;

let allocate = (bytes: number): Buffer => Buffer.allocUnsafeSlow(bytes);
let block: Buffer = Buffer.alloc(0);
let used = 0;

/**
 * Has memory that several values share made so from now on. Whoever knows how marks it as what cannot be transferred to
 * another thread: with one value, all others would go, and those that come.
 */
export function makeSharedMemoryWith(make: (bytes: number) => Buffer): void {
  allocate = make;
}

/** Memory for several values. */
export function sharedMemory(bytes: number): Buffer {
  return allocate(bytes);
}

/**
 * A copy of what lies in received bytes from `start` up to `end`. Hot function: `Buffer.from` takes a new block from the
 * system after every eight values of 1 KB, which costs more than the copying.
 */
export function keptBytes(bytes: Buffer, start: number, end: number): Buffer {
  const length = end - start;
  if (length > SHARED_BYTES_MAX) return copied(Buffer.allocUnsafeSlow(length), bytes, start, end);
  // A block that was taken away all the same has no length any more.
  if (length > block.length - used) {
    block = allocate(BLOCK_BYTES);
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
