import { setImmediate } from 'node:timers';
import { nextTick, soon } from '../iops/turns.js';

/** One thing to be done at a time. */
interface Entry {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
  isCancelled: boolean;
}

/** Something scheduled that can be cancelled. */
export interface Scheduled {
  /** Cancels it. */
  cancel(): void;
}

/** Number of steps in a row before timers and signals of the real world are handled. */
const STEPS_PER_TURN = 1000;

/**
 * Virtual time: what is scheduled happens in the order of its time, and, at one time, in the order of the calls. Time
 * passes only from one of them to the next. Microseconds throughout.
 */
export class Schedule {
  #now = 0;
  #order = 0;
  /** A binary heap, the next entry first. */
  readonly #heap: Entry[] = [];
  #isStopped = false;
  #steps = 0;

  /** Microseconds of virtual time since the beginning. */
  get now(): number {
    return this.#now;
  }

  /** How many things are still to be done. */
  get pending(): number {
    return this.#heap.filter((entry) => !entry.isCancelled).length;
  }

  /** Does something after so many microseconds of virtual time. */
  after(usecs: number, action: () => void): Scheduled {
    const entry: Entry = { at: this.#now + Math.max(0, usecs), order: this.#order++, action, isCancelled: false };
    this.#push(entry);
    return {
      cancel: () => {
        entry.isCancelled = true;
      },
    };
  }

  /** Makes `run` return before its time. */
  stop(): void {
    this.#isStopped = true;
  }

  /**
   * Does what is due until the given time, and lets the promises that follow from each step settle before the next.
   * Time is `until` afterwards, unless it was stopped.
   */
  async run(until: number): Promise<void> {
    this.#isStopped = false;
    while (!this.#isStopped) {
      const next = this.#heap[0];
      if (next === undefined || next.at > until) break;
      this.#pop();
      if (next.isCancelled) continue;
      this.#now = next.at;
      next.action();
      await (++this.#steps % STEPS_PER_TURN === 0 ? yieldToEventLoop() : settleMicrotasks());
    }
    if (!this.#isStopped && until > this.#now) this.#now = until;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    const { length } = heap;
    if (length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/**
 * A tick that is asked for by a microtask comes when no other microtask is left, however many follow from each other.
 * Unlike `setImmediate`, it takes no round of the event loop: virtual time is made of millions of these.
 */
function settleMicrotasks(): Promise<void> {
  return new Promise((resolve) => {
    soon(() => nextTick(resolve, undefined));
  });
}

/** Lets what runs in real time have its turn. */
function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
