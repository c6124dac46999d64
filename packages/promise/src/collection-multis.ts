import type {
  AppendOptions,
  CasPerKey,
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
  MultiOptions,
  MultiResult,
  MutationPerKey,
  ObserveInfo,
  ObserveOptions,
  OperationResult,
  RemoveOptions,
  ReplaceOptions,
  ReplicaOptions,
  ReplicaResult,
  TouchOptions,
  TtlPerKey,
  UnlockOptions,
  UpsertOptions,
  ValueResult,
  Values,
} from '@cb/raw';
import { CollectionReads } from './collection-reads.js';

/**
 * The operations on many documents at once. All of them go out together, in one write for each node; the Promise is
 * for a `MultiResult`, with a result for every key.
 *
 * When any key fails, and not only by being missing where that is `quiet`, the Promise rejects with the first failure
 * after all keys are answered; `error.allResults` is the `MultiResult` then, and `error.splitResults()` tells the
 * successes from the others. `timeout` and `signal` are those of the whole.
 *
 * Everything is checked and encoded before anything is sent: an `ArgumentError` or a `ValueFormatError` about one key
 * names it, and nothing was sent. A key that is given more than once is operated on as often, in order; it has one
 * result, is listed in `duplicates`, and a process warning tells of it.
 *
 * Each operation has two names: `getMulti` and `get_multi` are the same.
 */
export abstract class CollectionMultis extends CollectionReads {
  /** Reads documents; with `ttl`, for all or per key, also sets their expiry. */
  getMulti<T = unknown>(
    keys: Keys<TtlPerKey>,
    options?: MultiOptions<GetOptions>,
  ): Promise<MultiResult<ValueResult<T>>> {
    return this.promise(() => this.operations.getMulti<T>(keys, options), options);
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
    return this.promise(() => this.operations.upsertMulti(values, options), options);
  }

  /** Same as `upsertMulti`. */
  upsert_multi(values: Values, options?: MultiOptions<UpsertOptions>): Promise<MultiResult<OperationResult>> {
    return this.upsertMulti(values, options);
  }

  /** Stores documents that do not exist yet. */
  insertMulti(values: Values, options?: MultiOptions<InsertOptions>): Promise<MultiResult<OperationResult>> {
    return this.promise(() => this.operations.insertMulti(values, options), options);
  }

  /** Same as `insertMulti`. */
  insert_multi(values: Values, options?: MultiOptions<InsertOptions>): Promise<MultiResult<OperationResult>> {
    return this.insertMulti(values, options);
  }

  /** Stores documents that exist. */
  replaceMulti(values: Values, options?: MultiOptions<ReplaceOptions>): Promise<MultiResult<OperationResult>> {
    return this.promise(() => this.operations.replaceMulti(values, options), options);
  }

  /** Same as `replaceMulti`. */
  replace_multi(values: Values, options?: MultiOptions<ReplaceOptions>): Promise<MultiResult<OperationResult>> {
    return this.replaceMulti(values, options);
  }

  /** Adds to the ends of stored strings or bytes. */
  appendMulti(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): Promise<MultiResult<OperationResult>> {
    return this.promise(() => this.operations.appendMulti(values, options), options);
  }

  /** Same as `appendMulti`. */
  append_multi(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): Promise<MultiResult<OperationResult>> {
    return this.appendMulti(values, options);
  }

  /** Adds to the beginnings of stored strings or bytes. */
  prependMulti(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): Promise<MultiResult<OperationResult>> {
    return this.promise(() => this.operations.prependMulti(values, options), options);
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
    return this.promise(() => this.operations.appendItems(items, options), options);
  }

  /** Same as `appendItems`. */
  append_items(items: ItemCollection, options?: MultiOptions<AppendOptions>): Promise<MultiResult<OperationResult>> {
    return this.appendItems(items, options);
  }

  /** Adds the fragments of Items to the beginnings of their documents, and of their `value` when that has succeeded. */
  prependItems(items: ItemCollection, options?: MultiOptions<AppendOptions>): Promise<MultiResult<OperationResult>> {
    return this.promise(() => this.operations.prependItems(items, options), options);
  }

