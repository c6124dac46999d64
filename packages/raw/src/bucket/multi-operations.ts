import { appended, prepended } from '../multi/added.js';
import {
  type KeyedCall,
  keyedCalls,
  type MultiOptions,
  type StoreKind,
  type StoringCall,
  storingCalls,
} from '../multi/calls.js';
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
  type PerKey,
  type TtlPerKey,
  ttlPerKey,
} from '../multi/per-key.js';
import { type CounterOptions, counter } from '../operations/counter.js';
import { type EndureOptions, endure, type ObserveOptions, observe } from '../operations/endure.js';
import { type ExistsOptions, exists } from '../operations/exists.js';
import { type GetOptions, get, getFromReplica } from '../operations/get.js';
import { anyReplica, type ReplicaOptions, replicaByIndex } from '../operations/get-replica.js';
import { type LockOptions, lock, type UnlockOptions, unlock } from '../operations/lock.js';
import type { ObserveInfo } from '../operations/observe.js';
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
import { type TouchOptions, touch } from '../operations/touch.js';
import type { ExistsResult, OperationResult, ReplicaResult, Result, ValueResult } from '../results/results.js';
import { RawReads } from './raw-reads.js';

/** Values that are stored whole: Items send their CAS. */
const WITH_CAS = { sendsCas: true, adds: false };
const WITHOUT_CAS = { sendsCas: false, adds: false };
/** Values that are added: of Items, their fragments. */
const ADDED = { sendsCas: true, adds: true };

/**
 * The operations on many documents at once. All of them go out together, in one write for each node; the result is a
 * `MultiResult`, which is complete when its `callback` or `errback` is called.
 *
 * Everything is checked and encoded before anything is sent: an `ArgumentError` or a `ValueFormatError` about one key
 * names it, and nothing was sent. `timeout` and `signal` are those of the whole. A key that is given more than once is
 * operated on as often, in order; it has one result, is listed in `duplicates`, and a process warning tells of it.
 *
 * Each operation has two names: `getMulti` and `get_multi` are the same.
 */
export abstract class MultiOperations extends RawReads {
  /** Takes all operations of a multi operation on their way, at once. */
  protected abstract startMulti<R extends Result>(multi: MultiResult<R>): MultiResult<R>;

  /** Reads documents; with `ttl`, for all or per key, also sets their expiry. */
  getMulti<T = unknown>(keys: Keys<TtlPerKey>, options?: MultiOptions<GetOptions>): MultiResult<ValueResult<T>> {
    return this.startMulti(
      this.#keyed('getMulti', keys, options, options?.replica === true ? getFromReplica<T> : get<T>, ttlPerKey),
    );
  }

  /** Same as `getMulti`. */
  get_multi<T = unknown>(keys: Keys<TtlPerKey>, options?: MultiOptions<GetOptions>): MultiResult<ValueResult<T>> {
    return this.getMulti<T>(keys, options);
  }

