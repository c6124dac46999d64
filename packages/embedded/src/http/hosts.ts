import type { Users } from '../auth/users.js';
import type { BucketDefaults, BucketSettings } from '../config/bucket-settings.js';
import type { NodeAddress } from '../config/cluster-config.js';
import type { ManifestEditor } from '../config/manifest-edit.js';
import type { Bucket } from '../store/bucket.js';
import type { ConfigText } from '../store/config-text.js';
import type { Manifest } from '../store/manifest.js';
import type { Clock } from '../time/clock.js';
import type { BucketViews } from '../views/bucket-views.js';
import type { DesignDocuments } from '../views/design-documents.js';

/** The part of the cluster that a service over HTTP needs. */
export interface ServiceHost {
  readonly users: Users;
  readonly clock: Clock;
  readonly plan: { readonly version: string };
  /** Where clients find each node, and its ports. */
  readonly nodes: readonly NodeAddress[];
  /** Names in the order in which the buckets were created. */
  readonly bucketNames: readonly string[];
  findBucket(name: string): ServiceBucket | undefined;
  /**
   * Emits a process warning, once per kind.
   * @param kind identifies the warning; default the message itself
   */
  warn(message: string, kind?: string): void;
}

/** The part of a bucket that such a service needs. */
export interface ServiceBucket {
  readonly name: string;
  readonly uuid: string;
  readonly settings: BucketSettings;
  readonly manifest: Manifest;
  /** The part on each node, in the order of the nodes. */
  readonly parts: readonly Bucket[];
  /** The indexes of the nodes of each vbucket, the active first; -1 for a copy without a node. */
  readonly vbucketMap: readonly (readonly number[])[];
  readonly designs: DesignDocuments;
  readonly views: BucketViews;
}

/** The part of the cluster that only the management service needs. */
export interface ManagedCluster extends ServiceHost {
  /** Hexadecimal. */
  readonly uuid: string;
  readonly plan: BucketDefaults & { readonly version: string; readonly features: ReadonlySet<number> };
  readonly members: readonly ManagedNode[];
  findBucket(name: string): ManagedBucket | undefined;
  /** @throws ArgumentError when the name is taken or malformed. */
  addBucket(name: string, settings: BucketSettings): ManagedBucket;
  /** Deletes a bucket with all that is in it. False when there is none. */
  dropBucket(name: string): boolean;
  /** Publishes a configuration with the next revision, after a change of its content. */
  publish(bucketName: string): void;
}

/** The part of a bucket that only the management service needs. */
export interface ManagedBucket extends ServiceBucket {
  /** Live documents in the whole bucket, replicas not counted. */
  readonly itemCount: number;
  /** Changes the scopes and collections; `applyManifest` puts its manifest in force. */
  readonly editor: ManifestEditor;
  applyManifest(): void;
  changeSettings(settings: BucketSettings): void;
  /** Deletes every document, on every node. */
  flush(): void;
}

/** The part of its own node that the management service needs. */
export interface ManagedNode {
  /** The published configuration of the bucket, or with the empty name that of the cluster. */
  configOf(bucketName: string): ConfigText | undefined;
  /** Returns a function that removes the listener. */
  onConfig(bucketName: string, listener: (config: ConfigText) => void): () => void;
}
