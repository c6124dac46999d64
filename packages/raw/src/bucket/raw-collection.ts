import { appended, prepended } from '../multi/added.js';
import { keyedCalls, type MultiOptions, storingCalls } from '../multi/calls.js';
import type { ItemCollection } from '../multi/item.js';
import type { Keys, Values } from '../multi/keys.js';
import type { MultiResult } from '../multi/multi-result.js';
import {
  type CasPerKey,
  casPerKey,
  type DeltaPerKey,
  deltaPerKey,
  type MutationPerKey,
  mutationPerKey,
  nothingPerKey,
  type TtlPerKey,
  ttlPerKey,
} from '../multi/per-key.js';
import type { OperationOptions } from '../operation/options.js';
import { type CounterOptions, counter } from '../operations/counter.js';
import { type EndureOptions, endure, type ObserveOptions, observe } from '../operations/endure.js';
import { type ExistsOptions, exists } from '../operations/exists.js';
import { type GetOptions, get, getFromReplica } from '../operations/get.js';
import {
  type AllReplicasOptions,
  anyCopy,
  anyReplica,
  getAllReplicas,
  oneReplica,
  type ReplicaOptions,
  replicaByIndex,
} from '../operations/get-replica.js';
import { type LockOptions, lock, type UnlockOptions, unlock } from '../operations/lock.js';
import { type LookupInOptions, lookupIn } from '../operations/lookup-in.js';
import {
  type LookupInReplicaOptions,
  lookupInAllReplicas,
  lookupInAnyReplica,
} from '../operations/lookup-in-replicas.js';
import { type MutateInOptions, mutateIn } from '../operations/mutate-in.js';
import type { ObserveInfo } from '../operations/observe.js';
import { type RandomOptions, randomGet, randomKey } from '../operations/random.js';
import { type RemoveOptions, remove } from '../operations/remove.js';
import {
  type AppendOptions,
  append,
  type Fragment,
  type InsertOptions,
  insert,
  prepend,
  type ReplaceOptions,
  replace,
  type UpsertOptions,
  upsert,
} from '../operations/store.js';
import { listAppend, listGet, listPrepend, listRemove, listSet, listSize } from '../operations/structures/list.js';
import { mapAdd, mapGet, mapRemove, mapSize } from '../operations/structures/map.js';
import { queuePop, queuePush, queueSize } from '../operations/structures/queue.js';
import { type SetMember, setAdd, setContains, setRemove, setSize } from '../operations/structures/set.js';
import type {
  StructureAddOptions,
  StructureOptions,
  StructureReadOptions,
} from '../operations/structures/structure.js';
import { type TouchOptions, touch } from '../operations/touch.js';
import type { AsyncResult } from '../results/async-result.js';
import { INSPECT, inspected } from '../results/inspect.js';
import type { ExistsResult, OperationResult, ReplicaResult, ValueResult } from '../results/results.js';
import { type ScanHandler, type ScanOptions, scan } from '../scan/scan.js';
import type { ScanType } from '../scan/scan-type.js';
import { LookupInSpec } from '../subdoc/lookup-in-spec.js';
import type { MutateInSpec } from '../subdoc/mutate-in-spec.js';
import type { Contents, SubdocResult } from '../subdoc/result.js';
import type { CollectionHost, PipelineBuilder, PipelineResults } from './collection-host.js';

/** Values that are stored whole: Items send their CAS. */
const WITH_CAS = { sendsCas: true, adds: false };
const WITHOUT_CAS = { sendsCas: false, adds: false };
/** Values that are added: of Items, their fragments. */
const ADDED = { sendsCas: true, adds: true };

