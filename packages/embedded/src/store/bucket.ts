import { Random } from '../base/random.js';
import type { Clock } from '../time/clock.js';
import { CasClock, CasCounter, type CasSource } from './cas-clock.js';
import type { ConfigText } from './config-text.js';
import { DISK_DEFAULT, type DiskSettings } from './disk-options.js';
import { DiskQueue } from './disk-queue.js';
import type { Document } from './document.js';
import type { LocalBucket, VbucketState } from './local-bucket.js';
import { DEFAULT_MANIFEST, entries, type Manifest } from './manifest.js';
import { Residency } from './residency.js';
import { PURGE_INTERVAL_MS } from './tombstones.js';
import { Vbucket, type VbucketOwner } from './vbucket.js';

/** Kept as they come; kept compressed when they come so; compressed by the server besides. */
export type CompressionMode = 'off' | 'passive' | 'active';

/** Bytes of a document's value, inflated. Source: ep-engine's `max_item_size`. */
export const VALUE_BYTES_MAX = 20 * 1024 * 1024;

/** Relative expiry ends here; a greater one is a time since the epoch. Source: kv_engine docs/BinaryProtocol.md. */
const RELATIVE_EXPIRY_SECONDS_MAX = 30 * 24 * 60 * 60;

export interface BucketOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly type?: LocalBucket['type'];
  /** How many vbuckets the bucket has in all. Default 1024; a memcached bucket has one. */
  readonly vbucketCount?: number;
  /** Default `passive`, as a cluster makes them; a bare engine has `off`. */
  readonly compressionMode?: CompressionMode;
  /** The UUID of the bucket for clients; default none. */
  readonly uuid?: string;
  /** Memory quota of the bucket in bytes: reported, and enforced where `disk.limitMemory` is set. Default 128 MiB. */
  readonly ramQuotaBytes?: number;
  /** Bytes; default 20 MiB. */
  readonly valueBytesMax?: number;
  /** Seconds; caps every expiry and is that of documents written without one. Default 0, none. */
  readonly maxTtl?: number;
  /** Milliseconds from a mutation to its persistence; `Infinity` never. Default 0, at once. */
  readonly persistenceLagMs?: number;
  /** Milliseconds that tombstones stay. Default three days. */
  readonly purgeIntervalMs?: number;
  /** Default: everything is in memory. */
  readonly disk?: DiskSettings;
  /** Decides which documents leave memory. Default 0. */
  readonly diskSeed?: number;
  /** A number from 0 to below 1; default `Math.random`. */
  readonly random?: () => number;
}

/** Called for each new version of a document, tombstones included, after it has taken effect. */
export type MutationListener = (vbucket: Vbucket, document: Document) => void;

/** Called after a vbucket has changed its state, or, when `before` is its state, after it was emptied. */
export type StateListener = (vbucket: Vbucket, before: VbucketState | undefined) => void;

/** The part of a bucket that lives on one node: its vbuckets there, and what holds for all of them. */
export class Bucket implements LocalBucket, VbucketOwner {
  readonly name: string;
  readonly type: LocalBucket['type'];
  readonly clock: Clock;
  readonly vbucketCount: number;
  readonly vbuckets: (Vbucket | undefined)[];
  /** Takes effect with the next value that is stored. */
  compressionMode: CompressionMode;
  readonly valueBytesMax: number;
  /** Takes effect with the next expiry that is set. */
  maxTtl: number;
  readonly uuid: string;
  readonly purgeIntervalMs: number;
  #ramQuotaBytes: number;
  /** The cluster map as the node hands it out; undefined before there is one. */
  config: ConfigText | undefined;
  readonly random: () => number;
  /** Which documents are in memory; undefined, and no more than this one look, while all are. */
  residency: Residency | undefined;
  /** What waits to be written to disk. */
  readonly diskQueue: DiskQueue;
  readonly #diskSeed: number;
  #disk: DiskSettings = DISK_DEFAULT;
  #persistenceLagMs: number;
  #manifest: Manifest = DEFAULT_MANIFEST;
  /** By collection id. */
  #maxTtls = new Map<number, number>([[0, 0]]);
  #mutationListeners: MutationListener[] = [];
  #stateListeners: StateListener[] = [];

