import type { BucketServices, Limit } from '@cb/raw';

/** Runs down while a server is waited for, and calls when nothing is left. */
export class Clock {
  readonly #services: BucketServices;
  readonly #onEnd: () => void;
  #leftMs: number;
  /** Undefined while it stands. */
  #limit: Limit | undefined = undefined;

  constructor(services: BucketServices, ms: number, onEnd: () => void) {
    this.#services = services;
    this.#leftMs = ms;
    this.#onEnd = onEnd;
  }

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