/**
 * The operations on the documents of one collection. Each returns at once with an `AsyncResult`, whose `callback` or
 * `errback` is called when the server has answered.
 *
 * Misuse is thrown from the call: `ArgumentError`, `ValueFormatError`, and `ClientTemporaryFailError` while the bucket
 * is not connected. Everything else goes to `errback`; every operation may fail with `TimeoutError`, `NetworkError`,
 * `CancelledError`, `TemporaryFailError` and the like. `docs/guides/errors.md` has the whole list.
 *
 * **Inside documents** (`lookupIn`, `mutateIn` and the like): parts of the body, which must be JSON, and extended
 * attributes (xattrs). Up to 16 of them are sent in one call, which is atomic. Source: kv_engine docs/SubDocument.md.
 *
 * **Data structures** (`mapAdd`, `listAppend`, `setAdd`, `queuePush` and the like): a map is a JSON object; a list, a
 * set and a queue are JSON arrays. They cannot be nested in a document. A missing document is `NotFoundError`, `quiet`
 * or not, unless `create` makes it; a document of another shape is `SubdocPathMismatchError` or `DocumentNotJsonError`.
 * Source: SDK RFC 0050.
 *
 * **On many documents at once** (`getMulti` and the like): all operations are sent together, in one write for each node;
 * the result is a `MultiResult`, which is complete when its `callback` or `errback` is called. Everything is checked
 * and encoded before anything is sent: an `ArgumentError` or a `ValueFormatError` about one key names it, and nothing
 * was sent. `timeout` and `signal` are those of the whole. A key that is given more than once is operated on as often,
 * in order; it has one result, is listed in `duplicates`, and a process warning tells of it. Each of them has two
 * names: `getMulti` and `get_multi` are the same.
 */
export class RawCollection {
  readonly #host: CollectionHost;

  /** @internal */
  constructor(host: CollectionHost) {
    this.#host = host;
  }

  /** Returns what a log shows: names and states, never the credentials. */
  toJSON(): object {
    return this.#host.toJSON();
  }

  /** Shows in a console what a log shows. */
  [INSPECT](_depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    return inspected(this, options, inspect);
  }

  /**
   * Reads a document; with `ttl` also sets its expiry, with `replica` from the first replica that answers. A missing
   * one is `NotFoundError`, unless `quiet`.
   */
  get<T = unknown>(key: string, options?: GetOptions): AsyncResult<ValueResult<T>> {
    return options?.replica === true
      ? this.#host.compose(getFromReplica<T>(this.#host.context, key, options))
      : this.#host.start(get<T>(this.#host.context, key, options));
  }

  /** Stores a document, whether or not it exists. With `cas`, `CasMismatchError` when it has changed. */
  upsert(key: string, value: unknown, options?: UpsertOptions): AsyncResult<OperationResult> {
    return this.#host.start(upsert(this.#host.context, key, value, options));
  }

  /** Stores a document that does not exist yet; `DocumentExistsError` when it does. */
  insert(key: string, value: unknown, options?: InsertOptions): AsyncResult<OperationResult> {
    return this.#host.start(insert(this.#host.context, key, value, options));
  }

  /** Stores a document that exists; `NotFoundError` when it does not, `CasMismatchError` when it has another CAS. */
  replace(key: string, value: unknown, options?: ReplaceOptions): AsyncResult<OperationResult> {
    return this.#host.start(replace(this.#host.context, key, value, options));
  }

  /** Removes a document. A missing one is `NotFoundError`, unless `quiet`; another CAS is `CasMismatchError`. */
  remove(key: string, options?: RemoveOptions): AsyncResult<OperationResult> {
    return this.#host.start(remove(this.#host.context, key, options));
  }

  /** Adds to the end of a stored string or bytes; `NotStoredError` when there is no document. */
  append(key: string, value: string | Uint8Array, options?: AppendOptions): AsyncResult<OperationResult> {
    return this.#host.start(append(this.#host.context, key, value, options));
  }

  /** Adds to the beginning of a stored string or bytes; `NotStoredError` when there is no document. */
  prepend(key: string, value: string | Uint8Array, options?: AppendOptions): AsyncResult<OperationResult> {
    return this.#host.start(prepend(this.#host.context, key, value, options));
  }

