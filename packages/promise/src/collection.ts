import type {
  AllReplicasOptions,
  AppendOptions,
  AsyncResult,
  CasPerKey,
  Contents,
  CounterOptions,
  DeltaPerKey,
  EndureOptions,
  ExistsOptions,
  ExistsResult,
  Fragment,
  GetOptions,
  InsertOptions,
  ItemCollection,
  Keys,
  LockOptions,
  LookupInOptions,
  LookupInReplicaOptions,
  LookupInSpec,
  MultiOptions,
  MultiResult,
  MutateInOptions,
  MutateInSpec,
  MutationPerKey,
  ObserveInfo,
  ObserveOptions,
  OperationOptions,
  OperationResult,
  PipelineBuilder,
  PipelineResults,
  RandomOptions,
  RawBucket,
  RawCollection,
  RemoveOptions,
  ReplaceOptions,
  ReplicaOptions,
  ReplicaResult,
  ScanItem,
  ScanOptions,
  ScanType,
  SetMember,
  StructureAddOptions,
  StructureOptions,
  StructureReadOptions,
  SubdocResult,
  TouchOptions,
  TtlPerKey,
  UnlockOptions,
  UpsertOptions,
  ValueResult,
  Values,
} from '@cb/raw';
import { INSPECT, inspected } from '@cb/raw/internal';
import { promised } from './promise-calls.js';
import { scanned } from './scanned.js';

/**
 * The operations on the documents of one collection, as Promises. They are those of `RawCollection` in `@cb/raw`, with
 * Promises instead of callbacks.
 *
 * Every failure is a rejection, misuse too: nothing is ever thrown from the call. An operation that is called before
 * the bucket is connected waits for the connection, and is then sent in the order of the calls.
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
 * the Promise is for a `MultiResult`, with a result for every key. When any key fails, and not only by being missing
 * where that is `quiet`, the Promise rejects with the first failure after all keys are answered; `error.allResults` is
 * the `MultiResult` then, and `error.splitResults()` tells the successes from the others. Everything is checked and
 * encoded before anything is sent: an `ArgumentError` or a `ValueFormatError` about one key names it, and nothing was
 * sent. `timeout` and `signal` are those of the whole. A key that is given more than once is operated on as often, in
 * order; it has one result, is listed in `duplicates`, and a process warning tells of it. Each of them has two names:
 * `getMulti` and `get_multi` are the same.
 */
export class Collection {
  /** The bucket under this one, for callbacks on a hot path. */
  readonly raw: RawBucket;
  readonly #operations: RawCollection;

  /** @internal */
  constructor(raw: RawBucket, operations: RawCollection) {
    this.raw = raw;
    this.#operations = operations;
  }

  /** Returns what a log shows: names and states, never the credentials. */
  toJSON(): object {
    return this.#operations.toJSON();
  }

  /** Shows in a console what a log shows. */
  [INSPECT](_depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    return inspected(this, options, inspect);
  }

  /**
   * Reads a document; with `ttl` also sets its expiry, with `replica` from the first replica that answers. A missing
   * one is `NotFoundError`, unless `quiet`.
   */
  get<T = unknown>(key: string, options?: GetOptions): Promise<ValueResult<T>> {
    return promised(this.raw, () => this.#operations.get<T>(key, options), options);
  }

  /** Stores a document, whether or not it exists. With `cas`, `CasMismatchError` when it has changed. */
  upsert(key: string, value: unknown, options?: UpsertOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.upsert(key, value, options), options);
  }