  constructor(options: BucketOptions) {
    this.name = options.name;
    this.type = options.type ?? 'couchbase';
    this.clock = options.clock;
    this.vbucketCount = this.type === 'memcached' ? 1 : (options.vbucketCount ?? 1024);
    this.vbuckets = new Array<Vbucket | undefined>(this.vbucketCount).fill(undefined);
    this.compressionMode = options.compressionMode ?? 'passive';
    this.valueBytesMax = options.valueBytesMax ?? VALUE_BYTES_MAX;
    this.maxTtl = options.maxTtl ?? 0;
    this.uuid = options.uuid ?? '';
    this.purgeIntervalMs = options.purgeIntervalMs ?? PURGE_INTERVAL_MS;
    this.#ramQuotaBytes = options.ramQuotaBytes ?? 128 * 1024 * 1024;
    this.random = options.random ?? Math.random;
    this.#persistenceLagMs = options.persistenceLagMs ?? 0;
    this.diskQueue = new DiskQueue(this.clock, 0);
    this.#diskSeed = options.diskSeed ?? 0;
    if (options.disk !== undefined) this.disk = options.disk;
    if (this.type === 'memcached') this.setVbucketState(0, 'active');
  }

  get persistenceLagMs(): number {
    return this.#persistenceLagMs;
  }

  set persistenceLagMs(lagMs: number) {
    this.#persistenceLagMs = lagMs;
    for (const vbucket of this.vbuckets) if (vbucket !== undefined) vbucket.persistence.lagMs = lagMs;
  }

  get disk(): DiskSettings {
    return this.#disk;
  }

  /** Takes effect at once: what is stored already may leave memory, too. */
  set disk(disk: DiskSettings) {
    this.#disk = disk;
    this.diskQueue.msPerItem = disk.diskWriteMsPerItem;
    if (disk.readLagMs > 0 || disk.evictionRatio > 0 || disk.limitMemory) this.#trackResidency();
    if (this.residency === undefined) return;
    this.residency.quotaBytes = this.#quotaBytes;
    this.residency.readLagMs = disk.readLagMs;
    this.residency.evictionRatio = disk.evictionRatio;
  }

  get ramQuotaBytes(): number {
    return this.#ramQuotaBytes;
  }

  set ramQuotaBytes(bytes: number) {
    this.#ramQuotaBytes = bytes;
    if (this.residency !== undefined) this.residency.quotaBytes = this.#quotaBytes;
  }