  /**
   * Counts up or down and returns the new value; `DeltaBadvalError` when the document is not a number from 0 to 2^64 -
   * 1.
   */
  counter(key: string, options?: CounterOptions): AsyncResult<ValueResult<number | bigint>> {
    return this.#host.start(counter(this.#host.context, key, options));
  }

  /** Sets the expiry of a document; `NotFoundError` when there is none, whatever `quiet` is. */
  touch(key: string, options?: TouchOptions): AsyncResult<OperationResult> {
    return this.#host.start(touch(this.#host.context, key, options));
  }

  /**
   * Reads a document and locks it: until its `ttl` is over or it is unlocked, only this CAS can change it.
   * `DocumentLockedError` when it is locked already.
   */
  lock<T = unknown>(key: string, options: LockOptions): AsyncResult<ValueResult<T>> {
    return this.#host.start(lock<T>(this.#host.context, key, options));
  }

  /**
   * Releases a lock. `CasMismatchError` for another CAS than that of the lock, `TemporaryFailError` (a `NotLockedError`
   * from newer servers) when the document is not locked.
   */
  unlock(key: string, options: UnlockOptions): AsyncResult<OperationResult> {
    return this.#host.start(unlock(this.#host.context, key, options));
  }

  /** Checks whether a document exists, without reading it. */
  exists(key: string, options?: ExistsOptions): AsyncResult<ExistsResult> {
    return this.#host.start(exists(this.#host.context, key, options));
  }

  /** Returns the state of a document on every node with a copy; a missing document is not an error here. */
  observe(key: string, options?: ObserveOptions): AsyncResult<ValueResult<ObserveInfo[]>> {
    return this.#host.compose(observe(this.#host.context, key, options));
  }

  /** Waits until enough nodes have a document, or the mutation of a token; `TimeoutError` when they do not in time. */
  endure(key: string, options?: EndureOptions): AsyncResult<OperationResult> {
    return this.#host.compose(endure(this.#host.context, key, options));
  }

  /**
   * Makes many different calls at once: those that `build` makes on its argument, which has all operations of this
   * collection. They are sent together when it returns, in the order of the calls, and have one outcome: the results,
   * or the failure of the first call that failed, after all are answered, with its place among the calls as
   * `callIndex`. The return values of single calls do not take callbacks; they represent the results:
   *
   *   bucket.pipeline((p) => [p.upsert('a', 1), p.get<Doc>('b')]) // AsyncResult<[OperationResult, ValueResult<Doc>]>
   *
   * When `build` returns nothing, the results are those of all calls, in order.
   *
   * Misuse is thrown at once, from the call itself, and nothing is sent unless `build` catches it. `PipelineError` for
   * a pipeline inside a pipeline of the same bucket, and for calls after `build` has returned.
   */
  pipeline<const C extends readonly AsyncResult<unknown>[]>(build: PipelineBuilder<C>): AsyncResult<PipelineResults<C>>;
  pipeline(build: PipelineBuilder<void>): AsyncResult<unknown[]>;
  pipeline(build: PipelineBuilder<unknown>): AsyncResult<unknown[]> {
    return this.#host.runPipeline(build);
  }

  /**
   * Looks into a document: 1 to 16 lookups.
   *
   *   bucket.lookupIn('u:1', [LookupInSpec.get('name'), LookupInSpec.get('$document.exptime', { xattr: true })])
   *
   * A path that is not found is not an error: the result's `rc` is 0x49, and its value is missing. Any other failure is
   * the operation's (`SubdocPathMismatchError`, `SubdocPathInvalidError`, `DocumentNotJsonError`, …, with `path`,
   * `index`, and all answers in `result`). A missing document is `NotFoundError`; with `quiet`, a result with `rc`
   * 0x0d.
   */
  lookupIn<const S extends readonly LookupInSpec[]>(
    key: string,
    specs: S,
    options?: LookupInOptions,
  ): AsyncResult<SubdocResult<Contents<S>>> {
    return this.#host.start(lookupIn(this.#host.context, key, specs, options));
  }

