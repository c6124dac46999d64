import { ArgumentError } from '@cb/protocol';
import { checkFields, finiteMsOption, integerOption } from '../base/check-options.js';
import { spreadVbuckets, VBUCKETS_MAX } from '../config/vbucket-map.js';
import type { ClusterBucket } from './cluster-bucket.js';

/** The state of a node: it serves, it was killed, or it is no longer (or not yet) part of the cluster. */
export interface Membership {
  /** Its vbuckets, if any, are in the maps. */
  isJoined: boolean;
  /** Its ports are open. */
  isUp: boolean;
}

/** Options of a rebalance. */
export interface RebalanceOptions {
  /** Indexes of nodes that are emptied and leave the cluster. Default none. */
  readonly without?: readonly number[] | undefined;
  /** Number of vbuckets that move before the next configuration is published, from 1 on. Default 16. */
  readonly batch?: number | undefined;
  /** Milliseconds between two batches. Default 0: all at once. */
  readonly delayMs?: number | undefined;
  /**
   * Milliseconds in which a vbucket that has a new active node is pending there: requests for it wait. Default 0.
   */
  readonly takeoverMs?: number | undefined;
}

/** @throws ArgumentError for an option that is unknown, of the wrong type or out of range. */
export function rebalanceOptions(options: RebalanceOptions) {
  checkFields(options, ['batch', 'delayMs', 'takeoverMs', 'without'], 'options');
  const { batch, delayMs, takeoverMs, without = [] } = options;
  if (!Array.isArray(without)) throw new ArgumentError('without must be an array of the indexes of nodes');
  return {
    batch: integerOption(batch, 'batch', 1, VBUCKETS_MAX, 16),
    delayMs: finiteMsOption(delayMs, 'delayMs', 0),
    takeoverMs: finiteMsOption(takeoverMs, 'takeoverMs', 0),
    without: without as readonly number[],
  };
}

/** The indexes of the nodes of each vbucket, the active first; -1 for a copy without a node. */
export type VbucketMap = readonly (readonly number[])[];

/** A vbucket and its new nodes. */
export interface Move {
  readonly vbucket: number;
  readonly chain: readonly number[];
}

/** Returns the map after the moves. */
export function forwardMap(bucket: ClusterBucket, moves: readonly Move[]): VbucketMap {
  const map = [...bucket.vbucketMap];
  for (const { vbucket, chain } of moves) map[vbucket] = chain;
  return map;
}

/** Returns the moves after which the vbuckets of a bucket are spread evenly over the members that take part. */
export function rebalancePlan(bucket: ClusterBucket, joined: readonly number[]): Move[] {
  if (joined.length === 0) throw new ArgumentError('a cluster without nodes cannot be rebalanced');
  const { vbuckets, replicas } = bucket.settings;
  return spreadVbuckets(vbuckets, joined.length, replicas)
    .map((spread, vbucket) => ({ vbucket, chain: spread.map((at) => (at < 0 ? -1 : joined[at]!)) }))
    .filter(({ vbucket, chain }) => String(chain) !== String(bucket.vbucketMap[vbucket]));
}
