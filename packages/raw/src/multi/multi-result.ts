import { CancelledError, type CouchbaseError } from '@cb/protocol';
import { soon } from '../iops/turns.js';
import type { CompositeCall } from '../operation/composite.js';
import type { Operation } from '../operation/operation.js';
import { AsyncResult, type Errback, fireCallback, fireErrback, throwLater } from '../results/async-result.js';
import { failedResult, type Result } from '../results/results.js';
import { addAbortAction, removeAbortAction } from '../results/signals.js';
import type { Item } from './item.js';

/** The part of the bucket that a multi operation uses. */
export interface MultiHost<R extends Result> {
  /** Sends an operation. */
  issue(operation: Operation<R>): void;
  /** Begins a call that takes several operations. */
  compose(call: CompositeCall<R>): AsyncResult<R>;
}

/** The Item that receives the result of a call, and a further change to it after success. */
export interface ItemSlot {
  readonly item: Item;
  edit?(): void;
}

type Call<R extends Result> = Operation<R> | CompositeCall<R>;

/**
 * The results of one call for many keys, by key, in the order in which the keys were given. It is both what a `Multi`
 * method returns at once, empty, and what its callback receives, complete.
 *
 * When all operations are answered, `callback` is called if each succeeded or its failure is one that `quiet` allows;
 * else `errback`, with the first failure in the order of arrival (that of a value that cannot be decoded before all
 * others) and, in `error.allResults`, everything.
 */
export class MultiResult<R extends Result = Result> extends AsyncResult<MultiResult<R>> {
  readonly #calls: readonly Call<R>[];
  /** The call whose result is that of the key: the only one, or of several one that is answered, the last of those. */
  readonly #callOf = new Map<string, Call<R>>();
  /** Keys that were given more than once, in order: each has one result, of the operation that was answered last. */
  readonly duplicates: readonly string[];
  /**
   * The results that have arrived, by key, in a Map of its own. It is what a clone of this object has: `structuredClone` and
   * `postMessage` take it and `duplicates` along, once the callback has been called.
   */
  declare readonly results: ReadonlyMap<string, R>;
  /** All calls have one, or none. */
  readonly #items: ReadonlyMap<Call<R>, ItemSlot> | undefined;
  readonly #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined = undefined;
  /** The results of calls that take several operations; an operation keeps its own. */
  readonly #composed = new Map<CompositeCall<R>, Result>();
  /** Calls of several operations that are in progress. */
  readonly #underWay = new Set<AsyncResult<R>>();
  readonly #errors = new Map<string, CouchbaseError>();
  /** Number of keys with a result, without Items. */
  #size = 0;
  #remaining: number;
  #allOk = true;
  #firstError: CouchbaseError | undefined = undefined;
  #begun = false;
  #cancelling = false;

