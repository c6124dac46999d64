import { ArgumentError } from '@cb/protocol';
import type { ClusterBucket } from './cluster-bucket.js';
import { spreadVbuckets } from './config/vbucket-map.js';

/** What becomes of a node: it serves, it was killed, or it is no longer (or not yet) part of the cluster. */
export interface Membership {
  /** Its vbuckets, if any, are in the maps. */
  isJoined: boolean;
  /** Its ports are open. */
  isUp: boolean;
}

export interface RebalanceOptions {
  /** How many vbuckets move before the next configuration is handed out. Default 16. */
  readonly batch?: number;
  /** Milliseconds between two batches. Default 0: all at once. */
  readonly delayMs?: number;
}

/** What is to be done to a bucket so that its vbuckets are spread evenly over the members that take part. */
export function rebalancePlan(
  bucket: ClusterBucket,
  joined: readonly number[],
): { readonly vbucket: number; readonly chain: readonly number[] }[] {
  if (joined.length === 0) throw new ArgumentError('a cluster without nodes cannot be rebalanced');
  const { vbuckets, replicas } = bucket.settings;
  return spreadVbuckets(vbuckets, joined.length, replicas)
    .map((spread, vbucket) => ({ vbucket, chain: spread.map((at) => (at < 0 ? -1 : joined[at]!)) }))
    .filter(({ vbucket, chain }) => String(chain) !== String(bucket.vbucketMap[vbucket]));
}
