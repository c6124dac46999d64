import type {
  AppendOptions,
  AsyncResult,
  CounterOptions,
  EndureOptions,
  ExistsOptions,
  ExistsResult,
  GetOptions,
  InsertOptions,
  LockOptions,
  ObserveInfo,
  ObserveOptions,
  OperationResult,
  PipelineBuilder,
  PipelineResults,
  RemoveOptions,
  ReplaceOptions,
  TouchOptions,
  UnlockOptions,
  UpsertOptions,
  ValueResult,
} from '@cb/raw';
import { CollectionMultis } from './collection-multis.js';

/**
 * The operations on the documents of one collection, as Promises. They are those of `RawCollection` in `@cb/raw`, which
 * does all the work; what is added here is the Promise.
 *
 * Every failure is a rejection, misuse too: nothing is ever thrown from the call. Called before the bucket is connected,
 * an operation waits for the connection and then goes out in the order of the calls.
 */
export abstract class Collection extends CollectionMultis {
  /**
   * Reads a document; with `ttl` also sets its expiry, with `replica` from whichever replica answers first. A missing
   * one is `NotFoundError`, unless `quiet`.
   */
  get<T = unknown>(key: string, options?: GetOptions): Promise<ValueResult<T>> {
    return this.promise(() => this.operations.get<T>(key, options), options);
  }

  /** Stores a document, whether or not it exists. With `cas`, `CasMismatchError` when it has changed. */
  upsert(key: string, value: unknown, options?: UpsertOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.upsert(key, value, options), options);
  }

  /** Stores a document that does not exist yet; `DocumentExistsError` when it does. */
  insert(key: string, value: unknown, options?: InsertOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.insert(key, value, options), options);
  }

  /** Stores a document that exists; `NotFoundError` when it does not, `CasMismatchError` when its CAS is another. */
  replace(key: string, value: unknown, options?: ReplaceOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.replace(key, value, options), options);
  }

  /** Removes a document. A missing one is `NotFoundError`, unless `quiet`; another CAS is `CasMismatchError`. */
  remove(key: string, options?: RemoveOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.remove(key, options), options);
  }

  /** Adds to the end of a stored string or bytes; `NotStoredError` when there is no document. */
  append(key: string, value: string | Uint8Array, options?: AppendOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.append(key, value, options), options);
  }

  /** Adds to the beginning of a stored string or bytes; `NotStoredError` when there is no document. */
  prepend(key: string, value: string | Uint8Array, options?: AppendOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.prepend(key, value, options), options);
  }

  /** Counts up or down and gives the new value; `DeltaBadvalError` when the document is no number from 0 to 2^64 - 1. */
  counter(key: string, options?: CounterOptions): Promise<ValueResult<number | bigint>> {
    return this.promise(() => this.operations.counter(key, options), options);
  }

  /** Sets the expiry of a document; `NotFoundError` when there is none, whatever `quiet` is. */
  touch(key: string, options?: TouchOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.touch(key, options), options);
  }

  /** Reads a document and locks it for `ttl` seconds; `DocumentLockedError` when somebody else has the lock. */
  lock<T = unknown>(key: string, options: LockOptions): Promise<ValueResult<T>> {
    return this.promise(() => this.operations.lock<T>(key, options), options);
  }

  /** Gives a lock back; `CasMismatchError` for another CAS than that of the lock, `TemporaryFailError` when there is none. */
  unlock(key: string, options: UnlockOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.unlock(key, options), options);
  }

  /** Whether there is a document, without reading it. */
  exists(key: string, options?: ExistsOptions): Promise<ExistsResult> {
    return this.promise(() => this.operations.exists(key, options), options);
  }

  /** What every node with a copy knows of a document; a missing document is no error here. */
  observe(key: string, options?: ObserveOptions): Promise<ValueResult<ObserveInfo[]>> {
    return this.promise(() => this.operations.observe(key, options), options);
  }

  /** Waits until enough nodes have a document, or the mutation of a token; `TimeoutError` when they do not in time. */
  endure(key: string, options?: EndureOptions): Promise<OperationResult> {
    return this.promise(() => this.operations.endure(key, options), options);
  }

  /**
   * Makes many different calls at once: those that `build` makes on its argument, which has all operations of this
   * collection. They go out together when it returns, in the order of the calls. The Promise is for their results, or
   * rejects with the failure of the first call that failed, after all are answered, with its place as `callIndex`:
   *
   *   const [stored, read] = await bucket.pipeline((p) => [p.upsert('a', 1), p.get<Doc>('b')]);
   *
   * When `build` returns nothing, the results are those of all calls, in order. What single calls return stands for
   * the result, and is neither a Promise nor takes callbacks.
   *
   * Misuse rejects as soon as the bucket is connected, and nothing is sent. `PipelineError` for a pipeline inside of a
   * pipeline of the same bucket, and for calls after `build` has returned.
   */
  pipeline<const C extends readonly AsyncResult<unknown>[]>(build: PipelineBuilder<C>): Promise<PipelineResults<C>>;
  pipeline(build: PipelineBuilder<void>): Promise<unknown[]>;
  pipeline(build: PipelineBuilder<void>): Promise<unknown[]> {
    return this.promise(() => this.operations.pipeline(build));
  }
}
