import { CancelledError, type CouchbaseError } from '@cb/protocol';
import { AsyncResult } from './async-result.js';
import type { Result } from './results.js';

/** The asynchronous result of something that has no key and no value: connecting, closing. */
export class Completion extends AsyncResult<undefined> {
  #remaining = 1;
  #allOk = true;

  get remaining(): number {
    return this.#remaining;
  }

  get allOk(): boolean {
    return this.#allOk;
  }

  get(): Result | undefined {
    return undefined;
  }

  *[Symbol.iterator](): Iterator<[string, Result]> {}

  cancel(reason?: unknown): boolean {
    if (this.#remaining === 0) return false;
    this.settle(new CancelledError('waiting was cancelled', { cause: reason }));
    return true;
  }

  /** Settles, with an error if there is one; calls back on the next tick. Later calls do nothing. */
  settle(error: CouchbaseError | undefined): void {
    if (this.#remaining === 0) return;
    this.#remaining = 0;
    this.#allOk = error === undefined;
    queueMicrotask(() => {
      if (error === undefined) this.fireCallback(undefined);
      else this.fireErrback(error);
    });
  }
}
