import type { CouchbaseError } from '@cb/protocol';
import { Completion } from './completion.js';

/** Those who wait until the queues are short enough to be filled again. */
export class Drains {
  readonly #queuedMax: number;
  #waiting: Completion[] = [];

  /** @param queueMax operations that one queue takes; it counts as drained at half of that. */
  constructor(queueMax: number) {
    this.#queuedMax = Math.floor(queueMax / 2);
  }

  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  add(): Completion {
    const completion = new Completion();
    this.#waiting.push(completion);
    return completion;
  }

  /** @param queued operations in the longest queue. */
  tick(queued: number): void {
    if (queued <= this.#queuedMax) this.end(undefined);
  }

  /** Settles all, with an error if there is one. */
  end(error: CouchbaseError | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const completion of waiting) completion.settle(error);
  }
}
