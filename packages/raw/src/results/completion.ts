import { CancelledError, type CouchbaseError } from '@cb/protocol';
import { soon } from '../iops/turns.js';
import { AsyncResult, fireCallback, fireErrback } from './async-result.js';
import type { Result } from './results.js';
import { addAbortAction, removeAbortAction } from './signals.js';

/** The asynchronous result of something that has no key and no value: connecting, closing. */
export class Completion extends AsyncResult<undefined> {
  #remaining = 1;
  #allOk = true;
  #signal: AbortSignal | undefined = undefined;
  readonly #onAbort = (): void => void this.cancel(this.#signal?.reason);
  /** Called when it settles, before its callbacks. */
  onSettled: (() => void) | undefined = undefined;

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

  /** Cancels when the signal is aborted, or at once if it is. */
  cancelOn(signal: AbortSignal): void {
    this.#signal = signal;
    if (signal.aborted) this.#onAbort();
    else addAbortAction(signal, this.#onAbort);
  }

  /** Settles, with an error if there is one; calls back on the next tick. Later calls do nothing. */
  settle(error: CouchbaseError | undefined): void {
    if (this.#remaining === 0) return;
    this.#remaining = 0;
    this.#allOk = error === undefined;
    this.onSettled?.();
    if (this.#signal !== undefined) removeAbortAction(this.#signal, this.#onAbort);
    soon(() => {
      if (error === undefined) fireCallback(this, undefined);
      else fireErrback(this, error);
    });
  }
}
