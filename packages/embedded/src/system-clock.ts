import type { Clock } from './clock.js';

/** The machine's own time. Its timers do not keep an idle process alive. */
export class SystemClock implements Clock {
  #latest = 0;

  /** Never goes back, although the machine's time may be set back. */
  now(): number {
    this.#latest = Math.max(this.#latest, performance.timeOrigin + performance.now());
    return this.#latest;
  }

  after(ms: number, action: () => void): () => void {
    const timer = setTimeout(action, ms);
    timer.unref();
    return () => clearTimeout(timer);
  }
}
