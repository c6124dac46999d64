import { monotonicMs } from './monotonic.js';

/** What a stretch of work may take, in milliseconds: above it stretches get shorter, below longer. */
const LONG_MS = 4;
const SHORT_MS = 1;
/** Longest stretch of work, in pieces. */
const LENGTH_MAX = 65_536;

/**
 * Finds how much work may be done before others get the thread, however much work a piece is: it begins with one piece,
 * and doubles the length of a stretch while that takes little time.
 */
export class Pacer {
  #length = 1;
  #left = 1;
  #startMs = monotonicMs();

  /** Pieces of work of the next stretch. */
  get length(): number {
    return this.#length;
  }

  /** Notes what a stretch took, in milliseconds. */
  note(tookMs: number): void {
    if (tookMs > LONG_MS) this.#length = Math.max(1, this.#length >> 1);
    else if (tookMs < SHORT_MS) this.#length = Math.min(LENGTH_MAX, this.#length * 2);
  }

  /** Counts a piece of work. Tells whether the stretch is over, so that others should have the thread. */
  isDue(): boolean {
    if (--this.#left > 0) return false;
    const nowMs = monotonicMs();
    this.note(nowMs - this.#startMs);
    this.#left = this.#length;
    this.#startMs = nowMs;
    return true;
  }
}
