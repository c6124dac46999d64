import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import type { Clock } from './clock.js';
import { monotonicMs } from './monotonic.js';

/** A longer timeout would overflow, and fire at once. */
const TIMEOUT_MS_MAX = 0x7fff_ffff;

/** The machine's own time. Its timers do not keep an idle process alive. */
export class SystemClock implements Clock {
  #latest = 0;

  /** Never goes back, although the machine's time may be set back. */
  now(): number {
    this.#latest = Math.max(this.#latest, performance.timeOrigin + monotonicMs());
    return this.#latest;
  }

  after(ms: number, action: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const wait = (leftMs: number): void => {
      if (leftMs === Number.POSITIVE_INFINITY) return;
      const turnMs = Math.min(leftMs, TIMEOUT_MS_MAX);
      timer = setTimeout(() => (leftMs > turnMs ? wait(leftMs - turnMs) : action()), turnMs);
      timer.unref();
    };
    wait(ms);
    return () => clearTimeout(timer);
  }
}
