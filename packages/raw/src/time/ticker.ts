import { EventAction } from '../iops/constants.js';
import { type EventHandler, TimerEvent } from '../iops/event.js';
import type { IOPS } from '../iops/iops.js';
import type { HoldUp } from './hold-up.js';

/** Microseconds from one tick to the next: deadlines are kept to within this, while the event loop turns. */
const TICK_USECS = 10_000;
/** Lateness of a tick, in microseconds, that means a hold-up, which moves deadlines. */
const HELD_UP_USECS = 400_000;
/**
 * As long as a turn of the event loop takes no longer than this, what is overdue ends within so many microseconds after
 * its deadline, even if an answer that came in the last turn before the deadline could not be read yet.
 */
const PUNCTUAL_USECS = 200_000;
/** While turns take longer than that, but no longer than this, what is overdue ends at the end of the turn. */
const PUNCTUAL_TURN_USECS = 250_000;
/** Number of bytes read from a socket that may have more: its peer could not send while its window was full. */
const STREAMING_BYTES = 32 * 1024;
/**
 * After a hold-up, so many further turns at most read what came in the meantime: Node reads up to 2 MiB of a socket in
 * each, and a socket holds up to 6 MiB (Linux, `tcp_rmem`). What peers could not send has its time, as deadlines moved.
 */
const TURNS_AFTER_HOLD_UP = 3;

/** What a ticker drives. */
export interface Ticking {
  /** Does what is due at `now`; false when there is nothing left to wait for. */
  tick(now: number): boolean;
  /** The event loop did not turn for a while: deadlines move. */
  heldUp(holdUp: HoldUp): void;
  /** How many bytes were received so far. */
  receivedBytes(): number;
}

/** The first half of a tick. */
interface Half {
  readonly at: number;
  /** How late it was: what is overdue waits no longer than that for sockets that have still more to be read. */
  readonly lateUsecs: number;
  receivedBytes: number;
  /** How often more was to be read than one turn does. */
  waits: number;
}

/**
 * One coarse clock for all deadlines and waits of a bucket. It ticks only while something is waited for, and then it is
 * what keeps the process alive: sockets do not.
 *
 * A tick that is late says that the process was busy, not that servers are slow: answers may lie in the sockets already.
 * So each tick has two halves, with a turn of the event loop in between, in which the sockets are read:
 *
 *     timer             sockets are read      timer without delay
 *     |--- this time counts as now ---------->| what is due ends
 *
 * Where much was read, more may come, and there are more turns; but no more than fit in the time by which it was late, so
 * that deadlines are kept also while every turn is long. After a hold-up there are only few of them.
 */
export class Ticker implements EventHandler {
  readonly #iops: IOPS;
  readonly #timer: TimerEvent;
  readonly #ticking: Ticking;
  #running = false;
  /** When the timer should fire. */
  #due = 0;
  /** Undefined between ticks. */
  #half: Half | undefined = undefined;
  #stopped = false;

  constructor(iops: IOPS, ticking: Ticking) {
    this.#iops = iops;
    this.#ticking = ticking;
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

  /** Microseconds on the IOPS clock. If the event loop was held up until now, deadlines have been moved by then. */
  now(): number {
    const now = this.#iops.now();
    if (this.#running && now - this.#due > HELD_UP_USECS) {
      const from = this.#due;
      this.#due = now;
      this.#ticking.heldUp({ from, until: now });
    }
    return now;
  }

  onReady(): void {
    const lateUsecs = this.#iops.now() - this.#due;
    const now = this.now();
    const half = this.#half;
    if (half === undefined) {
      this.#halve(now, lateUsecs);
    } else if (this.#isStreaming(half, now)) {
      half.waits++;
      this.#arm(half.lateUsecs > HELD_UP_USECS ? 0 : TICK_USECS);
    } else {
      this.#half = undefined;
      this.#tick(half.waits > 0 ? half.at : readUntil(half.at, now), TICK_USECS - lateUsecs);
    }
  }

  /** @param restUsecs is not above 0 when the next tick would be late as well: it begins at once then */
  #tick(now: number, restUsecs: number): void {
    const isBusy = this.#ticking.tick(now);
    if (this.#stopped) return;
    if (!isBusy) {
      this.#running = false;
      this.#iops.stopWatching();
    } else if (restUsecs > 0) {
      this.#arm(TICK_USECS);
    } else {
      this.#halve(this.#iops.now(), -restUsecs);
    }
  }

  #halve(at: number, lateUsecs: number): void {
    this.#half = { at, lateUsecs, receivedBytes: this.#ticking.receivedBytes(), waits: 0 };
    this.#arm(0);
  }

  /** Whether sockets may have more to be read, and there is time for that. */
  #isStreaming(half: Half, now: number): boolean {
    const before = half.receivedBytes;
    half.receivedBytes = this.#ticking.receivedBytes();
    if (half.receivedBytes - before < STREAMING_BYTES || now - half.at >= half.lateUsecs) return false;
    return half.lateUsecs <= HELD_UP_USECS || half.waits < TURNS_AFTER_HOLD_UP;
  }

  #arm(usecs: number): void {
    this.#due = this.#iops.now() + usecs;
    this.#timer.state = 'active';
    this.#iops.updateTimer(this.#timer, EventAction.Watch, usecs);
  }
}

/**
 * The time up to which deadlines count as passed: what was received by then has been delivered. A bit later than that
 * when the next turn, if it is as long as this one, would make what is overdue late by more than is allowed.
 */
function readUntil(halfAt: number, now: number): number {
  const turn = now - halfAt;
  if (turn > PUNCTUAL_TURN_USECS) return halfAt;
  return Math.min(now, Math.max(halfAt, now + turn - PUNCTUAL_USECS));
}
