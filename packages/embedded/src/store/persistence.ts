import type { Clock } from '../time/clock.js';
import type { DiskQueue } from './disk-queue.js';

interface Waiter {
  readonly seqno: number;
  readonly action: () => void;
}

/**
 * How far a vbucket is "on disk": nothing is written anywhere, but `seqno` follows the mutations at a distance, so that
 * what a client sees of persistence can be slowed down or stopped. One timer a vbucket at most: a mutation is persisted
 * after at least the lag and at most twice that. Where writing takes time, each mutation waits for its turn in the disk's
 * queue besides.
 */
export class Persistence {
  /** Everything up to this seqno is persisted. */
  seqno = 0;
  readonly #clock: Clock;
  readonly #queue: DiskQueue;
  #lagMs: number;
  #written = 0;
  #waiters: Waiter[] = [];
  #cancel: (() => void) | undefined;
  /** Changes when the vbucket begins again: what waits in the disk's queue for the one before means nothing then. */
  #life = 0;
  /** In the disk's queue already. */
  #queued = 0;

  /** `lagMs` of 0 persists within the mutation, `Infinity` never. */
  constructor(clock: Clock, lagMs: number, queue: DiskQueue) {
    this.#clock = clock;
    this.#queue = queue;
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
    if (this.#queue.msPerItem > 0 || this.#queued > this.seqno) {
      this.#enqueue(seqno);
    } else if (this.#lagMs === 0) {
      this.seqno = seqno;
      if (this.#waiters.length > 0) this.#wake();
    } else if (this.#cancel === undefined && this.seqno < seqno && this.#lagMs !== Number.POSITIVE_INFINITY) {
      this.#cancel = this.#clock.after(this.#lagMs, () => this.#flush(seqno));
    }
  }

  /** Runs `action` when everything up to `seqno` is persisted, at once when it is. Returns a function that cancels it. */
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

  /** Cancels the timer and discards the waiting operations. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiters = [];
  }

  /** The vbucket is empty again. */
  reset(): void {
    this.stop();
    this.#life++;
    this.#queued = 0;
    this.seqno = 0;
    this.#written = 0;
  }

  #enqueue(seqno: number): void {
    if (seqno <= this.#queued || this.#lagMs === Number.POSITIVE_INFINITY) return;
    this.#queued = seqno;
    const life = this.#life;
    this.#queue.write(this.#lagMs, () => {
      if (life === this.#life) this.#flush(seqno);
    });
  }

  #flush(seqno: number): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.seqno = Math.max(this.seqno, seqno);
    this.#wake();
    if (this.#written > this.seqno) this.written(this.#written);
  }

  #wake(): void {
    const due = this.#waiters.filter((one) => one.seqno <= this.seqno);
    if (due.length === 0) return;
    this.#waiters = this.#waiters.filter((one) => one.seqno > this.seqno);
    for (const { action } of due) action();
  }
}
