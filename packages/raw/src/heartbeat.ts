import { EventAction } from './iops/constants.js';
import { type EventHandler, TimerEvent } from './iops/event.js';
import type { IOPS } from './iops/iops.js';

/** A beat at an interval, which does not keep the process alive. */
export class Heartbeat implements EventHandler {
  readonly #iops: IOPS;
  readonly #usecs: number;
  readonly #timer: TimerEvent;
  readonly #onBeat: () => void;

  constructor(iops: IOPS, intervalMs: number, onBeat: () => void) {
    this.#iops = iops;
    this.#usecs = intervalMs * 1000;
    this.#onBeat = onBeat;
    this.#timer = iops.timerEventFactory?.() ?? new TimerEvent();
    this.#timer.handler = this;
    this.#timer.keepsAlive = false;
  }

  start(): void {
    if (this.#timer.state === 'freed') return;
    this.#timer.state = 'active';
    this.#iops.updateTimer(this.#timer, EventAction.Watch, this.#usecs);
  }

  stop(): void {
    if (this.#timer.state === 'freed') return;
    this.#iops.updateTimer(this.#timer, EventAction.Cleanup, 0);
    this.#timer.state = 'freed';
  }

  onReady(): void {
    this.start();
    this.#onBeat();
  }
}