  /** Stores documents, whether or not they exist. */
  upsertMulti(values: Values, options?: MultiOptions<UpsertOptions>): MultiResult<OperationResult> {
    return this.startMulti(this.#storing('upsertMulti', values, options, upsert, WITH_CAS));
  }

  /** Same as `upsertMulti`. */
  upsert_multi(values: Values, options?: MultiOptions<UpsertOptions>): MultiResult<OperationResult> {
    return this.upsertMulti(values, options);
  }

  /** Stores documents that do not exist yet. */
  insertMulti(values: Values, options?: MultiOptions<InsertOptions>): MultiResult<OperationResult> {
    return this.startMulti(this.#storing('insertMulti', values, options, insert, WITHOUT_CAS));
  }

  /** Same as `insertMulti`. */
  insert_multi(values: Values, options?: MultiOptions<InsertOptions>): MultiResult<OperationResult> {
    return this.insertMulti(values, options);
  }

  /** Stores documents that exist. */
  replaceMulti(values: Values, options?: MultiOptions<ReplaceOptions>): MultiResult<OperationResult> {
    return this.startMulti(this.#storing('replaceMulti', values, options, replace, WITH_CAS));
  }

  /** Same as `replaceMulti`. */
  replace_multi(values: Values, options?: MultiOptions<ReplaceOptions>): MultiResult<OperationResult> {
    return this.replaceMulti(values, options);
  }

  /** Adds to the ends of stored strings or bytes. */
  appendMulti(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.startMulti(this.#storing('appendMulti', values, options, append, ADDED));
  }

  /** Same as `appendMulti`. */
  append_multi(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.appendMulti(values, options);
  }

  /** Adds to the beginnings of stored strings or bytes. */
  prependMulti(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.startMulti(this.#storing('prependMulti', values, options, prepend, ADDED));
  }

  /** Same as `prependMulti`. */
  prepend_multi(values: Values<Fragment>, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.prependMulti(values, options);
  }

  /** Adds the fragments of Items to the ends of their documents, and of their `value` when that has succeeded. */
  appendItems(items: ItemCollection, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.startMulti(this.#storing('appendItems', items, options, append, { ...ADDED, edit: appended }));
  }

  /** Same as `appendItems`. */
  append_items(items: ItemCollection, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.appendItems(items, options);
  }

  /** Adds the fragments of Items to the beginnings of their documents, and of their `value` when that has succeeded. */
  prependItems(items: ItemCollection, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.startMulti(this.#storing('prependItems', items, options, prepend, { ...ADDED, edit: prepended }));
  }

  /** Same as `prependItems`. */
  prepend_items(items: ItemCollection, options?: MultiOptions<AppendOptions>): MultiResult<OperationResult> {
    return this.prependItems(items, options);
  }

  /** Removes documents; those of earlier results only if they have not changed since. */
  removeMulti(keys: Keys<CasPerKey>, options?: MultiOptions<RemoveOptions>): MultiResult<OperationResult> {
    return this.startMulti(this.#keyed('removeMulti', keys, options, remove, casPerKey));
  }

  /** Same as `removeMulti`. */
  remove_multi(keys: Keys<CasPerKey>, options?: MultiOptions<RemoveOptions>): MultiResult<OperationResult> {
    return this.removeMulti(keys, options);
  }

  /** Counts up or down; what is given per key goes before the options for all. */
  counterMulti(
    keys: Keys<DeltaPerKey>,
    options?: MultiOptions<CounterOptions>,
  ): MultiResult<ValueResult<number | bigint>> {
    return this.startMulti(this.#keyed('counterMulti', keys, options, counter, deltaPerKey));
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
    return this.startMulti(this.#keyed('touchMulti', keys, options, touch, ttlPerKey));
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
    return this.startMulti(this.#keyed('lockMulti', keys, options, lock<T>, ttlPerKey));
  }

  /** Same as `lockMulti`. */
  lock_multi<T = unknown>(
    keys: Keys<TtlPerKey>,
    options?: MultiOptions<Partial<LockOptions>>,
  ): MultiResult<ValueResult<T>> {
    return this.lockMulti<T>(keys, options);
  }

  /** Gives locks back; every key needs its CAS, most simply as the results of `lockMulti`. */
  unlockMulti(keys: Keys<CasPerKey>, options?: MultiOptions<UnlockOptions>): MultiResult<OperationResult> {
    return this.startMulti(this.#keyed('unlockMulti', keys, options, unlock, casPerKey));
  }

  /** Same as `unlockMulti`. */
  unlock_multi(keys: Keys<CasPerKey>, options?: MultiOptions<UnlockOptions>): MultiResult<OperationResult> {
    return this.unlockMulti(keys, options);
  }

  /** Whether there are documents, without reading them. */
  existsMulti(keys: Keys, options?: MultiOptions<ExistsOptions>): MultiResult<ExistsResult> {
    return this.startMulti(this.#keyed('existsMulti', keys, options, exists, nothingPerKey));
  }

  /** Same as `existsMulti`. */
  exists_multi(keys: Keys, options?: MultiOptions<ExistsOptions>): MultiResult<ExistsResult> {
    return this.existsMulti(keys, options);
  }

  /** What every node with a copy knows of documents. */
  observeMulti(keys: Keys, options?: MultiOptions<ObserveOptions>): MultiResult<ValueResult<ObserveInfo[]>> {
    return this.startMulti(this.#keyed('observeMulti', keys, options, observe, nothingPerKey));
  }

  /** Same as `observeMulti`. */
  observe_multi(keys: Keys, options?: MultiOptions<ObserveOptions>): MultiResult<ValueResult<ObserveInfo[]>> {
    return this.observeMulti(keys, options);
  }

  /** Waits until enough nodes have documents, or the mutations of earlier results. */
  endureMulti(keys: Keys<MutationPerKey>, options?: MultiOptions<EndureOptions>): MultiResult<OperationResult> {
    return this.startMulti(this.#keyed('endureMulti', keys, options, endure, mutationPerKey));
  }

  /** Same as `endureMulti`. */
  endure_multi(keys: Keys<MutationPerKey>, options?: MultiOptions<EndureOptions>): MultiResult<OperationResult> {
    return this.endureMulti(keys, options);
  }

  /** Reads documents from replicas, as `getReplica` does. */
  getReplicaMulti<T = unknown>(keys: Keys, options?: MultiOptions<ReplicaOptions>): MultiResult<ReplicaResult<T>> {
    const read: KeyedCall<ReplicaResult<T>> = (context, key, own) =>
      options?.replicaIndex === undefined
        ? anyReplica<T>(context, 'getReplica', key, own)
        : replicaByIndex<T>(context, key, own);
    return this.startMulti(this.#keyed('getReplicaMulti', keys, options, read, nothingPerKey));
  }

  /** Same as `getReplicaMulti`. */
  get_replica_multi<T = unknown>(keys: Keys, options?: MultiOptions<ReplicaOptions>): MultiResult<ReplicaResult<T>> {
    return this.getReplicaMulti<T>(keys, options);
  }

  /** Same as `getReplicaMulti`, by the name it has in the Python SDK. */
  rgetMulti<T = unknown>(keys: Keys, options?: MultiOptions<ReplicaOptions>): MultiResult<ReplicaResult<T>> {
    return this.getReplicaMulti<T>(keys, options);
  }

  /** Same as `getReplicaMulti`. */
  rget_multi<T = unknown>(keys: Keys, options?: MultiOptions<ReplicaOptions>): MultiResult<ReplicaResult<T>> {
    return this.getReplicaMulti<T>(keys, options);
  }

  #keyed<R extends Result>(
    name: string,
    keys: Keys<unknown>,
    options: object | undefined,
    make: KeyedCall<R>,
    perKey: PerKey,
  ): MultiResult<R> {
    return keyedCalls(this.context, name, keys, options, make, perKey);
  }

  #storing<R extends Result>(
    name: string,
    values: Values,
    options: object | undefined,
    make: StoringCall<R>,
    kind: StoreKind,
  ): MultiResult<R> {
    return storingCalls(this.context, name, values, options, make, kind);
  }
}
