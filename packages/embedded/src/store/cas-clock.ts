import type { Clock } from '../time/clock.js';

const TWO_32 = 0x1_0000_0000;

/**
 * A vbucket's hybrid logical clock, the source of its CAS values: nanoseconds since the epoch with the low 16 bits used
 * as a counter, so that a CAS has the time of its mutation and still grows when two come within one tick. Hot file: the
 * value is held as two u32 halves.
 *
 *   63                                   16 15          0
 *   [ nanoseconds, a tick of 65.536 µs     | counter    ]
 */
export class CasClock {
  high = 0;
  low = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Moves on to the next CAS, found in `high` and `low` then. */
  tick(): void {
    // A double has 256 ns to spare at this size; the counter's bits are cut off anyway.
    const nanoseconds = this.#clock.now() * 1e6;
    const high = Math.floor(nanoseconds / TWO_32);
    const low = ((nanoseconds - high * TWO_32) & 0xffff0000) >>> 0;
    if (high > this.high || (high === this.high && low > this.low)) {
      this.high = high;
      this.low = low;
    } else if (this.low === 0xffffffff) {
      this.high += 1;
      this.low = 0;
    } else {
      this.low += 1;
    }
  }

  /** Takes note of a CAS that came from elsewhere, so that the next one is greater. */
  observe(high: number, low: number): void {
    if (high < this.high || (high === this.high && low <= this.low)) return;
    this.high = high;
    this.low = low;
  }
}

/** The CAS source of a memcached bucket, which has no clock in it: it counts from 1. */
export class CasCounter {
  high = 0;
  low = 0;

  tick(): void {
    this.low = (this.low + 1) >>> 0;
    if (this.low === 0) this.high += 1;
  }

  observe(): void {}
}

/** Where CAS values come from: `tick` makes the next one, then `high` and `low` are its halves. */
export interface CasSource {
  readonly high: number;
  readonly low: number;
  tick(): void;
  observe(high: number, low: number): void;
}
