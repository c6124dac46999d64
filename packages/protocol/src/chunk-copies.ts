import { BLOCK_BYTES, keptBytes, SHARED_BYTES_MAX, sharedMemory } from './kept-bytes.js';

/** Maximum distance of two adjacent values, in bytes: one frame's header and extras. */
const NEIGHBOR_BYTES_MAX = 64;
/** An offset before all others. */
const NOWHERE = -(2 ** 30);
const EMPTY = Buffer.alloc(0);

/**
 * Copies of values out of one received chunk, made for several values at once. Hot file: a call that copies 1 KB takes
 * longer than its copying does.
 *
 *   chunk   | header | value 1 | header | value 2 | header | value 3 | header | value 4 | header | …
 *                     \_ alone          \______________ 4 KB _______________  \______ 8 KB, 16 KB, 32 KB ______
 *
 * The second of two values that stand side by side shows that more will be wanted: with it, what follows is copied too,
 * and those that come after it are slices of that copy. The longer the row of values, the more at a time, so that little
 * is copied for nobody; a value that is kept for long keeps no more than 32 KB, as with `keptBytes`.
 */
export class ChunkCopies {
  #lastEnd = NOWHERE;
  /** Size of the next copy for several values, in bytes. */
  #ahead = SHARED_BYTES_MAX;
  /** A copy of the bytes of the chunk from `#from` to `#to`. */
  #copy: Buffer = EMPTY;
  #from = 0;
  #to = 0;

  /** Discards the copy: the memory of the chunk has other bytes now. */
  reset(): void {
    this.#lastEnd = NOWHERE;
    this.#copy = EMPTY;
    this.#from = 0;
    this.#to = 0;
  }

  /** Returns a copy of the bytes of the chunk from `start` to `end`. */
  copy(chunk: Buffer, start: number, end: number): Buffer {
    const gap = start - this.#lastEnd;
    const isNeighbor = gap >= 0 && gap <= NEIGHBOR_BYTES_MAX;
    this.#lastEnd = end;
    // A copy that was detached, by transferring one of its values, has length 0.
    if (start < this.#from || end > this.#to || this.#copy.length === 0) {
      if (!isNeighbor) this.#ahead = SHARED_BYTES_MAX;
      if (!isNeighbor || end - start > SHARED_BYTES_MAX) return keptBytes(chunk, start, end);
      this.#copyFrom(chunk, start);
    }
    return this.#copy.subarray(start - this.#from, end - this.#from);
  }

  #copyFrom(chunk: Buffer, start: number): void {
    this.#from = start;
    this.#to = Math.min(start + this.#ahead, chunk.length);
    this.#ahead = Math.min(2 * this.#ahead, BLOCK_BYTES);
    this.#copy = sharedMemory(this.#to - start);
    chunk.copy(this.#copy, 0, start, this.#to);
  }
}
