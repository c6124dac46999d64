import { EventAction } from './iops/constants.js';
import { type EventHandler, TimerEvent } from './iops/event.js';
import type { IOPS } from './iops/iops.js';

/** Deadlines are kept to within this many microseconds. */
const TICK_USECS = 10_000;
/** A tick that comes this much too late says that the process was busy, not that servers are slow. */
const LATE_USECS = 50_000;

/**
 * One coarse clock for all deadlines and waits of a bucket. It ticks only while something is waited for, and then it is
 * what keeps the process alive: sockets do not.
 */
export class Ticker implements EventHandler {
  readonly #iops: IOPS;
  readonly #timer: TimerEvent;
  /** Does what is due at `now`; false when there is nothing left to wait for. */
  readonly #onTick: (now: number) => boolean;
  #running = false;
  #due = 0;
  #stopped = false;

  constructor(iops: IOPS, onTick: (now: number) => boolean) {
    this.#iops = iops;
    this.#onTick = onTick;
    this.#timer = iops.timerEventFactory?.() ?? new TimerEvent();
    this.#timer.handler = this;
  }

  /** Makes sure that ticks come. */
  start(): void {
    if (this.#running || this.#stopped) return;
    this.#running = true;
    this.#iops.startWatching();
    this.#arm(TICK_USECS);
  }

  /** Ends ticking for good. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#iops.updateTimer(this.#timer, EventAction.Cleanup, 0);
    this.#timer.state = 'freed';
    if (this.#running) this.#iops.stopWatching();
    this.#running = false;
  }

  onReady(): void {
    const now = this.#iops.now();
    if (now - this.#due > LATE_USECS) {
      // The answers may be lying in the sockets already: they are read before anything is called overdue.
      this.#arm(0);
      return;
    }
    if (this.#onTick(now)) {
      if (!this.#stopped) this.#arm(TICK_USECS);
    } else if (!this.#stopped) {
      this.#running = false;
      this.#iops.stopWatching();
    }
  }

  #arm(usecs: number): void {
    this.#due = this.#iops.now() + usecs;
    this.#timer.state = 'active';
    this.#iops.updateTimer(this.#timer, EventAction.Watch, usecs);
  }
}