  /** Created by multi operations. @internal */
  constructor(
    calls: readonly Call<R>[],
    items: ReadonlyMap<Call<R>, ItemSlot> | undefined,
    signal: AbortSignal | undefined,
  ) {
    super();
    this.#calls = calls;
    this.#items = items;
    this.#signal = signal;
    this.#remaining = calls.length;
    const duplicates: string[] = [];
    for (const call of calls) {
      if (!('run' in call)) call.parent = this;
      const { size } = this.#callOf;
      this.#callOf.set(call.key, call);
      if (this.#callOf.size === size) duplicates.push(call.key);
    }
    this.duplicates = duplicates;
    // A property of its own: `structuredClone` and `postMessage` take along nothing else.
    Object.defineProperty(this, 'results', { enumerable: true, get: () => new Map(this) });
  }

  get remaining(): number {
    return this.#remaining;
  }

  get allOk(): boolean {
    return this.#allOk;
  }

  /** How many keys have their result. */
  get size(): number {
    return this.#items === undefined ? this.#size : this.#callOf.size;
  }

  /** Why keys failed; failures that `quiet` allows are not among them. */
  get errors(): ReadonlyMap<string, CouchbaseError> {
    return this.#errors;
  }

  get(key: string): R | undefined {
    const call = this.#callOf.get(key);
    return call === undefined ? undefined : this.#resultOf(call);
  }

  /** Whether the key has a result. */
  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** Returns the keys that have results. */
  *keys(): IterableIterator<string> {
    for (const [key] of this) yield key;
  }

  /** Returns the results. */
  *values(): IterableIterator<R> {
    for (const call of this.duplicates.length === 0 ? this.#calls : this.#callOf.values()) {
      const result = this.#resultOf(call);
      if (result !== undefined) yield result;
    }
  }

  /** Returns the keys with their results. */
  entries(): IterableIterator<[string, R]> {
    return this[Symbol.iterator]();
  }

  /** Calls a function with each result. */
  forEach(action: (result: R, key: string, results: this) => void): void {
    for (const [key, result] of this) action(result, key, this);
  }

  /** Returns the keys with their results. */
  *[Symbol.iterator](): IterableIterator<[string, R]> {
    for (const [key, call] of this.#callOf) {
      const result = this.#resultOf(call);
      if (result !== undefined) yield [key, result];
    }
  }

  /** The results that have arrived, by key. */
  toJSON(): { readonly [key: string]: R } {
    return Object.fromEntries(this);
  }

  /** The results that are successes, and those that are not, by key. */
  splitResults(): { readonly succeeded: Map<string, R>; readonly failed: Map<string, R> } {
    const succeeded = new Map<string, R>();
    const failed = new Map<string, R>();
    for (const [key, result] of this) (result.success ? succeeded : failed).set(key, result);
    return { succeeded, failed };
  }

  /** Sends everything; called once, by the bucket. @internal */
  begin(host: MultiHost<R>): void {
    const signal = this.#signal;
    if (signal?.aborted === true) this.cancel(signal.reason);
    if (this.#cancelling) return;
    this.#begun = true;
    if (signal !== undefined) {
      const onAbort = (): void => void this.cancel(signal.reason);
      this.#onAbort = onAbort;
      addAbortAction(signal, onAbort);
    }
    for (const call of this.#calls) {
      if ('run' in call) this.#adopt(call, host.compose(call));
      else host.issue(call);
    }
  }

  cancel(reason?: unknown): boolean {
    if (this.#remaining === 0 || this.#cancelling) return false;
    this.#cancelling = true;
    for (const call of this.#calls) {
      if (!('run' in call)) call.cancel(reason);
      else if (!this.#begun) this.#cancelUnbegun(call, reason);
    }
    for (const call of this.#underWay) call.cancel(reason);
    return true;
  }

  /** Takes the outcome of one of its operations. @internal */
  childSettled(child: Operation): void {
    this.#settle(child as Operation<R>, child.result!, child.error);
  }

  #adopt(call: CompositeCall<R>, begun: AsyncResult<R>): void {
    this.#underWay.add(begun);
    const succeeded = (result: R): void => {
      this.#underWay.delete(begun);
      this.#settle(call, result, undefined);
    };
    const failed: Errback = (_results, _errorClass, error) => {
      this.#underWay.delete(begun);
      this.#settle(call, failedResult(call.key, error), error);
    };
    begun.setCallbacks(succeeded, failed);
  }

  #cancelUnbegun(call: CompositeCall<R>, reason: unknown): void {
    const details = { operation: call.name, key: call.key, cause: reason };
    const error = new CancelledError(`${call.name} was cancelled`, details);
    soon(() => this.#settle(call, failedResult(call.key, error), error));
  }

  #settle(call: Call<R>, result: Result, error: CouchbaseError | undefined): void {
    if (this.duplicates.length === 0) {
      this.#size++;
    } else {
      const before = this.#callOf.get(call.key)!;
      if (before === call || this.#resultOf(before) === undefined) this.#size++;
      this.#callOf.set(call.key, call);
    }
    if ('run' in call) this.#composed.set(call, result);
    const slot = this.#items?.get(call);
    if (slot !== undefined) updateItem(slot, result);
    if (!result.success) this.#allOk = false;
    if (error !== undefined) this.#note(call.key, error);
    if (--this.#remaining > 0) return;
    if (this.#onAbort !== undefined) removeAbortAction(this.#signal!, this.#onAbort);
    if (this.#firstError === undefined) fireCallback(this, this);
    else fireErrback(this, this.#firstError);
    // Functions cannot be cloned, and these have done their work.
    this.clearCallbacks();
  }

  /** What there is of the call's result: an Item is there from the start. */
  #resultOf(call: Call<R>): R | undefined {
    const item = this.#items?.get(call)?.item;
    return (item ?? ('run' in call ? this.#composed.get(call) : call.result)) as R | undefined;
  }

  #note(key: string, error: CouchbaseError): void {
    this.#errors.set(key, error);
    const isDecoding = error.code === 'value_format' && this.#firstError?.code !== 'value_format';
    if (this.#firstError === undefined || isDecoding) this.#firstError = error;
  }
}

/** An Item is the application's: one that cannot be updated must not keep the others from their results. */
function updateItem({ item, edit }: ItemSlot, result: Result): void {
  try {
    item.update(result);
    if (result.success) edit?.();
  } catch (thrown) {
    throwLater(thrown);
  }
}
