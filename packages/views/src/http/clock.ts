import type { BucketServices } from '@cb/raw';

/** Runs down while a server is waited for, and calls when nothing is left. */
export class Clock {
  readonly #services: BucketServices;
  readonly #onEnd: () => void;
  #leftMs: number;
  /** Microseconds on the IOPS clock; undefined while it stands. */
  #startedAt: number | undefined = undefined;
  #alarm: { cancel(): void } | undefined = undefined;

  constructor(services: BucketServices, ms: number, onEnd: () => void) {
    this.#services = services;
    this.#leftMs = ms;
    this.#onEnd = onEnd;
  }

  get remainingMs(): number {
    if (this.#startedAt === undefined) return this.#leftMs;
    return this.#leftMs - (this.#services.iops.now() - this.#startedAt) / 1000;
  }

  start(): void {
    if (this.#startedAt !== undefined) return;
    this.#startedAt = this.#services.iops.now();
    this.#alarm = this.#services.after(this.#leftMs, this.#onEnd);
  }

  stop(): void {
    this.#leftMs = this.remainingMs;
    this.#startedAt = undefined;
    this.#alarm?.cancel();
    this.#alarm = undefined;
  }
}
