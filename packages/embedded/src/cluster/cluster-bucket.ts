import { ArgumentError, Datatype, vbucketOf } from '@cb/protocol';
import { finiteMsOption } from '../base/check-options.js';
import type { BucketSettings } from '../config/bucket-settings.js';
import { ManifestEditor } from '../config/manifest-edit.js';
import { spreadVbuckets } from '../config/vbucket-map.js';
import { COLLECTION_KEY_BYTES_MAX, KEY_BYTES_MAX } from '../kv/validate.js';
import { BucketIndexes } from '../query/indexes/bucket-indexes.js';
import { Bucket } from '../store/bucket.js';
import { type DiskOptions, diskSettings } from '../store/disk-options.js';
import { Document } from '../store/document.js';
import { DEFAULT_MANIFEST, type Manifest } from '../store/manifest.js';
import { ReplicationStream } from '../store/replication.js';
import type { Vbucket } from '../store/vbucket.js';
import type { Clock } from '../time/clock.js';
import { BucketViews, type BucketViewsSetup } from '../views/bucket-views.js';
import type { DesignDocuments } from '../views/design-documents.js';
import type { Node } from './node.js';

/** The common flags of JSON, as all SDKs write them. Source: SDK RFC 0020. */
const JSON_FLAGS = 0x02000000;

const MIB = 1024 * 1024;

/** The collection of a document; by default that of buckets without others. */
export interface DocumentPlace {
  /** The name of the scope. */
  readonly scope?: string | undefined;
  /** The name of the collection. */
  readonly collection?: string | undefined;
}

/** The cluster, as far as a bucket needs it. */
export interface ClusterBucketSetup {
  readonly name: string;
  readonly uuid: string;
  readonly settings: BucketSettings;
  readonly nodes: Node[];
  readonly clock: Clock;
  /** Delay from a mutation to its replicas, in milliseconds. */
  replicationLagMs: number;
  /** Delay from a mutation to the disk, in milliseconds. */
  readonly persistenceLagMs: number;
  /** Delay from a mutation to the indexes of queries, in milliseconds. */
  readonly indexLagMs: number;
  /** Whether the node sends and takes mutations and acknowledges durable writes: it is up, and does not hang. */
  replicates(node: number): boolean;
  /** Whether vbuckets have a topology, without which nothing durable is possible. */
  readonly hasTopology: boolean;
  readonly views: Pick<BucketViewsSetup, 'sandbox' | 'address' | 'isUp' | 'isHanging' | 'warn'>;
}

/**
 * A bucket as a whole: its parts on the nodes, the map of its vbuckets, the streams that update replicas, and its
 * views.
 */
export class ClusterBucket {
  /** The name of the bucket. */
  readonly name: string;
  /** The id of the bucket. */
  readonly uuid: string;
  #map: (readonly number[])[];
  /** The part on each node, in the order of the nodes. @internal */
  readonly parts: Bucket[];
  /** @internal */
  readonly views: BucketViews;
  /** The indexes of queries. @internal */
  readonly indexes: BucketIndexes;
  /** Edits the scopes and collections; `applyManifest` applies its manifest. @internal */
  readonly editor = new ManifestEditor(DEFAULT_MANIFEST);
  #settings: BucketSettings;
  /** The streams that update replicas, by vbucket. */
  readonly #streams: ReplicationStream[][] = [];
  /** Functions that cancel the end of a takeover, by vbucket. */
  readonly #takeovers = new Map<number, () => void>();
  readonly #setup: ClusterBucketSetup;

  /** @internal */
  constructor(setup: ClusterBucketSetup) {
    const { name, uuid, settings, nodes } = setup;
    this.#setup = setup;
    this.name = name;
    this.uuid = uuid;
    this.#settings = settings;
    this.parts = nodes.map((node, index) => makePart(node, index, setup));
    this.views = new BucketViews({ ...setup.views, name, parts: this.parts, clock: setup.clock });
    this.#map = spreadVbuckets(settings.vbuckets, nodes.length, settings.replicas);
    this.indexes = new BucketIndexes(this, setup.clock, setup.indexLagMs);
    if (settings.type === 'memcached') return;
    for (const [vbucket, chain] of this.vbucketMap.entries()) this.#spread(vbucket, chain);
  }

  /** The indexes of the nodes of each vbucket, the active first; -1 for a copy without a node. */
  get vbucketMap(): readonly (readonly number[])[] {
    return this.#map;
  }

