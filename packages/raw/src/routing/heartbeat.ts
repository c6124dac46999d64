import { EventAction } from '../iops/constants.js';
import { type EventHandler, TimerEvent } from '../iops/event.js';
import type { IOPS } from '../iops/iops.js';

/** Lateness of a beat, in microseconds, after which the process may have been asleep, and its peers gone. */
const ASLEEP_USECS = 1_000_000;
/** Microseconds from such a beat to the next one, at most. */
const PATIENCE_USECS = 1_000_000;

/**
 * A beat at an interval, which does not keep the process alive. It has two halves, as a tick has: in between the
 * sockets are read, so that a peer whose answer has arrived is not considered silent.
 */
export class Heartbeat implements EventHandler {
  readonly #iops: IOPS;
  readonly #usecs: number;
  readonly #timer: TimerEvent;
  readonly #onBeat: (wasAsleep: boolean) => void;
  /** When the timer should fire. */
  #due = 0;
  /** How late the beat is whose first half was; undefined between beats. */
  #lateUsecs: number | undefined = undefined;

  /** @param onBeat is told whether the process may have been asleep, so that nothing is known of its peers */
  constructor(iops: IOPS, intervalMs: number, onBeat: (wasAsleep: boolean) => void) {
    this.#iops = iops;
    this.#usecs = intervalMs * 1000;
    this.#onBeat = onBeat;
    this.#timer = iops.timerEventFactory?.() ?? new TimerEvent();
    this.#timer.handler = this;
    this.#timer.keepsAlive = false;
  }

  start(): void {
    this.#arm(this.#usecs);
  }

  stop(): void {
    if (this.#timer.state === 'freed') return;
    this.#iops.updateTimer(this.#timer, EventAction.Cleanup, 0);
    this.#timer.state = 'freed';
  }

  onReady(): void {
    const lateUsecs = this.#lateUsecs;
    if (lateUsecs === undefined) {
      this.#lateUsecs = this.#iops.now() - this.#due;
      this.#arm(0);
      return;
    }
    this.#lateUsecs = undefined;
    const wasAsleep = lateUsecs > ASLEEP_USECS;
    this.#arm(wasAsleep ? Math.min(this.#usecs, PATIENCE_USECS) : this.#usecs);
    this.#onBeat(wasAsleep);
  }

  #arm(usecs: number): void {
    if (this.#timer.state === 'freed') return;
    this.#due = this.#iops.now() + usecs;
    this.#timer.state = 'active';
    this.#iops.updateTimer(this.#timer, EventAction.Watch, usecs);
  }
}