  /** Stores a document that does not exist yet; `DocumentExistsError` when it does. */
  insert(key: string, value: unknown, options?: InsertOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.insert(key, value, options), options);
  }

  /** Stores a document that exists; `NotFoundError` when it does not, `CasMismatchError` when it has another CAS. */
  replace(key: string, value: unknown, options?: ReplaceOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.replace(key, value, options), options);
  }

  /** Removes a document. A missing one is `NotFoundError`, unless `quiet`; another CAS is `CasMismatchError`. */
  remove(key: string, options?: RemoveOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.remove(key, options), options);
  }

  /** Adds to the end of a stored string or bytes; `NotStoredError` when there is no document. */
  append(key: string, value: string | Uint8Array, options?: AppendOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.append(key, value, options), options);
  }

  /** Adds to the beginning of a stored string or bytes; `NotStoredError` when there is no document. */
  prepend(key: string, value: string | Uint8Array, options?: AppendOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.prepend(key, value, options), options);
  }

  /**
   * Counts up or down and returns the new value; `DeltaBadvalError` when the document is not a number from 0 to 2^64 -
   * 1.
   */
  counter(key: string, options?: CounterOptions): Promise<ValueResult<number | bigint>> {
    return promised(this.raw, () => this.#operations.counter(key, options), options);
  }

  /** Sets the expiry of a document; `NotFoundError` when there is none, whatever `quiet` is. */
  touch(key: string, options?: TouchOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.touch(key, options), options);
  }

  /** Reads a document and locks it for `ttl` seconds; `DocumentLockedError` when it is locked already. */
  lock<T = unknown>(key: string, options: LockOptions): Promise<ValueResult<T>> {
    return promised(this.raw, () => this.#operations.lock<T>(key, options), options);
  }

  /**
   * Releases a lock; `CasMismatchError` for another CAS than that of the lock, `TemporaryFailError` when there is none.
   */
  unlock(key: string, options: UnlockOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.unlock(key, options), options);
  }

  /** Checks whether a document exists, without reading it. */
  exists(key: string, options?: ExistsOptions): Promise<ExistsResult> {
    return promised(this.raw, () => this.#operations.exists(key, options), options);
  }

  /** Returns the state of a document on every node with a copy; a missing document is not an error here. */
  observe(key: string, options?: ObserveOptions): Promise<ValueResult<ObserveInfo[]>> {
    return promised(this.raw, () => this.#operations.observe(key, options), options);
  }

  /** Waits until enough nodes have a document, or the mutation of a token; `TimeoutError` when they do not in time. */
  endure(key: string, options?: EndureOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.endure(key, options), options);
  }

  /**
   * Makes many different calls at once: those that `build` makes on its argument, which has all operations of this
   * collection. They are sent together when it returns, in the order of the calls. The Promise resolves to their
   * results, or rejects with the failure of the first call that failed, after all are answered, with its place as
   * `callIndex`:
   *
   *   const [stored, read] = await bucket.pipeline((p) => [p.upsert('a', 1), p.get<Doc>('b')]);
   *
   * When `build` returns nothing, the results are those of all calls, in order. The return values of single calls
   * represent the results; they are not Promises, and do not take callbacks.
   *
   * Misuse rejects as soon as the bucket is connected, and nothing is sent. `PipelineError` for a pipeline inside a
   * pipeline of the same bucket, and for calls after `build` has returned.
   */
  pipeline<const C extends readonly AsyncResult<unknown>[]>(build: PipelineBuilder<C>): Promise<PipelineResults<C>>;
  pipeline(build: PipelineBuilder<void>): Promise<unknown[]>;
  pipeline(build: PipelineBuilder<void>): Promise<unknown[]> {
    return promised(this.raw, () => this.#operations.pipeline(build));
  }

  /**
   * Looks into a document: 1 to 16 lookups.
   *
   *   const found = await bucket.lookupIn('u:1', [LookupInSpec.get<string>('name'), LookupInSpec.exists('mail')]);
   *   found.content(0);
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
  ): Promise<SubdocResult<Contents<S>>> {
    return promised(this.raw, () => this.#operations.lookupIn(key, specs, options), options);
  }

  /** Looks up the values at 1 to 16 paths, by `lookupIn`. */
  retrieveIn(key: string, ...paths: readonly string[]): Promise<SubdocResult> {
    return promised(this.raw, () => this.#operations.retrieveIn(key, ...paths));
  }

  /**
   * Changes a document: 1 to 16 mutations, in their order; either all of them take effect or none.
   *
   *   await bucket.mutateIn('u:1', [MutateInSpec.upsert('name', 'Zoë'), MutateInSpec.counter('logins', 1)]);
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
  ): Promise<SubdocResult<Contents<S>>> {
    return promised(this.raw, () => this.#operations.mutateIn(key, specs, options), options);
  }

  /**
   * Looks into the copy that answers first, active or replica (see `isReplica`), which may lag behind. Needs Server 7.6
   * or newer, else `FeatureNotAvailableError`. `NotFoundError` when no copy has the document, unless `quiet`.
   */
  lookupInAnyReplica<const S extends readonly LookupInSpec[]>(
    key: string,
    specs: S,
    options?: LookupInReplicaOptions,
  ): Promise<SubdocResult<Contents<S>>> {
    return promised(this.raw, () => this.#operations.lookupInAnyReplica(key, specs, options), options);
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
  ): Promise<SubdocResult<Contents<S>>[]> {
    return promised(this.raw, () => this.#operations.lookupInAllReplicas(key, specs, options), options);
  }

  /** Sets a member of a map. */
  mapAdd(key: string, mapKey: string, value: unknown, options?: StructureAddOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.mapAdd(key, mapKey, value, options), options);
  }

  /** Reads a member of a map; `SubdocPathNotFoundError` when there is no such member. */
  mapGet<T = unknown>(key: string, mapKey: string, options?: StructureReadOptions): Promise<ValueResult<T>> {
    return promised(this.raw, () => this.#operations.mapGet<T>(key, mapKey, options), options);
  }

  /** Removes a member from a map; `SubdocPathNotFoundError` when there is no such member. */
  mapRemove(key: string, mapKey: string, options?: StructureOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.mapRemove(key, mapKey, options), options);
  }

  /** Returns the number of members of a map. */
  mapSize(key: string, options?: StructureReadOptions): Promise<ValueResult<number>> {
    return promised(this.raw, () => this.#operations.mapSize(key, options), options);
  }

  /** Adds a value to the end of a list. */
  listAppend(key: string, value: unknown, options?: StructureAddOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.listAppend(key, value, options), options);
  }

  /** Adds a value to the beginning of a list. */
  listPrepend(key: string, value: unknown, options?: StructureAddOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.listPrepend(key, value, options), options);
  }

  /** Replaces an element of a list, from 0, -1 the last; `SubdocPathNotFoundError` beyond its end. */
  listSet(key: string, index: number, value: unknown, options?: StructureOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.listSet(key, index, value, options), options);
  }

  /** Reads an element of a list, from 0, -1 the last; `SubdocPathNotFoundError` beyond its end. */
  listGet<T = unknown>(key: string, index: number, options?: StructureReadOptions): Promise<ValueResult<T>> {
    return promised(this.raw, () => this.#operations.listGet<T>(key, index, options), options);
  }

  /** Removes an element of a list, from 0, -1 the last; `SubdocPathNotFoundError` beyond its end. */
  listRemove(key: string, index: number, options?: StructureOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.listRemove(key, index, options), options);
  }

  /** Returns the number of elements of a list. */
  listSize(key: string, options?: StructureReadOptions): Promise<ValueResult<number>> {
    return promised(this.raw, () => this.#operations.listSize(key, options), options);
  }

  /**
   * Adds a value to a set; `value` of the result is false when the set has it already. Values are compared as JSON texts.
   */
  setAdd(key: string, value: SetMember, options?: StructureAddOptions): Promise<ValueResult<boolean>> {
    return promised(this.raw, () => this.#operations.setAdd(key, value, options), options);
  }

  /**
   * Removes a value from a set; `value` of the result is false when the set does not have it. Reads the whole set, and
   * retries when another client changes it in the meantime, with `TimeoutError` at the deadline.
   */
  setRemove(key: string, value: SetMember, options?: StructureOptions): Promise<ValueResult<boolean>> {
    return promised(this.raw, () => this.#operations.setRemove(key, value, options), options);
  }

  /** Checks whether a set has a value. Reads the whole set. */
  setContains(key: string, value: SetMember, options?: StructureReadOptions): Promise<ValueResult<boolean>> {
    return promised(this.raw, () => this.#operations.setContains(key, value, options), options);
  }

  /** Returns the number of values of a set. */
  setSize(key: string, options?: StructureReadOptions): Promise<ValueResult<number>> {
    return promised(this.raw, () => this.#operations.setSize(key, options), options);
  }

  /** Adds a value to a queue, at the beginning of the array. */
  queuePush(key: string, value: unknown, options?: StructureAddOptions): Promise<OperationResult> {
    return promised(this.raw, () => this.#operations.queuePush(key, value, options), options);
  }

  /**
   * Removes the oldest value of a queue and returns it; `QueueEmptyError` when there is none. No other client gets the
   * same value: it retries when another client changes the queue in the meantime, with `TimeoutError` at the deadline.
   */
  queuePop<T = unknown>(key: string, options?: StructureOptions): Promise<ValueResult<T>> {
    return promised(this.raw, () => this.#operations.queuePop<T>(key, options), options);
  }

  /** Returns the number of values in a queue. */
  queueSize(key: string, options?: StructureReadOptions): Promise<ValueResult<number>> {
    return promised(this.raw, () => this.#operations.queueSize(key, options), options);
  }

  /**
   * Reads a document from a replica, which may lag behind: from that of `replicaIndex`, or by default from the first
   * one that answers. `NotFoundError` when the replicas do not have it, unless `quiet`. `ArgumentError` when there is
   * no such replica.
   */
  getReplica<T = unknown>(key: string, options?: ReplicaOptions): Promise<ReplicaResult<T>> {
    return promised(this.raw, () => this.#operations.getReplica<T>(key, options), options);
  }

  /** An alias of `getReplica`, its name in the Python SDK. */
  rget<T = unknown>(key: string, options?: ReplicaOptions): Promise<ReplicaResult<T>> {
    return this.getReplica<T>(key, options);
  }

  /**
   * Reads a document from the first copy that answers, the active one or a replica (see `isReplica`), which may lag
   * behind. A bucket without replicas has the active one. `NotFoundError` when no copy has it, unless `quiet`.
   */
  getAnyReplica<T = unknown>(key: string, options?: AllReplicasOptions): Promise<ReplicaResult<T>> {
    return promised(this.raw, () => this.#operations.getAnyReplica<T>(key, options), options);
  }

  /**
   * Reads all copies of a document: the active one first, then the replicas. Copies that do not answer in time are left
   * out. `NotFoundError` when no copy has it (with `quiet` an empty list).
   */
  getAllReplicas<T = unknown>(key: string, options?: AllReplicasOptions): Promise<ReplicaResult<T>[]> {
    return promised(this.raw, () => this.#operations.getAllReplicas<T>(key, options), options);
  }

  /**
   * Reads a random document of the collection; its key is in the result. `NotFoundError` when the collection is empty.
   */
  randomGet<T = unknown>(options?: RandomOptions): Promise<ValueResult<T>> {
    return promised(this.raw, () => this.#operations.randomGet<T>(options));
  }

  /**
   * Scans the documents of a range of keys, of a prefix, or of a random sample, in no particular order:
   *
   *     for await (const { key, value } of bucket.scan(prefixScan('user:'))) …
   *
   * Nothing is requested before the loop asks for the first document, and at most one batch of each vbucket ahead.
   * Leaving the loop cancels the scan. Needs Server 7.6 or newer. Closing the bucket ends a scan with
   * `ObjectDestroyedError`.
   */
  scan<T = unknown>(type: ScanType, options?: ScanOptions): AsyncGenerator<ScanItem<T>, void, undefined> {
    return scanned<T>(options, (own, onItems) =>
      promised(this.raw, () => this.#operations.scan<T>(type, own, onItems)),
    );
  }

  /** Returns the key of a random document of the collection. `NotFoundError` when the collection is empty. */
  randomKey(options?: OperationOptions): Promise<string> {
    return promised(this.raw, () => this.#operations.randomKey(options), options);
  }

  /** Reads documents; with `ttl`, for all or per key, also sets their expiry. */
  getMulti<T = unknown>(
    keys: Keys<TtlPerKey>,
    options?: MultiOptions<GetOptions>,
  ): Promise<MultiResult<ValueResult<T>>> {
    return promised(this.raw, () => this.#operations.getMulti<T>(keys, options), options);
  }

  /** Same as `getMulti`. */
  get_multi<T = unknown>(
    keys: Keys<TtlPerKey>,
    options?: MultiOptions<GetOptions>,
  ): Promise<MultiResult<ValueResult<T>>> {
    return this.getMulti<T>(keys, options);
  }

  /** Stores documents, whether or not they exist. */
  upsertMulti(values: Values, options?: MultiOptions<UpsertOptions>): Promise<MultiResult<OperationResult>> {
    return promised(this.raw, () => this.#operations.upsertMulti(values, options), options);
  }

  /** Same as `upsertMulti`. */
  upsert_multi(values: Values, options?: MultiOptions<UpsertOptions>): Promise<MultiResult<OperationResult>> {
    return this.upsertMulti(values, options);
  }

  /** Stores documents that do not exist yet. */
  insertMulti(values: Values, options?: MultiOptions<InsertOptions>): Promise<MultiResult<OperationResult>> {
    return promised(this.raw, () => this.#operations.insertMulti(values, options), options);
  }

  /** Same as `insertMulti`. */
  insert_multi(values: Values, options?: MultiOptions<InsertOptions>): Promise<MultiResult<OperationResult>> {
    return this.insertMulti(values, options);
  }

  /** Stores documents that exist. */
  replaceMulti(values: Values, options?: MultiOptions<ReplaceOptions>): Promise<MultiResult<OperationResult>> {
    return promised(this.raw, () => this.#operations.replaceMulti(values, options), options);
  }

  /** Same as `replaceMulti`. */
  replace_multi(values: Values, options?: MultiOptions<ReplaceOptions>): Promise<MultiResult<OperationResult>> {
    return this.replaceMulti(values, options);
  }

  /** Adds to the ends of stored strings or bytes. */
  appendMulti(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): Promise<MultiResult<OperationResult>> {
    return promised(this.raw, () => this.#operations.appendMulti(values, options), options);
  }

  /** Same as `appendMulti`. */
  append_multi(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): Promise<MultiResult<OperationResult>> {
    return this.appendMulti(values, options);
  }

  /** Adds to the beginnings of stored strings or bytes. */
  prependMulti(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): Promise<MultiResult<OperationResult>> {
    return promised(this.raw, () => this.#operations.prependMulti(values, options), options);
  }

  /** Same as `prependMulti`. */
  prepend_multi(
    values: Values<Fragment>,
    options?: MultiOptions<AppendOptions>,
  ): Promise<MultiResult<OperationResult>> {
    return this.prependMulti(values, options);
  }

  /** Adds the fragments of Items to the ends of their documents, and of their `value` when that has succeeded. */
  appendItems(items: ItemCollection, options?: MultiOptions<AppendOptions>): Promise<MultiResult<OperationResult>> {
    return promised(this.raw, () => this.#operations.appendItems(items, options), options);
  }

  /** Same as `appendItems`. */
  append_items(items: ItemCollection, options?: MultiOptions<AppendOptions>): Promise<MultiResult<OperationResult>> {
    return this.appendItems(items, options);
  }

  /** Adds the fragments of Items to the beginnings of their documents, and of their `value` when that has succeeded. */
  prependItems(items: ItemCollection, options?: MultiOptions<AppendOptions>): Promise<MultiResult<OperationResult>> {
    return promised(this.raw, () => this.#operations.prependItems(items, options), options);
  }

  /** Same as `prependItems`. */
  prepend_items(items: ItemCollection, options?: MultiOptions<AppendOptions>): Promise<MultiResult<OperationResult>> {
    return this.prependItems(items, options);
  }

  /** Removes documents; those of earlier results only if they have not changed since. */
  removeMulti(keys: Keys<CasPerKey>, options?: MultiOptions<RemoveOptions>): Promise<MultiResult<OperationResult>> {
    return promised(this.raw, () => this.#operations.removeMulti(keys, options), options);
  }

  /** Same as `removeMulti`. */
  remove_multi(keys: Keys<CasPerKey>, options?: MultiOptions<RemoveOptions>): Promise<MultiResult<OperationResult>> {
    return this.removeMulti(keys, options);
  }

  /** Counts up or down; options of a key take precedence over those for all. */
  counterMulti(
    keys: Keys<DeltaPerKey>,
    options?: MultiOptions<CounterOptions>,
  ): Promise<MultiResult<ValueResult<number | bigint>>> {
    return promised(this.raw, () => this.#operations.counterMulti(keys, options), options);
  }

  /** Same as `counterMulti`. */
  counter_multi(
    keys: Keys<DeltaPerKey>,
    options?: MultiOptions<CounterOptions>,
  ): Promise<MultiResult<ValueResult<number | bigint>>> {
    return this.counterMulti(keys, options);
  }

  /** Sets the expiry of documents, to one `ttl` for all or one per key. */
  touchMulti(keys: Keys<TtlPerKey>, options?: MultiOptions<TouchOptions>): Promise<MultiResult<OperationResult>> {
    return promised(this.raw, () => this.#operations.touchMulti(keys, options), options);
  }

  /** Same as `touchMulti`. */
  touch_multi(keys: Keys<TtlPerKey>, options?: MultiOptions<TouchOptions>): Promise<MultiResult<OperationResult>> {
    return this.touchMulti(keys, options);
  }

  /** Reads and locks documents; `ttl` is required, for all or per key. */
  lockMulti<T = unknown>(
    keys: Keys<TtlPerKey>,
    options?: MultiOptions<Partial<LockOptions>>,
  ): Promise<MultiResult<ValueResult<T>>> {
    return promised(this.raw, () => this.#operations.lockMulti<T>(keys, options), options);
  }

  /** Same as `lockMulti`. */
  lock_multi<T = unknown>(
    keys: Keys<TtlPerKey>,
    options?: MultiOptions<Partial<LockOptions>>,
  ): Promise<MultiResult<ValueResult<T>>> {
    return this.lockMulti<T>(keys, options);
  }

  /** Releases locks; every key needs its CAS, most simply as the results of `lockMulti`. */
  unlockMulti(keys: Keys<CasPerKey>, options?: MultiOptions<UnlockOptions>): Promise<MultiResult<OperationResult>> {
    return promised(this.raw, () => this.#operations.unlockMulti(keys, options), options);
  }

  /** Same as `unlockMulti`. */
  unlock_multi(keys: Keys<CasPerKey>, options?: MultiOptions<UnlockOptions>): Promise<MultiResult<OperationResult>> {
    return this.unlockMulti(keys, options);
  }

  /** Checks whether documents exist, without reading them. */
  existsMulti(keys: Keys, options?: MultiOptions<ExistsOptions>): Promise<MultiResult<ExistsResult>> {
    return promised(this.raw, () => this.#operations.existsMulti(keys, options), options);
  }

  /** Same as `existsMulti`. */
  exists_multi(keys: Keys, options?: MultiOptions<ExistsOptions>): Promise<MultiResult<ExistsResult>> {
    return this.existsMulti(keys, options);
  }

  /** Returns the state of documents on every node with a copy. */
  observeMulti(keys: Keys, options?: MultiOptions<ObserveOptions>): Promise<MultiResult<ValueResult<ObserveInfo[]>>> {
    return promised(this.raw, () => this.#operations.observeMulti(keys, options), options);
  }

  /** Same as `observeMulti`. */
  observe_multi(keys: Keys, options?: MultiOptions<ObserveOptions>): Promise<MultiResult<ValueResult<ObserveInfo[]>>> {
    return this.observeMulti(keys, options);
  }

  /** Waits until enough nodes have documents, or the mutations of earlier results. */
  endureMulti(
    keys: Keys<MutationPerKey>,
    options?: MultiOptions<EndureOptions>,
  ): Promise<MultiResult<OperationResult>> {
    return promised(this.raw, () => this.#operations.endureMulti(keys, options), options);
  }

  /** Same as `endureMulti`. */
  endure_multi(
    keys: Keys<MutationPerKey>,
    options?: MultiOptions<EndureOptions>,
  ): Promise<MultiResult<OperationResult>> {
    return this.endureMulti(keys, options);
  }

  /** Reads documents from replicas, as `getReplica` does. */
  getReplicaMulti<T = unknown>(
    keys: Keys,
    options?: MultiOptions<ReplicaOptions>,
  ): Promise<MultiResult<ReplicaResult<T>>> {
    return promised(this.raw, () => this.#operations.getReplicaMulti<T>(keys, options), options);
  }

  /** Same as `getReplicaMulti`. */
  get_replica_multi<T = unknown>(
    keys: Keys,
    options?: MultiOptions<ReplicaOptions>,
  ): Promise<MultiResult<ReplicaResult<T>>> {
    return this.getReplicaMulti<T>(keys, options);
  }

  /** An alias of `getReplicaMulti`, its name in the Python SDK. */
  rgetMulti<T = unknown>(keys: Keys, options?: MultiOptions<ReplicaOptions>): Promise<MultiResult<ReplicaResult<T>>> {
    return this.getReplicaMulti<T>(keys, options);
  }

  /** Same as `getReplicaMulti`. */
  rget_multi<T = unknown>(keys: Keys, options?: MultiOptions<ReplicaOptions>): Promise<MultiResult<ReplicaResult<T>>> {
    return this.getReplicaMulti<T>(keys, options);
  }
}
