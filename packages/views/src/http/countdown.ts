import type { BucketServices, Limit } from '@cb/raw/internal';

/** The time that a server has left to answer. It can be stopped and started; its callback runs when nothing is left. */
export class Countdown {
  readonly #services: BucketServices;
  readonly #onEnd: () => void;
  #leftMs: number;
  /** Undefined while the countdown is stopped. */
  #limit: Limit | undefined = undefined;

  /** Creates a countdown of `ms` milliseconds, stopped. */
  constructor(services: BucketServices, ms: number, onEnd: () => void) {
    this.#services = services;
    this.#leftMs = ms;
    this.#onEnd = onEnd;
  }

  /** Milliseconds until the end; constant while the countdown is stopped. */
  get remainingMs(): number {
    return this.#limit?.remainingMs ?? this.#leftMs;
  }

  start(): void {
    this.#limit ??= this.#services.limit(this.#leftMs, this.#onEnd);
  }

  stop(): void {
    this.#leftMs = this.remainingMs;
    this.#limit?.cancel();
    this.#limit = undefined;
  }
}
