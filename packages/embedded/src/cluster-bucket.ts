import { ArgumentError, Datatype, vbucketOf } from '@cb/protocol';
import type { BucketSettings } from './bucket-settings.js';
import type { Clock } from './clock.js';
import { ManifestEditor } from './config/manifest-edit.js';
import { spreadVbuckets } from './config/vbucket-map.js';
import { COLLECTION_KEY_BYTES_MAX, KEY_BYTES_MAX } from './kv/validate.js';
import type { Node } from './node.js';
import { Bucket } from './store/bucket.js';
import { Document } from './store/document.js';
import { DEFAULT_MANIFEST, type Manifest } from './store/manifest.js';
import { ReplicationStream } from './store/replication.js';

/** The common flags of JSON, as every SDK writes them. Source: SDK RFC 0020. */
const JSON_FLAGS = 0x02000000;

/** The collection that a document is in; default that of buckets without others. */
export interface DocumentPlace {
  readonly scope?: string;
  readonly collection?: string;
}

/** What a bucket needs of the cluster that it is part of. */
export interface ClusterBucketSetup {
  readonly name: string;
  readonly uuid: string;
  readonly settings: BucketSettings;
  readonly nodes: readonly Node[];
  readonly clock: Clock;
  /** Milliseconds, from a mutation to its replicas. */
  readonly replicationLagMs: number;
  /** Milliseconds, from a mutation to the disk. */
  readonly persistenceLagMs: number;
  /** Whether the vbuckets are told which nodes have them; without, nothing durable is possible. */
  readonly hasTopology: boolean;
}

/** A bucket as a whole: its parts on the nodes, which vbucket is where, and the streams that keep replicas up to date. */
export class ClusterBucket {
  readonly name: string;
  readonly uuid: string;
  /** For each vbucket the indexes of its nodes, the active first; -1 for a copy that there is no node for. */
  readonly vbucketMap: readonly (readonly number[])[];
  /** The part on each node, in the order of the nodes. */
  readonly parts: readonly Bucket[];
  /** Design documents by their id, `_design/` included. */
  readonly designs = new Map<string, object>();
  /** Changes the scopes and collections; `applyManifest` puts its manifest in force. */
  readonly editor = new ManifestEditor(DEFAULT_MANIFEST);
  #settings: BucketSettings;
  readonly #streams: ReplicationStream[] = [];
  readonly #setup: ClusterBucketSetup;

  constructor(setup: ClusterBucketSetup) {
    const { name, uuid, settings, nodes } = setup;
    this.#setup = setup;
    this.name = name;
    this.uuid = uuid;
    this.#settings = settings;
    this.parts = nodes.map((node) => makePart(node, setup));
    this.vbucketMap = spreadVbuckets(settings.vbuckets, nodes.length, settings.replicas);
    if (settings.type === 'memcached') return;
    for (const [vbucket, chain] of this.vbucketMap.entries()) this.#spread(vbucket, chain);
  }

  get settings(): BucketSettings {
    return this.#settings;
  }

  /** Changes all but what decides where documents are kept. What is stored already stays as it is. */
  changeSettings(settings: BucketSettings): void {
    const { type, replicas, vbuckets } = this.#settings;
    this.#settings = { ...settings, type, replicas, vbuckets };
    for (const part of this.parts) {
      part.maxTtl = settings.maxTtl;
      part.compressionMode = settings.compressionMode;
    }
  }

  get manifest(): Manifest {
    return this.parts[0]!.manifest;
  }

  /** Live documents in the whole bucket, replicas not counted. */
  get itemCount(): number {
    return this.parts.reduce((count, part) => count + part.itemCount(), 0);
  }

  /** Puts the editor's manifest in force on every node. */
  applyManifest(): void {
    for (const part of this.parts) part.setManifest(this.editor.manifest);
  }

  /**
   * Stores a JSON document without a client, for tests and for filling a bucket. It is written to the active copy and
   * goes to the replicas from there, like any other.
   * @param id 1 to 250 bytes of UTF-8 (246 outside the default collection).
   * @throws ArgumentError when the id is not, when there is no such collection, or when `doc` has no JSON form.
   */
  put(id: string, doc: unknown, options: DocumentPlace & { readonly ttl?: number } = {}): void {
    const { vbucket, part, collection, key } = this.#place(id, options);
    const json = JSON.stringify(doc) as string | undefined;
    if (json === undefined) throw new ArgumentError(`the document ${JSON.stringify(id)} has no JSON form`);
    const parts = {
      value: Buffer.from(json),
      xattrs: undefined,
      datatype: Datatype.Json,
      flags: JSON_FLAGS,
      expiry: part.expiry(options.ttl ?? 0, collection),
    };
    vbucket.commit(new Document(collection, key, parts));
  }

  /**
   * Looks at a document without a client; undefined when there is none.
   * @throws ArgumentError when the id is malformed or there is no such collection.
   */
  peek(id: string, place: DocumentPlace = {}): Document | undefined {
    const { vbucket, collection, key } = this.#place(id, place);
    return vbucket.read(collection, key);
  }

  /** Deletes every document, on every node. */
  flush(): void {
    for (const part of this.parts) part.flush();
  }

  /** Ends its streams; the nodes end their own parts. */
  stop(): void {
    for (const stream of this.#streams) stream.stop();
  }

  /** Where a document is, or would be. */
  #place(id: string, { scope = '_default', collection = '_default' }: DocumentPlace) {
    const entry = this.manifest.scopes
      .find((one) => one.name === scope)
      ?.collections.find((one) => one.name === collection);
    if (entry === undefined) throw new ArgumentError(`there is no collection ${scope}.${collection} in ${this.name}`);
    const bytes = Buffer.from(id);
    const max = entry.id === 0 ? KEY_BYTES_MAX : COLLECTION_KEY_BYTES_MAX;
    if (bytes.length < 1 || bytes.length > max) {
      throw new ArgumentError(`an id must have 1 to ${max} bytes, not ${bytes.length}`);
    }
    const index = vbucketOf(bytes, this.vbucketMap.length);
    const part = this.parts[this.vbucketMap[index]![0]!]!;
    return { part, vbucket: part.vbuckets[index]!, collection: entry.id, key: bytes.toString('latin1') };
  }

  /** Makes the copies of one vbucket, and ties the replicas to the active. */
  #spread(vbucket: number, chain: readonly number[]): void {
    const { nodes, clock, replicationLagMs, hasTopology } = this.#setup;
    const topology = [chain.map((index) => (index < 0 ? null : nodes[index]!.name))];
    const source = this.parts[chain[0]!]!.setVbucketState(vbucket, 'active');
    for (const index of chain.slice(1)) {
      if (index < 0) continue;
      const target = this.parts[index]!.setVbucketState(vbucket, 'replica');
      const stream = new ReplicationStream({
        source,
        target,
        node: nodes[index]!.name,
        clock,
        lagMs: replicationLagMs,
      });
      stream.start();
      this.#streams.push(stream);
    }
    if (hasTopology) source.syncWrites.topology = topology;
  }
}

function makePart(node: Node, { name, settings, clock, persistenceLagMs }: ClusterBucketSetup): Bucket {
  return new Bucket({
    name,
    clock,
    type: settings.type,
    vbucketCount: settings.vbuckets,
    compressionMode: settings.compressionMode,
    maxTtl: settings.maxTtl,
    persistenceLagMs,
    random: () => node.random.u32() / 0x1_0000_0000,
  });
}
