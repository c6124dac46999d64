import type { FaultyHost } from '../http/faulty-service.js';
import type { ManagedBucket, ManagedCluster, ManagedNode } from '../http/hosts.js';
import type { BucketIndexes } from './indexes/bucket-indexes.js';
import type { QuerySettings } from './query-settings.js';
import type { QueryState } from './query-state.js';

/** What the query service needs of a bucket. */
export interface QueryBucket extends ManagedBucket {
  readonly indexes: BucketIndexes;
}

/** What the query service needs of the cluster. */
export interface QueryHost extends ManagedCluster {
  readonly members: readonly (ManagedNode & FaultyHost)[];
  /** What the query services of all nodes share. */
  readonly queries: QueryState;
  readonly plan: ManagedCluster['plan'] & { readonly queries: QuerySettings };
  findBucket(name: string): QueryBucket | undefined;
}
