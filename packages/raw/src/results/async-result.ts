import { type CouchbaseError, type ErrorDetails, MissingCallbackError } from '@cb/protocol';
import { nextTick } from '../iops/turns.js';
import { INSPECT } from './inspect.js';
import type { Result } from './results.js';

/** Called once with the result, on success. */
// As a method, so that an asynchronous result of one kind counts as one of any wider kind.
export type Callback<R> = { call(result: R): void }['call'];

/** Called once on failure: the asynchronous result, the error's class, the error, and its stack trace. */
export type Errback = (
  result: AsyncResult<unknown>,
  errorClass: abstract new (...args: never[]) => CouchbaseError,
  error: CouchbaseError,
  traceback: string | undefined,
) => void;

/**
 * What every operation of a `RawBucket` returns: empty at first, filled as answers arrive, done when exactly one of
 * `callback` and `errback` has been called, once. Neither is ever called from inside the call that returned this
 * object, so it is safe to set them right after it.
 *
 * When the one that is needed is not set at that time, a `MissingCallbackError` is thrown to the process on the next
 * tick. An exception thrown by a callback surfaces in the same way and disturbs no other operation.
 */
export abstract class AsyncResult<R> implements Iterable<[string, Result]> {
  /** Receives the result. */
  declare callback: Callback<R> | undefined;
  /** Receives the failure. */
  declare errback: Errback | undefined;

  constructor() {
    this.callback = undefined;
    this.errback = undefined;
  }

  /** Number of operations that are not answered yet. */
  abstract get remaining(): number;

  /** False as soon as any operation has failed, also when `quiet` keeps the failure from `errback`. */
  abstract get allOk(): boolean;

  /** The result under a key, when it has arrived. */
  abstract get(key: string): Result | undefined;

  /** The results that have arrived, by key. */
  abstract [Symbol.iterator](): Iterator<[string, Result]>;

  /**
   * Cancels what is not answered yet, which fails with `CancelledError` (`ambiguous` when the server may have executed
   * it). Never calls back from inside this call. Returns false when nothing was left to cancel.
   */
  abstract cancel(reason?: unknown): boolean;

  /**
   * Sets both. Where operations are many, better than to assign two functions: V8 puts a function that is written as the
   * value of an assignment to a property into its old space, as if it were a method, and what that refers to stays there
   * until the next major collection.
   */
  setCallbacks(callback: Callback<R>, errback: Errback): void {
    this.callback = callback;
    this.errback = errback;
  }

  /** Removes `callback` and `errback`. */
  clearCallbacks(): void {
    this.callback = undefined;
    this.errback = undefined;
  }

  /** Shown by its results: what else is in it are the insides of the core. */
  [INSPECT](_depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    return `${this.constructor.name} ${inspect(new Map(this), options)}`;
  }
}

/** Makes the one terminal call of an asynchronous result, that of `callback`. */
export function fireCallback<R>(of: AsyncResult<R>, result: R): void {
  const { callback } = of;
  if (callback === undefined) {
    throwLater(missing(of, 'callback'));
    return;
  }
  try {
    callback(result);
  } catch (thrown) {
    throwLater(thrown);
  }
}

/** Makes the one terminal call of an asynchronous result, that of `errback`. */
export function fireErrback<R>(result: AsyncResult<R>, error: CouchbaseError): void {
  error.allResults = result;
  const { errback } = result;
  if (errback === undefined) {
    throwLater(missing(result, 'errback', error));
    return;
  }
  try {
    errback(result, error.constructor as never, error, error.stack);
  } catch (thrown) {
    throwLater(thrown);
  }
}

function missing(of: AsyncResult<unknown>, slot: string, cause?: unknown): MissingCallbackError {
  // Only a single operation knows its key.
  const details = (of as { details?(): ErrorDetails }).details?.() ?? {};
  const what =
    'operation' in details ? `the result of ${details.operation} ${JSON.stringify(details.key)}` : 'a result';
  return new MissingCallbackError(`${what} arrived and its ${slot} is not set`, { ...details, cause });
}

/** Surfaces an error as an uncaught exception, outside of whatever is running now. */
export function throwLater(thrown: unknown): void {
  nextTick(raise, thrown);
}

function raise(thrown: unknown): never {
  throw thrown;
}
