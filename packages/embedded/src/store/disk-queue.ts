import type { Clock } from '../time/clock.js';

interface Item {
  readonly dueMs: number;
  readonly written: () => void;
}

/**
 * What waits to be written to the disk of a node's part of a bucket: one item after the other, each of which takes its
 * time. Items that are due at the same tick of the clock are written together.
 */
export class DiskQueue {
  readonly #clock: Clock;
  #msPerItem: number;
  #items: Item[] = [];
  /** Those before it were written. */
  #first = 0;
  #busyUntilMs = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, msPerItem: number) {
    this.#clock = clock;
    this.#msPerItem = msPerItem;
  }

  /** Milliseconds; 0 writes at once. Holds for items from now on. */
  get msPerItem(): number {
    return this.#msPerItem;
  }

  set msPerItem(ms: number) {
    this.#msPerItem = ms;
  }

  /** How many items wait. */
  get length(): number {
    return this.#items.length - this.#first;
  }

  /** Calls back when an item that may be written after `lagMs` at the earliest is on disk. */
  write(lagMs: number, written: () => void): void {
    const startMs = Math.max(this.#clock.now() + lagMs, this.#busyUntilMs);
    this.#busyUntilMs = startMs + this.#msPerItem;
    this.#items.push({ dueMs: this.#busyUntilMs, written });
    this.#schedule();
  }

  /** Forgets what waits. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#items = [];
    this.#first = 0;
    this.#busyUntilMs = 0;
  }

  #schedule(): void {
    const next = this.#items[this.#first];
    if (next === undefined || this.#cancel !== undefined) return;
    this.#cancel = this.#clock.after(Math.max(0, next.dueMs - this.#clock.now()), () => this.#writeDue());
  }

  #writeDue(): void {
    this.#cancel = undefined;
    const now = this.#clock.now();
    while (this.#first < this.#items.length && this.#items[this.#first]!.dueMs <= now) {
      this.#items[this.#first++]!.written();
    }
    // What is written is forgotten once it is half of all, so that each item is moved once.
    if (2 * this.#first >= this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    this.#schedule();
  }
}