  /** Looks up the values at 1 to 16 paths, by `lookupIn`. */
  retrieveIn(key: string, ...paths: readonly string[]): AsyncResult<SubdocResult> {
    return this.#host.start(
      lookupIn(
        this.#host.context,
        key,
        paths.map((path) => LookupInSpec.get(path)),
      ),
    );
  }

  /**
   * Changes a document: 1 to 16 mutations, in their order; either all of them take effect or none.
   *
   *   bucket.mutateIn('u:1', [MutateInSpec.upsert('name', 'Zoë'), MutateInSpec.counter('logins', 1)])
   *
   * The first failure is that of the operation (`SubdocPathNotFoundError`, `SubdocPathExistsError`, …, with `path` and
   * `index`). A missing document is `NotFoundError`, unless `upsertDoc` or `insertDoc` creates it; another CAS is
   * `CasMismatchError`. Extended attributes are changed before the body, whatever the order. `FeatureNotAvailableError`
   * when the server is too old.
   */
  mutateIn<const S extends readonly MutateInSpec[]>(
    key: string,
    specs: S,
    options?: MutateInOptions,
  ): AsyncResult<SubdocResult<Contents<S>>> {
    return this.#host.start(mutateIn(this.#host.context, key, specs, options));
  }

  /**
   * Looks into the copy that answers first, active or replica (see `isReplica`), which may lag behind. Needs Server 7.6
   * or newer, else `FeatureNotAvailableError`. `NotFoundError` when no copy has the document, unless `quiet`.
   */
  lookupInAnyReplica<const S extends readonly LookupInSpec[]>(
    key: string,
    specs: S,
    options?: LookupInReplicaOptions,
  ): AsyncResult<SubdocResult<Contents<S>>> {
    return this.#host.compose(lookupInAnyReplica(this.#host.context, key, specs, options));
  }

  /**
   * Looks into all copies: the active one first, then the replicas; copies that do not answer in time are left out.
   * Needs Server 7.6 or newer, else `FeatureNotAvailableError`. `NotFoundError` when no copy has the document (with
   * `quiet` an empty list).
   */
  lookupInAllReplicas<const S extends readonly LookupInSpec[]>(
    key: string,
    specs: S,
    options?: LookupInReplicaOptions,
  ): AsyncResult<SubdocResult<Contents<S>>[]> {
    return this.#host.compose(lookupInAllReplicas(this.#host.context, key, specs, options));
  }

  /** Sets a member of a map. */
  mapAdd(key: string, mapKey: string, value: unknown, options?: StructureAddOptions): AsyncResult<OperationResult> {
    return this.#host.start(mapAdd(this.#host.context, key, options, mapKey, value));
  }

  /** Reads a member of a map; `SubdocPathNotFoundError` when there is no such member. */
  mapGet<T = unknown>(key: string, mapKey: string, options?: StructureReadOptions): AsyncResult<ValueResult<T>> {
    return this.#host.start(mapGet<T>(this.#host.context, key, options, mapKey));
  }

  /** Removes a member from a map; `SubdocPathNotFoundError` when there is no such member. */
  mapRemove(key: string, mapKey: string, options?: StructureOptions): AsyncResult<OperationResult> {
    return this.#host.start(mapRemove(this.#host.context, key, options, mapKey));
  }

  /** Returns the number of members of a map. */
  mapSize(key: string, options?: StructureReadOptions): AsyncResult<ValueResult<number>> {
    return this.#host.start(mapSize(this.#host.context, key, options));
  }

  /** Adds a value to the end of a list. */
  listAppend(key: string, value: unknown, options?: StructureAddOptions): AsyncResult<OperationResult> {
    return this.#host.start(listAppend(this.#host.context, key, options, value));
  }

  /** Adds a value to the beginning of a list. */
  listPrepend(key: string, value: unknown, options?: StructureAddOptions): AsyncResult<OperationResult> {
    return this.#host.start(listPrepend(this.#host.context, key, options, value));
  }

  /** Replaces an element of a list, from 0, -1 the last; `SubdocPathNotFoundError` beyond its end. */
  listSet(key: string, index: number, value: unknown, options?: StructureOptions): AsyncResult<OperationResult> {
    return this.#host.start(listSet(this.#host.context, key, options, index, value));
  }

  /** Reads an element of a list, from 0, -1 the last; `SubdocPathNotFoundError` beyond its end. */
  listGet<T = unknown>(key: string, index: number, options?: StructureReadOptions): AsyncResult<ValueResult<T>> {
    return this.#host.start(listGet<T>(this.#host.context, key, options, index));
  }

  /** Removes an element of a list, from 0, -1 the last; `SubdocPathNotFoundError` beyond its end. */
  listRemove(key: string, index: number, options?: StructureOptions): AsyncResult<OperationResult> {
    return this.#host.start(listRemove(this.#host.context, key, options, index));
  }

  /** Returns the number of elements of a list. */
  listSize(key: string, options?: StructureReadOptions): AsyncResult<ValueResult<number>> {
    return this.#host.start(listSize(this.#host.context, key, options));
  }

  /**
   * Adds a value to a set; `value` of the result is false when the set has it already. Values are compared as JSON texts.
   */
  setAdd(key: string, value: SetMember, options?: StructureAddOptions): AsyncResult<ValueResult<boolean>> {
    return this.#host.start(setAdd(this.#host.context, key, options, value));
  }

  /**
   * Removes a value from a set; `value` of the result is false when the set does not have it. Reads the whole set, and
   * retries when another client changes it in the meantime, with `TimeoutError` at the deadline.
   */
  setRemove(key: string, value: SetMember, options?: StructureOptions): AsyncResult<ValueResult<boolean>> {
    return this.#host.compose(setRemove(this.#host.context, key, value, options));
  }

  /** Checks whether a set has a value. Reads the whole set. */
  setContains(key: string, value: SetMember, options?: StructureReadOptions): AsyncResult<ValueResult<boolean>> {
    return this.#host.start(setContains(this.#host.context, key, value, options));
  }

  /** Returns the number of values of a set. */
  setSize(key: string, options?: StructureReadOptions): AsyncResult<ValueResult<number>> {
    return this.#host.start(setSize(this.#host.context, key, options));
  }

  /** Adds a value to a queue, at the beginning of the array. */
  queuePush(key: string, value: unknown, options?: StructureAddOptions): AsyncResult<OperationResult> {
    return this.#host.start(queuePush(this.#host.context, key, options, value));
  }

  /**
   * Removes the oldest value of a queue and returns it; `QueueEmptyError` when there is none. No other client gets the
   * same value: it retries when another client changes the queue in the meantime, with `TimeoutError` at the deadline.
   */
  queuePop<T = unknown>(key: string, options?: StructureOptions): AsyncResult<ValueResult<T>> {
    return this.#host.compose(queuePop<T>(this.#host.context, key, options));
  }

  /** Returns the number of values in a queue. */
  queueSize(key: string, options?: StructureReadOptions): AsyncResult<ValueResult<number>> {
    return this.#host.start(queueSize(this.#host.context, key, options));
  }

  /**
   * Reads a document from a replica, which may lag behind: from that of `replicaIndex`, or by default from the first
   * one that answers. `NotFoundError` when the replicas do not have it, unless `quiet`. `ArgumentError` when there is
   * no such replica.
   */
  getReplica<T = unknown>(key: string, options?: ReplicaOptions): AsyncResult<ReplicaResult<T>> {
    return options?.replicaIndex === undefined
      ? this.#host.compose(anyReplica<T>(this.#host.context, 'getReplica', key, options))
      : this.#host.start(replicaByIndex<T>(this.#host.context, key, options));
  }

  /** An alias of `getReplica`, its name in the Python SDK. */
  rget<T = unknown>(key: string, options?: ReplicaOptions): AsyncResult<ReplicaResult<T>> {
    return this.getReplica<T>(key, options);
  }

  /**
   * Reads a document from the first copy that answers, the active one or a replica (see `isReplica`), which may lag
   * behind. A bucket without replicas has the active one. `NotFoundError` when no copy has it, unless `quiet`.
   */
  getAnyReplica<T = unknown>(key: string, options?: AllReplicasOptions): AsyncResult<ReplicaResult<T>> {
    return this.#host.compose(anyCopy<T>(this.#host.context, key, options));
  }

  /**
   * Reads all copies of a document: the active one first, then the replicas. Copies that do not answer in time are left
   * out. `NotFoundError` when no copy has it (with `quiet` an empty list).
   */
  getAllReplicas<T = unknown>(key: string, options?: AllReplicasOptions): AsyncResult<ReplicaResult<T>[]> {
    return this.#host.compose(getAllReplicas<T>(this.#host.context, key, options));
  }

  /**
   * Reads a random document of the collection; its key is in the result. `NotFoundError` when the collection is empty.
   */
  randomGet<T = unknown>(options?: RandomOptions): AsyncResult<ValueResult<T>> {
    return this.#host.compose(randomGet<T>(this.#host.context, options));
  }

  /**
   * Scans the documents of a range of keys, of a prefix, or of a random sample, in no particular order. Each batch is
   * passed to `onItems`; while a Promise that it returns is pending, no more of that vbucket is requested. The result
   * is the number of documents. Needs Server 7.6 or newer. Closing the bucket ends a scan with `ObjectDestroyedError`.
   */
  scan<T = unknown>(type: ScanType, options: ScanOptions | undefined, onItems: ScanHandler<T>): AsyncResult<number> {
    return this.#host.compose(scan<T>(this.#host.context, type, options, onItems));
  }

  /** Returns the key of a random document of the collection. `NotFoundError` when the collection is empty. */
  randomKey(options?: OperationOptions): AsyncResult<string> {
    return this.#host.compose(randomKey(this.#host.context, options));
  }

  /** Reads documents; with `ttl`, for all or per key, also sets their expiry. */
  getMulti<T = unknown>(keys: Keys<TtlPerKey>, options?: MultiOptions<GetOptions>): MultiResult<ValueResult<T>> {
    return this.#host.startMulti(
      keyedCalls(
        this.#host.context,
        'getMulti',
        keys,
        options,
        options?.replica === true ? getFromReplica<T> : get<T>,
        ttlPerKey,
      ),
    );
  }

  /** Same as `getMulti`. */
  get_multi<T = unknown>(keys: Keys<TtlPerKey>, options?: MultiOptions<GetOptions>): MultiResult<ValueResult<T>> {
    return this.getMulti<T>(keys, options);
  }

  /** Stores documents, whether or not they exist. */
  upsertMulti(values: Values, options?: MultiOptions<UpsertOptions>): MultiResult<OperationResult> {
    return this.#host.startMulti(storingCalls(this.#host.context, 'upsertMulti', values, options, upsert, WITH_CAS));
  }

  /** Same as `upsertMulti`. */
  upsert_multi(values: Values, options?: MultiOptions<UpsertOptions>): MultiResult<OperationResult> {
    return this.upsertMulti(values, options);
  }

  /** Stores documents that do not exist yet. */
  insertMulti(values: Values, options?: MultiOptions<InsertOptions>): MultiResult<OperationResult> {
    return this.#host.startMulti(storingCalls(this.#host.context, 'insertMulti', values, options, insert, WITHOUT_CAS));
  }

  /** Same as `insertMulti`. */
  insert_multi(values: Values, options?: MultiOptions<InsertOptions>): MultiResult<OperationResult> {
    return this.insertMulti(values, options);
  }

  /** Stores documents that exist. */
  replaceMulti(values: Values, options?: MultiOptions<ReplaceOptions>): MultiResult<OperationResult> {
    return this.#host.startMulti(storingCalls(this.#host.context, 'replaceMulti', values, options, replace, WITH_CAS));
  }

  /** Same as `replaceMulti`. */
  replace_multi(values: Values, options?: MultiOptions<ReplaceOptions>): MultiResult<OperationResult> {
    return this.replaceMulti(values, options);
  }

  /** Adds to the ends of stored strings or bytes. */
  appendMulti(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.#host.startMulti(storingCalls(this.#host.context, 'appendMulti', values, options, append, ADDED));
  }

  /** Same as `appendMulti`. */
  append_multi(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.appendMulti(values, options);
  }

  /** Adds to the beginnings of stored strings or bytes. */
  prependMulti(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.#host.startMulti(storingCalls(this.#host.context, 'prependMulti', values, options, prepend, ADDED));
  }

  /** Same as `prependMulti`. */
  prepend_multi(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.prependMulti(values, options);
  }

  /** Adds the fragments of Items to the ends of their documents, and of their `value` when that has succeeded. */
  appendItems(items: ItemCollection, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.#host.startMulti(
      storingCalls(this.#host.context, 'appendItems', items, options, append, { ...ADDED, edit: appended }),
    );
  }

  /** Same as `appendItems`. */
  append_items(items: ItemCollection, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.appendItems(items, options);
  }

  /** Adds the fragments of Items to the beginnings of their documents, and of their `value` when that has succeeded. */
  prependItems(items: ItemCollection, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.#host.startMulti(
      storingCalls(this.#host.context, 'prependItems', items, options, prepend, { ...ADDED, edit: prepended }),
    );
  }

  /** Same as `prependItems`. */
  prepend_items(items: ItemCollection, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.prependItems(items, options);
  }

  /** Removes documents; those of earlier results only if they have not changed since. */
  removeMulti(keys: Keys<CasPerKey>, options?: MultiOptions<RemoveOptions>): MultiResult<OperationResult> {
    return this.#host.startMulti(keyedCalls(this.#host.context, 'removeMulti', keys, options, remove, casPerKey));
  }

  /** Same as `removeMulti`. */
  remove_multi(keys: Keys<CasPerKey>, options?: MultiOptions<RemoveOptions>): MultiResult<OperationResult> {
    return this.removeMulti(keys, options);
  }

  /** Counts up or down; options of a key take precedence over those for all. */
  counterMulti(
    keys: Keys<DeltaPerKey>,
    options?: MultiOptions<CounterOptions>,
  ): MultiResult<ValueResult<number | bigint>> {
    return this.#host.startMulti(keyedCalls(this.#host.context, 'counterMulti', keys, options, counter, deltaPerKey));
  }

  /** Same as `counterMulti`. */
  counter_multi(
    keys: Keys<DeltaPerKey>,
    options?: MultiOptions<CounterOptions>,
  ): MultiResult<ValueResult<number | bigint>> {
    return this.counterMulti(keys, options);
  }

  /** Sets the expiry of documents, to one `ttl` for all or one per key. */
  touchMulti(keys: Keys<TtlPerKey>, options?: MultiOptions<TouchOptions>): MultiResult<OperationResult> {
    return this.#host.startMulti(keyedCalls(this.#host.context, 'touchMulti', keys, options, touch, ttlPerKey));
  }

  /** Same as `touchMulti`. */
  touch_multi(keys: Keys<TtlPerKey>, options?: MultiOptions<TouchOptions>): MultiResult<OperationResult> {
    return this.touchMulti(keys, options);
  }

  /** Reads and locks documents; `ttl` is required, for all or per key. */
  lockMulti<T = unknown>(
    keys: Keys<TtlPerKey>,
    options?: MultiOptions<Partial<LockOptions>>,
  ): MultiResult<ValueResult<T>> {
    return this.#host.startMulti(keyedCalls(this.#host.context, 'lockMulti', keys, options, lock<T>, ttlPerKey));
  }

  /** Same as `lockMulti`. */
  lock_multi<T = unknown>(
    keys: Keys<TtlPerKey>,
    options?: MultiOptions<Partial<LockOptions>>,
  ): MultiResult<ValueResult<T>> {
    return this.lockMulti<T>(keys, options);
  }

  /** Releases locks; every key needs its CAS, most simply as the results of `lockMulti`. */
  unlockMulti(keys: Keys<CasPerKey>, options?: MultiOptions<UnlockOptions>): MultiResult<OperationResult> {
    return this.#host.startMulti(keyedCalls(this.#host.context, 'unlockMulti', keys, options, unlock, casPerKey));
  }

  /** Same as `unlockMulti`. */
  unlock_multi(keys: Keys<CasPerKey>, options?: MultiOptions<UnlockOptions>): MultiResult<OperationResult> {
    return this.unlockMulti(keys, options);
  }

  /** Checks whether documents exist, without reading them. */
  existsMulti(keys: Keys, options?: MultiOptions<ExistsOptions>): MultiResult<ExistsResult> {
    return this.#host.startMulti(keyedCalls(this.#host.context, 'existsMulti', keys, options, exists, nothingPerKey));
  }

  /** Same as `existsMulti`. */
  exists_multi(keys: Keys, options?: MultiOptions<ExistsOptions>): MultiResult<ExistsResult> {
    return this.existsMulti(keys, options);
  }

  /** Returns the state of documents on every node with a copy. */
  observeMulti(keys: Keys, options?: MultiOptions<ObserveOptions>): MultiResult<ValueResult<ObserveInfo[]>> {
    return this.#host.startMulti(keyedCalls(this.#host.context, 'observeMulti', keys, options, observe, nothingPerKey));
  }

  /** Same as `observeMulti`. */
  observe_multi(keys: Keys, options?: MultiOptions<ObserveOptions>): MultiResult<ValueResult<ObserveInfo[]>> {
    return this.observeMulti(keys, options);
  }

  /** Waits until enough nodes have documents, or the mutations of earlier results. */
  endureMulti(keys: Keys<MutationPerKey>, options?: MultiOptions<EndureOptions>): MultiResult<OperationResult> {
    return this.#host.startMulti(keyedCalls(this.#host.context, 'endureMulti', keys, options, endure, mutationPerKey));
  }

  /** Same as `endureMulti`. */
  endure_multi(keys: Keys<MutationPerKey>, options?: MultiOptions<EndureOptions>): MultiResult<OperationResult> {
    return this.endureMulti(keys, options);
  }

  /** Reads documents from replicas, as `getReplica` does. */
  getReplicaMulti<T = unknown>(keys: Keys, options?: MultiOptions<ReplicaOptions>): MultiResult<ReplicaResult<T>> {
    return this.#host.startMulti(
      keyedCalls(this.#host.context, 'getReplicaMulti', keys, options, oneReplica<T>, nothingPerKey),
    );
  }

  /** Same as `getReplicaMulti`. */
  get_replica_multi<T = unknown>(keys: Keys, options?: MultiOptions<ReplicaOptions>): MultiResult<ReplicaResult<T>> {
    return this.getReplicaMulti<T>(keys, options);
  }

  /** An alias of `getReplicaMulti`, its name in the Python SDK. */
  rgetMulti<T = unknown>(keys: Keys, options?: MultiOptions<ReplicaOptions>): MultiResult<ReplicaResult<T>> {
    return this.getReplicaMulti<T>(keys, options);
  }

  /** Same as `getReplicaMulti`. */
  rget_multi<T = unknown>(keys: Keys, options?: MultiOptions<ReplicaOptions>): MultiResult<ReplicaResult<T>> {
    return this.getReplicaMulti<T>(keys, options);
  }
}
