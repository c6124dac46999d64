import type { OperationOptions } from '../operation/options.js';
import {
  type AllReplicasOptions,
  anyCopy,
  anyReplica,
  getAllReplicas,
  type ReplicaOptions,
  replicaByIndex,
} from '../operations/get-replica.js';
import { type RandomOptions, randomGet, randomKey } from '../operations/random.js';
import type { AsyncResult } from '../results/async-result.js';
import type { ReplicaResult, ValueResult } from '../results/results.js';
import { type ScanHandler, type ScanOptions, scan } from '../scan/scan.js';
import type { ScanType } from '../scan/scan-type.js';
import { RawStructures } from './raw-structures.js';

/** The ways to read a collection beside reading a document by its key from where it is active. */
export abstract class RawReads extends RawStructures {
  /**
   * Reads a document from a replica, which may lag behind: from the one of `replicaIndex`, else from whichever answers
   * first. `NotFoundError` when the replicas do not have it, unless `quiet`. `ArgumentError` when there is no such replica.
   */
  getReplica<T = unknown>(key: string, options?: ReplicaOptions): AsyncResult<ReplicaResult<T>> {
    return options?.replicaIndex === undefined
      ? this.compose(anyReplica<T>(this.context, 'getReplica', key, options))
      : this.start(replicaByIndex<T>(this.context, key, options));
  }

  /** The same as `getReplica`, by the name it has in the Python SDK. */
  rget<T = unknown>(key: string, options?: ReplicaOptions): AsyncResult<ReplicaResult<T>> {
    return this.getReplica<T>(key, options);
  }

  /**
   * Reads a document from whichever copy answers first, the active one or a replica (`isReplica` tells), which may lag
   * behind. A bucket without replicas has the active one. `NotFoundError` when no copy has it, unless `quiet`.
   */
  getAnyReplica<T = unknown>(key: string, options?: AllReplicasOptions): AsyncResult<ReplicaResult<T>> {
    return this.compose(anyCopy<T>(this.context, key, options));
  }

  /**
   * Reads every copy of a document that there is: the active one first, then the replicas. Copies that do not answer in
   * time are left out. `NotFoundError` when nobody has it (with `quiet` an empty list).
   */
  getAllReplicas<T = unknown>(key: string, options?: AllReplicasOptions): AsyncResult<ReplicaResult<T>[]> {
    return this.compose(getAllReplicas<T>(this.context, key, options));
  }

  /** Reads some document of the collection; its key is in the result. `NotFoundError` when there is none at all. */
  randomGet<T = unknown>(options?: RandomOptions): AsyncResult<ValueResult<T>> {
    return this.compose(randomGet<T>(this.context, options));
  }

  /**
   * Goes through the documents of a range of keys, of a prefix, or of a random sample, in no particular order. Each
   * batch goes to `onItems`; while a Promise that it returns is pending, no more of that vbucket is asked for. The result
   * is the number of documents. Needs Server 7.6 or newer. Closing the bucket ends a scan with `ObjectDestroyedError`.
   */
  scan<T = unknown>(type: ScanType, options: ScanOptions | undefined, onItems: ScanHandler<T>): AsyncResult<number> {
    return this.compose(scan<T>(this.context, type, options, onItems));
  }

  /** The key of some document of the collection. `NotFoundError` when there is none at all. */
  randomKey(options?: OperationOptions): AsyncResult<string> {
    return this.compose(randomKey(this.context, options));
  }
}
