import type { CouchbaseError } from '@cb/protocol';
import { AsyncResult } from './async-result.js';
import type { Operation, OperationParent } from './operation.js';
import type { Result } from './results.js';

/**
 * The results of one call for many keys, by key. It is both what a `Multi` method returns at once, empty, and what its
 * callback receives, complete.
 *
 * When all operations are answered, `callback` is called if each succeeded or its failure is one that `quiet` allows;
 * else `errback`, with the first failure in the order of arrival (that of a value that cannot be decoded before all
 * others) and, in `error.allResults`, everything.
 */
export class MultiResult<R extends Result = Result> extends AsyncResult<MultiResult<R>> implements OperationParent {
  readonly #operations: readonly Operation<R>[];
  readonly #byKey = new Map<string, Result>();
  #remaining: number;
  #allOk = true;
  #firstError: CouchbaseError | undefined = undefined;
  #cancelling = false;

  constructor(operations: readonly Operation<R>[]) {
    super();
    this.#operations = operations;
    this.#remaining = operations.length;
    for (const operation of operations) operation.parent = this;
  }

  get remaining(): number {
    return this.#remaining;
  }

  get allOk(): boolean {
    return this.#allOk;
  }

  /** How many keys have their result. */
  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): R | undefined {
    return this.#byKey.get(key) as R | undefined;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  keys(): IterableIterator<string> {
    return this.#byKey.keys();
  }

  values(): IterableIterator<R> {
    return this.#byKey.values() as IterableIterator<R>;
  }

  [Symbol.iterator](): IterableIterator<[string, R]> {
    return this.#byKey.entries() as IterableIterator<[string, R]>;
  }

  /** The results that are successes, and those that are not, by key. */
  splitResults(): { readonly succeeded: Map<string, R>; readonly failed: Map<string, R> } {
    const succeeded = new Map<string, R>();
    const failed = new Map<string, R>();
    for (const [key, result] of this) (result.success ? succeeded : failed).set(key, result);
    return { succeeded, failed };
  }

  cancel(reason?: unknown): boolean {
    if (this.#remaining === 0 || this.#cancelling) return false;
    this.#cancelling = true;
    for (const operation of this.#operations) operation.cancel(reason);
    return true;
  }

  childSettled(child: Operation): void {
    this.#byKey.set(child.key, child.result!);
    if (!child.result!.success) this.#allOk = false;
    const { error } = child;
    if (error !== undefined) {
      const isDecoding = error.code === 'value_format' && this.#firstError?.code !== 'value_format';
      if (this.#firstError === undefined || isDecoding) this.#firstError = error;
    }
    if (--this.#remaining > 0) return;
    if (this.#firstError === undefined) this.fireCallback(this);
    else this.fireErrback(this.#firstError);
  }
}
