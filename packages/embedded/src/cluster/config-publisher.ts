import { bucketCapabilities } from '../config/bucket-capabilities.js';
import { bucketConfig, clusterConfig } from '../config/cluster-config.js';
import type { ConfigVersion } from '../store/config-text.js';
import type { ClusterBucket } from './cluster-bucket.js';
import type { Members } from './members.js';
import type { VbucketMap } from './topology.js';

/** All configurations are of this epoch: it grows only when a cluster's revisions start from the beginning again. */
const EPOCH = 1n;

export interface ConfigPublisherSetup {
  readonly members: Members;
  /** By name. */
  readonly buckets: ReadonlyMap<string, ClusterBucket>;
  /** The HELLO features that the nodes grant. */
  readonly features: ReadonlySet<number>;
  /** Without a cluster manager nothing is published. */
  readonly hasClusterManager: boolean;
}

/** Publishes the configurations of a cluster and its buckets, each with the next revision, on the nodes. */
export class ConfigPublisher {
  readonly #setup: ConfigPublisherSetup;
  /** The maps after the current rebalance, by bucket. */
  readonly #forward = new Map<string, VbucketMap>();
  #revision = 0n;

  constructor(setup: ConfigPublisherSetup) {
    this.#setup = setup;
  }

  /** Publishes a bucket's configuration after a change of its content. Does nothing when there is no such bucket. */
  publish(bucketName: string): void {
    const { members, buckets, hasClusterManager, features } = this.#setup;
    const bucket = buckets.get(bucketName);
    if (!hasClusterManager || bucket === undefined) return;
    const version = this.#nextVersion();
    const { name, uuid, settings } = bucket;
    const { joined, joinedEntries } = members;
    // Configurations number the nodes that take part.
    const numbered = (map: VbucketMap): number[][] => map.map((chain) => chain.map((index) => joined.indexOf(index)));
    const forward = this.#forward.get(name);
    const maps = { vbucketMap: numbered(bucket.vbucketMap), forwardMap: forward && numbered(forward) };
    const names = { name, uuid, manifestUid: bucket.manifest.uid.toString(16) };
    const capabilities = bucketCapabilities(settings, features);
    const entry = { ...names, replicas: settings.replicas, ...maps, capabilities };
    for (const [index, node] of members.nodes.entries()) {
      if (members.isUp(index)) node.setConfig(name, bucketConfig(version, joinedEntries, joined.indexOf(index), entry));
    }
  }

  /** Publishes the configuration of the cluster, which does not contain a bucket. */
  publishCluster(): void {
    const { members, hasClusterManager } = this.#setup;
    if (!hasClusterManager) return;
    const version = this.#nextVersion();
    const { joined, joinedEntries } = members;
    for (const [index, node] of members.nodes.entries()) {
      node.setConfig('', clusterConfig(version, joinedEntries, joined.indexOf(index)));
    }
  }

  /** Publishes all configurations after a change of their common content. */
  publishAll(): void {
    this.publishCluster();
    for (const name of this.#setup.buckets.keys()) this.publish(name);
  }

  /** Sets the map after the current rebalance in a bucket's configurations, from the next one on. */
  announce(bucketName: string, map: VbucketMap): void {
    this.#forward.set(bucketName, map);
  }

  /** Ends the rebalance: configurations only have the current map. */
  endAnnouncements(): void {
    this.#forward.clear();
  }

  #nextVersion(): ConfigVersion {
    this.#revision += 1n;
    return { epoch: EPOCH, revision: this.#revision };
  }
}