  get #quotaBytes(): number {
    return this.#disk.limitMemory ? this.#ramQuotaBytes : Number.POSITIVE_INFINITY;
  }

  get manifest(): Manifest {
    return this.#manifest;
  }

  get manifestUid(): string {
    return this.#manifest.uid.toString(16);
  }

  /** Live documents on this node, in vbuckets of the given state. */
  itemCount(state: VbucketState = 'active'): number {
    let count = 0;
    for (const vbucket of this.vbuckets) if (vbucket?.state === state) count += vbucket.itemCount;
    return count;
  }

  hasCollection(id: number): boolean {
    return this.#maxTtls.has(id);
  }

  /** The expiry to store for one that a client asks for in `collection`: seconds since the epoch, 0 never. */
  expiry(asked: number, collection: number): number {
    const maxTtl = Math.max(0, this.#maxTtls.get(collection) || this.maxTtl);
    if (asked === 0 && maxTtl === 0) return 0;
    const now = Math.floor(this.clock.now() / 1000);
    const absolute = asked > RELATIVE_EXPIRY_SECONDS_MAX ? asked : now + asked;
    if (maxTtl === 0) return absolute;
    return asked === 0 ? now + maxTtl : Math.min(absolute, now + maxTtl);
  }

  /** Creates the vbucket, or changes the state of the one that is there. */
  setVbucketState(id: number, state: VbucketState): Vbucket {
    const existing = this.vbuckets[id];
    if (existing !== undefined) {
      existing.setState(state);
      return existing;
    }
    const vbucket = new Vbucket(this, { id, state, history: this.type !== 'memcached' });
    this.vbuckets[id] = vbucket;
    for (const listener of this.#stateListeners) listener(vbucket, undefined);
    return vbucket;
  }

  deleteVbucket(id: number): void {
    this.vbuckets[id]?.stop();
    this.vbuckets[id]?.leaveMemory();
    this.vbuckets[id] = undefined;
  }

  /** Calls `action` once, when the vbucket is not pending any more, also because it is gone. */
  whenNotPending(id: number, action: () => void): void {
    const stop = this.onVbucketState((vbucket) => {
      if (vbucket.id !== id || vbucket.state === 'pending') return;
      stop();
      action();
    });
  }

  /**
   * Takes over a manifest that may follow the current one (see `succession`). The active vbuckets note each scope and
   * collection that comes or goes among their mutations, and forget the documents of those that go.
   */
  setManifest(next: Manifest): void {
    const before = new Set([...entries(this.#manifest)].map(({ collection }) => collection.id));
    const after = new Map([...entries(next)].map(({ collection }) => [collection.id, collection.maxTtl]));
    const dropped = [...before].filter((id) => !after.has(id));
    const scopesBefore = this.#manifest.scopes.map(({ id }) => id);
    const scopesAfter = next.scopes.map(({ id }) => id);
    const events =
      [...after.keys()].filter((id) => !before.has(id)).length +
      scopesAfter.filter((id) => !scopesBefore.includes(id)).length +
      scopesBefore.filter((id) => !scopesAfter.includes(id)).length;
    this.#manifest = next;
    this.#maxTtls = after;
    for (const vbucket of this.vbuckets) {
      if (vbucket?.state !== 'active') continue;
      for (const id of dropped) vbucket.dropCollection(id);
      for (let event = 0; event < events; event++) vbucket.advance();
    }
  }

  /** Deletes every document of the active vbuckets here, with their history; replicas on other nodes follow. */
  flush(): void {
    for (const vbucket of this.vbuckets) if (vbucket?.state === 'active') vbucket.reset();
  }

  /** Ends every timer; the bucket is not used any more. */
  stop(): void {
    this.residency?.stop();
    this.diskQueue.stop();
    for (const vbucket of this.vbuckets) vbucket?.stop();
  }

  /** The listener is notified of replicas too: see the vbucket's state. Returns a function that removes it. */
  onMutation(listener: MutationListener): () => void {
    this.#mutationListeners = [...this.#mutationListeners, listener];
    return () => {
      this.#mutationListeners = this.#mutationListeners.filter((one) => one !== listener);
    };
  }

  /** Evicts the document's value from memory; false when it is not persisted. */
  evict(document: Document): boolean {
    this.#trackResidency();
    return this.residency!.evict(document);
  }

  /** Returns a function that removes the listener. */
  onVbucketState(listener: StateListener): () => void {
    this.#stateListeners = [...this.#stateListeners, listener];
    return () => {
      this.#stateListeners = this.#stateListeners.filter((one) => one !== listener);
    };
  }

  casSource(): CasSource {
    return this.type === 'memcached' ? new CasCounter() : new CasClock(this.clock);
  }

  #trackResidency(): void {
    if (this.residency !== undefined) return;
    const { readLagMs, evictionRatio } = this.#disk;
    this.residency = new Residency({
      clock: this.clock,
      random: new Random(this.#diskSeed),
      readLagMs,
      evictionRatio,
      quotaBytes: this.#quotaBytes,
    });
    for (const vbucket of this.vbuckets) vbucket?.enterMemory();
  }

  mutated(vbucket: Vbucket, document: Document): void {
    for (const listener of this.#mutationListeners) listener(vbucket, document);
  }

  stateChanged(vbucket: Vbucket, before: VbucketState): void {
    for (const listener of this.#stateListeners) listener(vbucket, before);
  }
}
