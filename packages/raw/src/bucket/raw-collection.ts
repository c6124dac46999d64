import { type CounterOptions, counter } from '../operations/counter.js';
import { type EndureOptions, endure, type ObserveOptions, observe } from '../operations/endure.js';
import { type ExistsOptions, exists } from '../operations/exists.js';
import { type GetOptions, get, getFromReplica } from '../operations/get.js';
import { type LockOptions, lock, type UnlockOptions, unlock } from '../operations/lock.js';
import type { ObserveInfo } from '../operations/observe.js';
import { type RemoveOptions, remove } from '../operations/remove.js';
import {
  type AppendOptions,
  append,
  type InsertOptions,
  insert,
  prepend,
  type ReplaceOptions,
  replace,
  type UpsertOptions,
  upsert,
} from '../operations/store.js';
import { type TouchOptions, touch } from '../operations/touch.js';
import type { AsyncResult } from '../results/async-result.js';
import { INSPECT, inspected } from '../results/inspect.js';
import type { ExistsResult, OperationResult, ValueResult } from '../results/results.js';
import { MultiOperations } from './multi-operations.js';

/** What is called inside of a pipeline. */
export type PipelineBuilder<C> = (pipeline: RawCollection) => C;

/** The results of calls, in their order. */
export type PipelineResults<C extends readonly AsyncResult<unknown>[]> = {
  -readonly [I in keyof C]: C[I] extends AsyncResult<infer R> ? R : never;
};

/**
 * The operations on the documents of one collection. Each returns at once with an `AsyncResult`, whose `callback` or
 * `errback` is called when the server has answered.
 *
 * Misuse is thrown from the call: `ArgumentError`, `ValueFormatError`, and `ClientTemporaryFailError` while the bucket
 * is not connected. Everything else goes to `errback`; every operation may fail with `TimeoutError`, `NetworkError`,
 * `CancelledError`, `TemporaryFailError` and the like. `docs/guides/errors.md` has the whole list.
 */
export abstract class RawCollection extends MultiOperations {
  /** Lets the function make its calls, and sends all of them on their way. */
  protected abstract runPipeline(build: PipelineBuilder<unknown>): AsyncResult<unknown[]>;

  /** Returns what a log shows: names and states, never the credentials. */
  abstract toJSON(): object;

  /** Shows in a console what a log shows. */
  [INSPECT](_depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    return inspected(this, options, inspect);
  }

  /**
   * Reads a document; with `ttl` also sets its expiry, with `replica` from whichever replica answers first. A missing
   * one is `NotFoundError`, unless `quiet`.
   */
  get<T = unknown>(key: string, options?: GetOptions): AsyncResult<ValueResult<T>> {
    return options?.replica === true
      ? this.compose(getFromReplica<T>(this.context, key, options))
      : this.start(get<T>(this.context, key, options));
  }

  /** Stores a document, whether or not it exists. With `cas`, `CasMismatchError` when it has changed. */
  upsert(key: string, value: unknown, options?: UpsertOptions): AsyncResult<OperationResult> {
    return this.start(upsert(this.context, key, value, options));
  }

  /** Stores a document that does not exist yet; `DocumentExistsError` when it does. */
  insert(key: string, value: unknown, options?: InsertOptions): AsyncResult<OperationResult> {
    return this.start(insert(this.context, key, value, options));
  }

  /** Stores a document that exists; `NotFoundError` when it does not, `CasMismatchError` when its CAS is another. */
  replace(key: string, value: unknown, options?: ReplaceOptions): AsyncResult<OperationResult> {
    return this.start(replace(this.context, key, value, options));
  }

  /** Removes a document. A missing one is `NotFoundError`, unless `quiet`; another CAS is `CasMismatchError`. */
  remove(key: string, options?: RemoveOptions): AsyncResult<OperationResult> {
    return this.start(remove(this.context, key, options));
  }

  /** Adds to the end of a stored string or bytes; `NotStoredError` when there is no document. */
  append(key: string, value: string | Uint8Array, options?: AppendOptions): AsyncResult<OperationResult> {
    return this.start(append(this.context, key, value, options));
  }

  /** Adds to the beginning of a stored string or bytes; `NotStoredError` when there is no document. */
  prepend(key: string, value: string | Uint8Array, options?: AppendOptions): AsyncResult<OperationResult> {
    return this.start(prepend(this.context, key, value, options));
  }

  /** Counts up or down and gives the new value; `DeltaBadvalError` when the document is no number from 0 to 2^64 - 1. */
  counter(key: string, options?: CounterOptions): AsyncResult<ValueResult<number | bigint>> {
    return this.start(counter(this.context, key, options));
  }

  /** Sets the expiry of a document; `NotFoundError` when there is none, whatever `quiet` is. */
  touch(key: string, options?: TouchOptions): AsyncResult<OperationResult> {
    return this.start(touch(this.context, key, options));
  }

  /**
   * Reads a document and locks it: until its `ttl` is over or it is unlocked, only this CAS can change it.
   * `DocumentLockedError` when somebody else has the lock.
   */
  lock<T = unknown>(key: string, options: LockOptions): AsyncResult<ValueResult<T>> {
    return this.start(lock<T>(this.context, key, options));
  }

  /**
   * Gives a lock back. `CasMismatchError` for another CAS than that of the lock, `TemporaryFailError` (a `NotLockedError`
   * from newer servers) when the document is not locked.
   */
  unlock(key: string, options: UnlockOptions): AsyncResult<OperationResult> {
    return this.start(unlock(this.context, key, options));
  }

  /** Whether there is a document, without reading it. */
  exists(key: string, options?: ExistsOptions): AsyncResult<ExistsResult> {
    return this.start(exists(this.context, key, options));
  }

  /** What every node with a copy knows of a document; a missing document is no error here. */
  observe(key: string, options?: ObserveOptions): AsyncResult<ValueResult<ObserveInfo[]>> {
    return this.compose(observe(this.context, key, options));
  }

  /** Waits until enough nodes have a document, or the mutation of a token; `TimeoutError` when they do not in time. */
  endure(key: string, options?: EndureOptions): AsyncResult<OperationResult> {
    return this.compose(endure(this.context, key, options));
  }

  /**
   * Makes many different calls at once: those that `build` makes on its argument, which has all operations of this
   * collection. They go out together when it returns, in the order of the calls, and have one outcome: the results, or
   * the failure of the first call that failed, after all are answered, with its place among the calls as `callIndex`.
   * What single calls return takes no callbacks; it stands for the result:
   *
   *   bucket.pipeline((p) => [p.upsert('a', 1), p.get<Doc>('b')]) // AsyncResult<[OperationResult, ValueResult<Doc>]>
   *
   * When `build` returns nothing, the results are those of all calls, in order.
   *
   * Misuse is thrown at once, from the call that it is in, and nothing is sent unless `build` catches it.
   * `PipelineError` for a pipeline inside of a pipeline of the same bucket, and for calls after `build` has returned.
   */
  pipeline<const C extends readonly AsyncResult<unknown>[]>(build: PipelineBuilder<C>): AsyncResult<PipelineResults<C>>;
  pipeline(build: PipelineBuilder<void>): AsyncResult<unknown[]>;
  pipeline(build: PipelineBuilder<unknown>): AsyncResult<unknown[]> {
    return this.runPipeline(build);
  }
}
