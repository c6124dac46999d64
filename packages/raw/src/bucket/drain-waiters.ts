import type { CouchbaseError } from '@cb/protocol';
import { Completion } from '../results/completion.js';

/** What counts as short enough. */
const FULLNESS_MAX = 0.5;

/** The callers that wait until the queues are short enough to be filled again. */
export class DrainWaiters {
  #waiting: Completion[] = [];

  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  add(): Completion {
    const completion = new Completion();
    this.#waiting.push(completion);
    return completion;
  }

  /** @param fullness of the fullest queue, from 0 to 1 */
  tick(fullness: number): void {
    if (fullness <= FULLNESS_MAX) this.end(undefined);
  }

  /** Settles all, with an error if there is one. */
  end(error: CouchbaseError | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const completion of waiting) completion.settle(error);
  }
}
