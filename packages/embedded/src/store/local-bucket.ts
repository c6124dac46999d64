import type { ConfigText } from './config-text.js';

/** The states of a vbucket on one node; on the wire they are 1 to 4, in this order. */
export type VbucketState = 'active' | 'replica' | 'pending' | 'dead';

/** What dispatch must know of a vbucket on this node. */
export interface LocalVbucket {
  readonly id: number;
  readonly state: VbucketState;
}

/** The part of a bucket that lives on one node. */
export interface LocalBucket {
  readonly name: string;
  readonly type: 'couchbase' | 'ephemeral' | 'memcached';
  /** By vbucket id; undefined where this node has none. */
  readonly vbuckets: readonly (LocalVbucket | undefined)[];
  /** The cluster map as the node hands it out; undefined before there is one. */
  readonly config: ConfigText | undefined;
  /** Whether the manifest has the collection. */
  hasCollection(id: number): boolean;
  /** Hexadecimal uid of the collections manifest. */
  readonly manifestUid: string;
  /** Calls `action` once, when the vbucket is not pending any more. */
  whenNotPending(vbucket: number, action: () => void): void;
}
