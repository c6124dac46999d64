import { ManualClock as PublicClock } from '../../src/time/manual-clock.js';

/** The clock of tests that have nothing to wait for: timers run within the call that moves it. */
export class ManualClock extends PublicClock {
  constructor(nowMs = Date.UTC(2026, 0, 1)) {
    super(nowMs);
  }

  override advance(ms: number): Promise<void> {
    this.step(ms);
    return Promise.resolve();
  }
}
