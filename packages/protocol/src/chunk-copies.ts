import { BLOCK_BYTES, keptBytes, SHARED_BYTES_MAX, sharedMemory } from './kept-bytes.js';

/** Two values that are no farther apart have one frame's header and extras between them. */
const NEIGHBOR_BYTES_MAX = 64;
/** Far before every position. */
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
  /** How long the next copy for several values is. */
  #ahead = SHARED_BYTES_MAX;
  /** A copy of the chunk from `#from` up to `#to`. */
  #copy: Buffer = EMPTY;
  #from = 0;
  #to = 0;

  /** Other bytes have come to where the chunk was. */
  reset(): void {
    this.#lastEnd = NOWHERE;
    this.#copy = EMPTY;
    this.#from = 0;
    this.#to = 0;
  }

  /** A copy of what lies in the chunk from `start` up to `end`. */
  copy(chunk: Buffer, start: number, end: number): Buffer {
    const gap = start - this.#lastEnd;
    const isNeighbor = gap >= 0 && gap <= NEIGHBOR_BYTES_MAX;
    this.#lastEnd = end;
    // A copy that was taken away, by transferring a value of it, has no length any more.
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
