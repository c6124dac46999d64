import type { ClusterMap, CouchbaseError } from '@cb/protocol';

/**
 * `opening -> bootstrapping -> ready -> closed`, and to `closed` from everywhere.
 */
export type ConnectionState = 'opening' | 'bootstrapping' | 'ready' | 'closed';

/** What can be asked about the connection to a node. */
export interface ConnectionView {
  readonly state: ConnectionState;
  /** Our end, as `address:port`; undefined when there is none. */
  readonly localAddress: string | undefined;
  /** Microseconds on the IOPS clock. */
  readonly lastActivity: number | undefined;
}

/** What can be asked about one connection of the bucket, made or to be made. */
export interface EndpointView {
  /** The node, as `host:port`. */
  readonly name: string;
  readonly connection: ConnectionView | undefined;
  /** Why operations cannot be sent, as far as is known. */
  trouble(): CouchbaseError | undefined;
}

/** What is known of the cluster at the moment. */
export interface ClusterView {
  /** The newest cluster map; undefined before the bucket is connected. */
  readonly map: ClusterMap | undefined;
  /** The nodes of the map, as `host:port`. */
  readonly nodeNames: readonly string[];
  /** The connections to those nodes. */
  readonly endpoints: readonly EndpointView[];
}
