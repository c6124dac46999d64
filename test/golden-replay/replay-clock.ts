import type { Clock } from '@cb/embedded';

interface Timer {
  readonly atMs: number;
  readonly action: () => void;
}

/** A clock that stands still until it is set; timers that are due by then fire on the way, in order. */
export class ReplayClock implements Clock {
  #now: number;
  #timers: Timer[] = [];

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { atMs: this.#now + ms, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** Moves on to a time; an earlier one than the current is passed over. */
  set(ms: number): void {
    for (;;) {
      const due = this.#timers.filter((one) => one.atMs <= ms).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((one) => one !== due);
      this.#now = Math.max(this.#now, due.atMs);
      due.action();
    }
    this.#now = Math.max(this.#now, ms);
  }
}
