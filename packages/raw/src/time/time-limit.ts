import { extend, type HoldUp, type Limited } from './hold-up.js';

/** The deadline of something that waits for others; hold-ups of the event loop move it. */
export class TimeLimit implements Limited {
  readonly timeoutMs: number;
  deadline: number;
  heldUp = 0;

  /** @param now microseconds on the IOPS clock */
  constructor(now: number, timeoutMs: number) {
    this.timeoutMs = timeoutMs;
    this.deadline = now + timeoutMs * 1000;
  }

  isOver(now: number): boolean {
    return now >= this.deadline;
  }

  /** Milliseconds until the deadline; negative after it. */
  remainingMs(now: number): number {
    return (this.deadline - now) / 1000;
  }

  extend(holdUp: HoldUp): void {
    extend(this, holdUp);
  }
}
