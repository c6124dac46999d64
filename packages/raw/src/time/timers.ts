import type { HoldUp } from './hold-up.js';
import { TimeLimit } from './time-limit.js';

/** Something that will be done, unless it is cancelled. */
export interface Wait {
  cancel(): void;
}

/** Something that ends what takes too long. */
export interface Limit extends Wait {
  /** Milliseconds until then, or since. */
  readonly remainingMs: number;
}

/** Things to be done at a time, on the bucket's clock. */
export class Timers {
  readonly #now: () => number;
  readonly #timers = new Set<{ readonly at: number; readonly action: () => void }>();
  readonly #limits = new Map<TimeLimit, () => void>();

  /** @param now returns microseconds on the IOPS clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Calls an action after this many milliseconds. */
  after(ms: number, action: () => void): Wait {
    const wait = { at: this.#now() + ms * 1000, action };
    this.#timers.add(wait);
    return { cancel: () => void this.#timers.delete(wait) };
  }

  /**
   * Calls an action after this many milliseconds in which others could answer: hold-ups of the event loop do not count.
   */
  limit(ms: number, action: () => void): Limit {
    const now = this.#now;
    const limit = new TimeLimit(now(), ms);
    this.#limits.set(limit, action);
    return {
      cancel: () => void this.#limits.delete(limit),
      get remainingMs() {
        return limit.remainingMs(now());
      },
    };
  }

  tick(now: number): void {
    for (const wait of this.#timers) {
      if (wait.at > now) continue;
      this.#timers.delete(wait);
      wait.action();
    }
    for (const [limit, action] of this.#limits) {
      if (!limit.isOver(now)) continue;
      this.#limits.delete(limit);
      action();
    }
  }

  extend(holdUp: HoldUp): void {
    for (const limit of this.#limits.keys()) limit.extend(holdUp);
  }
}
