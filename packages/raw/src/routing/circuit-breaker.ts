import { ArgumentError } from '@cb/protocol';
import { checkOptions, describe } from '../values/argument-checks.js';

/** When a circuit breaker opens and closes. Numbers as in the official Go SDK. */
export interface CircuitBreakerOptions {
  /** Operations within the window before anything is judged. Default 20. */
  readonly volume?: number | undefined;
  /** Share of failures, above 0 to 1, from which on it opens. Default 0.5. */
  readonly failures?: number | undefined;
  /** Milliseconds that it stays open before one operation tries the node again. Default 5,000. */
  readonly sleepMs?: number | undefined;
  /** Milliseconds after which the counts are reset. Default 60,000. */
  readonly windowMs?: number | undefined;
}

/** Throws `ArgumentError` for an option that is unknown or out of range. */
export function checkCircuitBreaker(options: CircuitBreakerOptions): CircuitBreakerOptions {
  checkOptions('circuitBreaker', options, ['volume', 'failures', 'sleepMs', 'windowMs']);
  for (const [name, value] of Object.entries(options)) {
    const max = name === 'failures' ? 1 : Number.MAX_SAFE_INTEGER;
    if (value === undefined || (typeof value === 'number' && value > 0 && value <= max)) continue;
    throw new ArgumentError(
      `circuitBreaker.${name} must be a number above 0, and at most ${max}, not ${describe(value)}`,
    );
  }
  return options;
}

/**
 * `closed` lets everything through; `open` nothing; `half-open` waits for the one operation that it let through.
 */
export type CircuitBreakerState = 'closed' | 'open' | 'half-open';

/** Keeps operations from a node that does not answer, so that they fail, or wait, without it. Times are microseconds. */
export class CircuitBreaker {
  readonly #volume: number;
  readonly #failureShare: number;
  readonly #sleepUsecs: number;
  readonly #windowUsecs: number;
  #state: CircuitBreakerState = 'closed';
  #windowEnds = 0;
  #triesAgainAt = 0;
  #total = 0;
  #failed = 0;

  constructor(options: CircuitBreakerOptions) {
    this.#volume = options.volume ?? 20;
    this.#failureShare = options.failures ?? 0.5;
    this.#sleepUsecs = (options.sleepMs ?? 5000) * 1000;
    this.#windowUsecs = (options.windowMs ?? 60_000) * 1000;
  }

  get state(): CircuitBreakerState {
    return this.#state;
  }

  /**
   * Whether an operation may go to the node now. After the sleep, one may, and decides about the others; when nothing came
   * of it (it was cancelled, or its connection broke), one more after another sleep.
   */
  allows(now: number): boolean {
    if (this.#state === 'closed') return true;
    if (now < this.#triesAgainAt) return false;
    this.#state = 'half-open';
    this.#triesAgainAt = now + this.#sleepUsecs;
    return true;
  }

  /** The node answered, whatever it said. */
  answered(now: number): void {
    if (this.#state === 'half-open') {
      this.#state = 'closed';
      this.#startWindow(now);
    }
    this.#count(now, 0);
  }

  /** The node did not answer. */
  failed(now: number): void {
    this.#count(now, 1);
    const isBad = this.#total >= this.#volume && this.#failed >= this.#failureShare * this.#total;
    if (this.#state === 'half-open' || (this.#state === 'closed' && isBad)) {
      this.#state = 'open';
      this.#triesAgainAt = now + this.#sleepUsecs;
    }
  }

  #count(now: number, failures: number): void {
    if (now >= this.#windowEnds) this.#startWindow(now);
    this.#total++;
    this.#failed += failures;
  }

  #startWindow(now: number): void {
    this.#windowEnds = now + this.#windowUsecs;
    this.#total = 0;
    this.#failed = 0;
  }
}
