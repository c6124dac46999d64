import { setImmediate } from 'node:timers';
import { ArgumentError } from '@cb/protocol';
import type { Clock } from './clock.js';
import { SystemClock } from './system-clock.js';

interface Timer {
  readonly dueMs: number;
  readonly action: () => void;
}

/**
 * A clock that a test moves: expiry, locks and lags of an embedded cluster follow the test.
 *
 *   const clock = new ManualClock();
 *   await using cluster = await EmbeddedCluster.start({ clock });
 *   await clock.advance(60_000);
 *
 * Otherwise it stands still. It never goes back.
 */
export class ManualClock implements Clock {
  #nowMs: number;
  #timers: Timer[] = [];
  /** What it goes by when it is not frozen: the machine's time, and how far it is from that. */
  readonly #system = new SystemClock();
  #aheadMs: number | undefined;
  /** Cancels the wait for the next timer while the clock runs. */
  #callOff: (() => void) | undefined;

  /** @param nowMs where it begins, in milliseconds since the epoch. Default now. */
  constructor(nowMs = Date.now()) {
    this.#nowMs = nowMs;
  }

  /** How many timers wait. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  now(): number {
    if (this.#aheadMs !== undefined) this.#nowMs = Math.max(this.#nowMs, this.#system.now() + this.#aheadMs);
    return this.#nowMs;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { dueMs: this.now() + ms, action };
    this.#timers.push(timer);
    this.#waitForNext();
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /**
   * Moves the clock forward. Every timer that comes due has run when this resolves, in the order of their times, and
   * those that are set on the way too.
   * @throws ArgumentError (as a rejection) when `ms` is negative or not a finite number.
   */
  async advance(ms: number): Promise<void> {
    await this.set(this.now() + ms);
  }

  /** Moves the clock forward to a time: milliseconds since the epoch, or a date. Timers run as with `advance`. */
  async set(time: number | Date): Promise<void> {
    const endMs = this.#checkTime(Number(time));
    const isRunning = this.#aheadMs !== undefined;
    this.freeze();
    while (this.#runNext(endMs)) {
      // What was waiting for the timer goes on, and may set another.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
    if (isRunning) this.run();
  }

  /** Moves the clock forward within this call: only timers that are set by other timers directly can follow them. */
  step(ms: number): void {
    const endMs = this.#checkTime(this.now() + ms);
    while (this.#runNext(endMs));
    this.#nowMs = endMs;
  }

  /** Lets the clock run with the machine's, from the time that it shows. */
  run(): void {
    this.#aheadMs ??= this.#nowMs - this.#system.now();
    this.#waitForNext();
  }

  /** Makes it stand still again, as it did at first. */
  freeze(): void {
    this.now();
    this.#aheadMs = undefined;
    this.#callOff?.();
  }

  #checkTime(timeMs: number): number {
    if (timeMs >= this.now() && timeMs < Number.POSITIVE_INFINITY) return timeMs;
    throw new ArgumentError(`the time must be finite and not before ${this.#nowMs}, which ${timeMs} is`);
  }

  /** Runs the first timer that is due by then, at its time; false when there is none. */
  #runNext(endMs: number): boolean {
    const [first] = this.#timers.filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs);
    if (first === undefined) return false;
    this.#timers = this.#timers.filter((one) => one !== first);
    this.#nowMs = Math.max(this.#nowMs, first.dueMs);
    first.action();
    return true;
  }

  #waitForNext(): void {
    this.#callOff?.();
    if (this.#aheadMs === undefined || this.#timers.length === 0) return;
    const dueMs = this.#timers.reduce((earliest, timer) => Math.min(earliest, timer.dueMs), Number.POSITIVE_INFINITY);
    this.#callOff = this.#system.after(Math.max(0, dueMs - this.now()), () => {
      const now = this.now();
      while (this.#runNext(now));
      this.#waitForNext();
    });
  }
}
