import type { Clock } from '../clock.js';

interface Waiter {
  readonly seqno: number;
  readonly action: () => void;
}

/**
 * How far a vbucket is "on disk": nothing is written anywhere, but `seqno` follows the mutations at a distance, so that
 * what a client sees of persistence can be slowed down or stopped. One timer a vbucket at most: a mutation is persisted
 * after at least the lag and at most twice that.
 */
export class Persistence {
  /** Everything up to this seqno is persisted. */
  seqno = 0;
  readonly #clock: Clock;
  #lagMs: number;
  #written = 0;
  #waiters: Waiter[] = [];
  #cancel: (() => void) | undefined;

  /** `lagMs` of 0 persists within the mutation, `Infinity` never. */
  constructor(clock: Clock, lagMs: number) {
    this.#clock = clock;
    this.#lagMs = lagMs;
  }

  set lagMs(lagMs: number) {
    this.#lagMs = lagMs;
    this.#cancel?.();
    this.#cancel = undefined;
    this.written(this.#written);
  }

  /** The vbucket has mutations up to `seqno` now. */
  written(seqno: number): void {
    this.#written = seqno;
    if (this.#lagMs === 0) {
      this.seqno = seqno;
      if (this.#waiters.length > 0) this.#wake();
    } else if (this.#cancel === undefined && this.seqno < seqno && this.#lagMs !== Number.POSITIVE_INFINITY) {
      this.#cancel = this.#clock.after(this.#lagMs, () => this.#flush(seqno));
    }
  }

  /** Runs `action` when everything up to `seqno` is persisted, at once when it is. Returns a function that calls it off. */
  when(seqno: number, action: () => void): () => void {
    if (this.seqno >= seqno) {
      action();
      return () => {};
    }
    const waiter = { seqno, action };
    this.#waiters.push(waiter);
    return () => {
      this.#waiters = this.#waiters.filter((one) => one !== waiter);
    };
  }

  /** Calls off the timer and forgets who waits. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiters = [];
  }

  /** The vbucket is empty again. */
  reset(): void {
    this.stop();
    this.seqno = 0;
    this.#written = 0;
  }

  #flush(seqno: number): void {
    this.#cancel = undefined;
    this.seqno = seqno;
    this.#wake();
    this.written(this.#written);
  }

  #wake(): void {
    const due = this.#waiters.filter((one) => one.seqno <= this.seqno);
    if (due.length === 0) return;
    this.#waiters = this.#waiters.filter((one) => one.seqno > this.seqno);
    for (const { action } of due) action();
  }
}
