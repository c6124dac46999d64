/** Size of the blocks that short copies are cut from, in bytes, and so the most that a copy retains. */
export const BLOCK_BYTES = 32 * 1024;
/** Maximum size of a copy that shares a block, in bytes. Longer ones have memory of their own. */
export const SHARED_BYTES_MAX = 4 * 1024;

let allocate = (bytes: number): Buffer => Buffer.allocUnsafeSlow(bytes);
let block: Buffer = Buffer.alloc(0);
let used = 0;

/**
 * Sets the function that allocates memory shared by several values. It can mark the memory as untransferable:
 * transferring one value to another thread would detach all others.
 */
export function makeSharedMemoryWith(make: (bytes: number) => Buffer): void {
  allocate = make;
}

/** Allocates memory for several values. */
export function sharedMemory(bytes: number): Buffer {
  return allocate(bytes);
}

/**
 * Returns a copy of received bytes from `start` to `end`. Hot function: `Buffer.from` takes a new block from the system
 * after every eight values of 1 KB, which costs more than the copying.
 */
export function keptBytes(bytes: Buffer, start: number, end: number): Buffer {
  const length = end - start;
  if (length === 0) return Buffer.alloc(0);
  if (length > SHARED_BYTES_MAX) return copied(Buffer.allocUnsafeSlow(length), bytes, start, end);
  // A block that was detached nevertheless has length 0.
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
