import type {
  AllReplicasOptions,
  OperationOptions,
  RandomOptions,
  ReplicaOptions,
  ReplicaResult,
  ScanItem,
  ScanOptions,
  ScanType,
  ValueResult,
} from '@cb/raw';
import { CollectionStructures } from './collection-structures.js';
import { scanned } from './scanned.js';

/** The ways to read a collection beside reading a document by its key from where it is active. */
export abstract class CollectionReads extends CollectionStructures {
  /**
   * Reads a document from a replica, which may lag behind: from the one of `replicaIndex`, else from whichever answers
   * first. `NotFoundError` when the replicas do not have it, unless `quiet`. `ArgumentError` when there is no such replica.
   */
  getReplica<T = unknown>(key: string, options?: ReplicaOptions): Promise<ReplicaResult<T>> {
    return this.promise(() => this.operations.getReplica<T>(key, options), options);
  }

  /** The same as `getReplica`, by the name it has in the Python SDK. */
  rget<T = unknown>(key: string, options?: ReplicaOptions): Promise<ReplicaResult<T>> {
    return this.getReplica<T>(key, options);
  }

  /**
   * Reads a document from whichever copy answers first, the active one or a replica (`isReplica` tells), which may lag
   * behind. A bucket without replicas has the active one. `NotFoundError` when no copy has it, unless `quiet`.
   */
  getAnyReplica<T = unknown>(key: string, options?: AllReplicasOptions): Promise<ReplicaResult<T>> {
    return this.promise(() => this.operations.getAnyReplica<T>(key, options), options);
  }

  /**
   * Reads every copy of a document that there is: the active one first, then the replicas. Copies that do not answer in
   * time are left out. `NotFoundError` when nobody has it (with `quiet` an empty list).
   */
  getAllReplicas<T = unknown>(key: string, options?: AllReplicasOptions): Promise<ReplicaResult<T>[]> {
    return this.promise(() => this.operations.getAllReplicas<T>(key, options), options);
  }

  /** Reads some document of the collection; its key is in the result. `NotFoundError` when there is none at all. */
  randomGet<T = unknown>(options?: RandomOptions): Promise<ValueResult<T>> {
    return this.promise(() => this.operations.randomGet<T>(options));
  }

  /**
   * Goes through the documents of a range of keys, of a prefix, or of a random sample, in no particular order:
   *
   *     for await (const { key, value } of bucket.scan(prefixScan('user:'))) …
   *
   * Nothing is asked for before the first document is, and no more than one batch of each vbucket ahead. Leaving the
   * loop ends the scan. Needs Server 7.6 or newer. Closing the bucket ends a scan with `ObjectDestroyedError`.
   */
  scan<T = unknown>(type: ScanType, options?: ScanOptions): AsyncGenerator<ScanItem<T>, void, undefined> {
    return scanned<T>(options, (own, onItems) => this.promise(() => this.operations.scan<T>(type, own, onItems)));
  }

  /** The key of some document of the collection. `NotFoundError` when there is none at all. */
  randomKey(options?: OperationOptions): Promise<string> {
    return this.promise(() => this.operations.randomKey(options), options);
  }
}