  /** Same as `prependItems`. */
  prepend_items(items: ItemCollection, options?: MultiOptions<AppendOptions>): Promise<MultiResult<OperationResult>> {
    return this.prependItems(items, options);
  }

  /** Removes documents; those of earlier results only if they have not changed since. */
  removeMulti(keys: Keys<CasPerKey>, options?: MultiOptions<RemoveOptions>): Promise<MultiResult<OperationResult>> {
    return this.promise(() => this.operations.removeMulti(keys, options), options);
  }

  /** Same as `removeMulti`. */
  remove_multi(keys: Keys<CasPerKey>, options?: MultiOptions<RemoveOptions>): Promise<MultiResult<OperationResult>> {
    return this.removeMulti(keys, options);
  }

  /** Counts up or down; what is given per key goes before the options for all. */
  counterMulti(
    keys: Keys<DeltaPerKey>,
    options?: MultiOptions<CounterOptions>,
  ): Promise<MultiResult<ValueResult<number | bigint>>> {
    return this.promise(() => this.operations.counterMulti(keys, options), options);
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
    return this.promise(() => this.operations.touchMulti(keys, options), options);
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
    return this.promise(() => this.operations.lockMulti<T>(keys, options), options);
  }

  /** Same as `lockMulti`. */
  lock_multi<T = unknown>(
    keys: Keys<TtlPerKey>,
    options?: MultiOptions<Partial<LockOptions>>,
  ): Promise<MultiResult<ValueResult<T>>> {
    return this.lockMulti<T>(keys, options);
  }

  /** Gives locks back; every key needs its CAS, most simply as the results of `lockMulti`. */
  unlockMulti(keys: Keys<CasPerKey>, options?: MultiOptions<UnlockOptions>): Promise<MultiResult<OperationResult>> {
    return this.promise(() => this.operations.unlockMulti(keys, options), options);
  }

  /** Same as `unlockMulti`. */
  unlock_multi(keys: Keys<CasPerKey>, options?: MultiOptions<UnlockOptions>): Promise<MultiResult<OperationResult>> {
    return this.unlockMulti(keys, options);
  }

  /** Whether there are documents, without reading them. */
  existsMulti(keys: Keys, options?: MultiOptions<ExistsOptions>): Promise<MultiResult<ExistsResult>> {
    return this.promise(() => this.operations.existsMulti(keys, options), options);
  }

  /** Same as `existsMulti`. */
  exists_multi(keys: Keys, options?: MultiOptions<ExistsOptions>): Promise<MultiResult<ExistsResult>> {
    return this.existsMulti(keys, options);
  }

  /** What every node with a copy knows of documents. */
  observeMulti(keys: Keys, options?: MultiOptions<ObserveOptions>): Promise<MultiResult<ValueResult<ObserveInfo[]>>> {
    return this.promise(() => this.operations.observeMulti(keys, options), options);
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
    return this.promise(() => this.operations.endureMulti(keys, options), options);
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
    return this.promise(() => this.operations.getReplicaMulti<T>(keys, options), options);
  }

  /** Same as `getReplicaMulti`. */
  get_replica_multi<T = unknown>(
    keys: Keys,
    options?: MultiOptions<ReplicaOptions>,
  ): Promise<MultiResult<ReplicaResult<T>>> {
    return this.getReplicaMulti<T>(keys, options);
  }

  /** Same as `getReplicaMulti`, by the name it has in the Python SDK. */
  rgetMulti<T = unknown>(keys: Keys, options?: MultiOptions<ReplicaOptions>): Promise<MultiResult<ReplicaResult<T>>> {
    return this.getReplicaMulti<T>(keys, options);
  }

  /** Same as `getReplicaMulti`. */
  rget_multi<T = unknown>(keys: Keys, options?: MultiOptions<ReplicaOptions>): Promise<MultiResult<ReplicaResult<T>>> {
    return this.getReplicaMulti<T>(keys, options);
  }
}