  /** Adds a node with an empty part of the bucket. @internal */
  addPart(node: Node): Bucket {
    const part = makePart(node, this.parts.length, { ...this.#setup, settings: this.#settings });
    part.setManifest(this.manifest);
    this.parts.push(part);
    this.indexes.follow(part);
    this.#setup.nodes.push(node);
    return part;
  }

  /**
   * Moves the copies of a vbucket to these nodes, the first of them the active one. A new active copy gets all that the
   * former one has before it takes over, and is pending for `takeoverMs`.
   * @internal
   */
  move(vbucket: number, chain: readonly number[], takeoverMs = 0): void {
    const former = this.#map[vbucket]!;
    const [active] = chain;
    const source = this.parts[former[0]!]?.vbuckets[vbucket];
    if (active !== former[0] && source !== undefined) {
      const target = this.parts[active!]!.setVbucketState(vbucket, 'replica');
      this.#stopStreams(vbucket);
      const transfer = this.#stream(source, target, active!, 0);
      transfer.start();
      transfer.stop();
      source.setState('dead');
    }
    this.#take(vbucket, chain);
    if (active !== former[0] && takeoverMs > 0) this.setPending(vbucket, takeoverMs);
  }

  /**
   * Removes a failed node. Where it had the active copy, the most complete replica takes over, with the mutations that
   * it has. A vbucket without a replica is lost and starts again, empty, on the first remaining node.
   * @internal
   */
  failOver(node: number, left: readonly number[]): void {
    for (const [vbucket, chain] of this.#map.entries()) {
      if (!chain.includes(node)) continue;
      const rest = chain.filter((index) => index !== node && index >= 0);
      const behind = (index: number): number => -(this.parts[index]!.vbuckets[vbucket]?.highSeqno ?? 0);
      if (chain[0] === node) rest.sort((a, b) => behind(a) - behind(b));
      if (rest.length === 0) rest.push(left[0]!);
      while (rest.length < chain.length) rest.push(-1);
      this.#take(vbucket, rest);
    }
  }

  /**
   * Makes the active copy of a vbucket pending for `lastsMs` milliseconds, as during a takeover: requests for it wait
   * for that long. Others on their connections wait too, unless they may overtake.
   * @throws ArgumentError when there is no such vbucket, or when `lastsMs` is negative, infinite or not a number.
   */
  setPending(vbucket: number, lastsMs: number): void {
    finiteMsOption(lastsMs, 'lastsMs', 0);
    const chain = this.#map[vbucket];
    if (chain === undefined) {
      throw new ArgumentError(`vbucket must be from 0 to ${this.#map.length - 1}, not ${vbucket}`);
    }
    const pending = this.parts[chain[0]!]!.setVbucketState(vbucket, 'pending');
    this.#takeovers.get(vbucket)?.();
    const end = (): void => {
      this.#takeovers.delete(vbucket);
      if (pending.state === 'pending') pending.setState('active');
    };
    this.#takeovers.set(vbucket, this.#setup.clock.after(lastsMs, end));
  }

  /** Pauses replication from and to nodes that do not take part now, and resumes the rest. @internal */
  pauseStreams(): void {
    for (const [vbucket, chain] of this.#map.entries()) {
      for (const [at, stream] of (this.#streams[vbucket] ?? []).entries()) {
        if (this.#mayReplicate(chain[0]!, this.#targetsOf(chain)[at]!)) stream.resume();
        else stream.pause();
      }
    }
  }

  /** Sets the delay from a mutation to its arrival at the replicas, in milliseconds; `Infinity` for never. */
  setReplicationLag(lagMs: number): void {
    this.#setup.replicationLagMs = lagMs;
    for (const stream of this.#streams.flat()) stream.lagMs = lagMs;
  }

  /** Sets the delay from a mutation to its persistence, in milliseconds; `Infinity` for never. */
  setPersistenceLag(lagMs: number): void {
    for (const part of this.parts) part.persistenceLagMs = lagMs;
  }

  /** Sets how long it takes to read a document whose value is on disk only, in milliseconds; 0 for no wait. */
  setReadLag(lagMs: number): void {
    this.#changeDisk({ readLagMs: lagMs });
  }

  /** Sets the share of documents, from 0 to 1, whose value is on disk only. */
  setEvictionRatio(ratio: number): void {
    this.#changeDisk({ evictionRatio: ratio });
  }

  /** Sets how long it takes to write one mutation to disk, in milliseconds; writes in progress keep their duration. */
  setDiskWrite(msPerItem: number): void {
    this.#changeDisk({ diskWriteMsPerItem: msPerItem });
  }

  /**
   * Evicts the value of a document from the memory of its active node: the next read waits for the disk (see
   * `setReadLag`). False when there is no such document, or when it is not persisted yet.
   * @throws ArgumentError when the id is malformed or there is no such collection.
   */
  evict(id: string, place: DocumentPlace = {}): boolean {
    const { part, vbucket, collection, key } = this.#place(id, place);
    const document = vbucket.read(collection, key);
    return document !== undefined && part.evict(document);
  }

  /** Design documents by their id, `_design/` included. */
  get designs(): DesignDocuments {
    return this.views.designs;
  }

  /** The settings of the bucket. */
  get settings(): BucketSettings {
    return this.#settings;
  }

  /**
   * Changes all settings except those that decide where documents are stored. Stored documents remain as they are.
   * @internal
   */
  changeSettings(settings: BucketSettings): void {
    const { type, replicas, vbuckets } = this.#settings;
    this.#settings = { ...settings, type, replicas, vbuckets };
    for (const part of this.parts) {
      part.maxTtl = settings.maxTtl;
      part.compressionMode = settings.compressionMode;
      part.ramQuotaBytes = settings.ramQuotaMb * MIB;
      part.disk = settings.disk;
    }
  }

  /** The scopes and collections of the bucket. */
  get manifest(): Manifest {
    return this.parts[0]!.manifest;
  }

  /** Number of live documents in the whole bucket, without replicas. */
  get itemCount(): number {
    return this.parts.reduce((count, part) => count + part.itemCount(), 0);
  }

  /** Creates collections by scope, and their scopes. Returns false when there are none. @internal */
  addCollections(collections: Readonly<Record<string, readonly string[]>>): boolean {
    const scopes = Object.entries(collections);
    if (scopes.length === 0) return false;
    for (const [scope, names] of scopes) {
      if (scope !== '_default') this.editor.createScope(scope);
      for (const name of names) this.editor.createCollection(scope, name);
    }
    this.applyManifest();
    return true;
  }

  /** Applies the editor's manifest on every node. @internal */
  applyManifest(): void {
    for (const part of this.parts) part.setManifest(this.editor.manifest);
  }

  /**
   * Stores a JSON document without a client, for tests and for filling a bucket. It is written to the active copy and
   * replicated from there, like any other.
   * @param id 1 to 250 bytes of UTF-8 (246 outside the default collection).
   * @throws ArgumentError for an invalid id, an unknown collection, or a `doc` without a JSON form.
   */
  put(id: string, doc: unknown, options: DocumentPlace & { readonly ttl?: number | undefined } = {}): void {
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
   * Returns a document without a client; undefined when there is none.
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

  /** Closes its streams; the nodes close their own parts. @internal */
  stop(): void {
    for (const cancel of this.#takeovers.values()) cancel();
    for (const stream of this.#streams.flat()) stream.stop();
    this.indexes.stop();
  }

  /** @throws ArgumentError for a setting that is out of range, or for a bucket without a disk. */
  #changeDisk(change: DiskOptions): void {
    const { type, disk } = this.#settings;
    if (type !== 'couchbase') throw new ArgumentError(`a bucket of the type ${type} has no disk`);
    this.changeSettings({ ...this.#settings, disk: diskSettings(change, disk) });
  }

  /** Returns the place of a document, whether or not it exists. */
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

  /** Creates the copies of one vbucket, and connects the replicas to the active one. */
  #spread(vbucket: number, chain: readonly number[]): void {
    const source = this.parts[chain[0]!]!.setVbucketState(vbucket, 'active');
    this.#streams[vbucket] = this.#targetsOf(chain).map((index) => {
      const target = this.parts[index]!.setVbucketState(vbucket, 'replica');
      const stream = this.#stream(source, target, index, this.#setup.replicationLagMs);
      if (!this.#mayReplicate(chain[0]!, index)) stream.pause();
      stream.start();
      return stream;
    });
    const { nodes, hasTopology } = this.#setup;
    if (hasTopology) {
      source.syncWrites.topology = [chain.map((index) => (index < 0 ? null : nodes[index]!.name))];
    }
  }

  /** Sets the nodes of a vbucket, and removes it from the others. */
  #take(vbucket: number, chain: readonly number[]): void {
    const former = this.#map[vbucket]!;
    this.#stopStreams(vbucket);
    this.#map[vbucket] = chain;
    for (const index of former) {
      if (index < 0 || chain.includes(index)) continue;
      this.parts[index]!.vbuckets[vbucket]?.setState('dead');
      this.parts[index]!.deleteVbucket(vbucket);
    }
    this.#spread(vbucket, chain);
  }

  #mayReplicate(source: number, target: number): boolean {
    const { replicates } = this.#setup;
    return replicates(source) && replicates(target);
  }

  #targetsOf(chain: readonly number[]): readonly number[] {
    return chain.slice(1).filter((index) => index >= 0);
  }

  #stopStreams(vbucket: number): void {
    for (const stream of this.#streams[vbucket] ?? []) stream.stop();
    this.#streams[vbucket] = [];
  }

  #stream(source: Vbucket, target: Vbucket, index: number, lagMs: number): ReplicationStream {
    const { nodes, clock } = this.#setup;
    return new ReplicationStream({ source, target, node: nodes[index]!.name, clock, lagMs });
  }
}

function makePart(
  node: Node,
  index: number,
  { name, uuid, settings, clock, persistenceLagMs }: ClusterBucketSetup,
): Bucket {
  return new Bucket({
    name,
    clock,
    type: settings.type,
    vbucketCount: settings.vbuckets,
    compressionMode: settings.compressionMode,
    maxTtl: settings.maxTtl,
    purgeIntervalMs: settings.purgeIntervalMs,
    persistenceLagMs,
    ramQuotaBytes: settings.ramQuotaMb * MIB,
    disk: settings.disk,
    diskSeed: Number.parseInt(uuid.slice(0, 12), 16) + index,
    random: () => node.random.u32() / 0x1_0000_0000,
  });
}
