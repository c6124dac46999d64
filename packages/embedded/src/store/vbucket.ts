import { Status } from '@cb/protocol';
import type { Clock } from '../time/clock.js';
import type { CasSource } from './cas-clock.js';
import type { DiskQueue } from './disk-queue.js';
import { type Document, tombstone } from './document.js';
import { FailoverLog } from './failover-log.js';
import type { LocalVbucket, VbucketState } from './local-bucket.js';
import { Locks } from './locks.js';
import { Persistence } from './persistence.js';
import { RangeScans } from './range-scan.js';
import type { Residency } from './residency.js';
import type { SyncWrite } from './sync-write.js';
import { SyncWrites } from './sync-writes.js';
import { Tombstones } from './tombstones.js';
import { systemXattrs } from './xattr.js';

/** A copy of an active vbucket that is kept up to date, in the order of its seqnos. */
export interface Follower {
  /** The node that it is on, as the topology names it. */
  readonly node: string;
  mutation(document: Document): void;
  prepare(write: SyncWrite): void;
  abort(write: SyncWrite, seqno: number): void;
  /** Removes a dropped collection with its documents. */
  drop(collection: number, seqno: number): void;
  /** A seqno was used up for something that changes no document. */
  advance(seqno: number): void;
  /** The active was emptied, and goes on under a new uuid. */
  restart(): void;
}

/** The part of its bucket that a vbucket needs. */
export interface VbucketOwner {
  readonly clock: Clock;
  readonly persistenceLagMs: number;
  /** How long tombstones stay. */
  readonly purgeIntervalMs: number;
  readonly residency: Residency | undefined;
  readonly diskQueue: DiskQueue;
  casSource(): CasSource;
  /** A number from 0 to below 1, for uuids. */
  random(): number;
  /** A document of the vbucket has a new version. */
  mutated(vbucket: Vbucket, document: Document): void;
  /** The state has changed, or, when it was the same before, the vbucket was emptied. */
  stateChanged(vbucket: Vbucket, before: VbucketState): void;
}

/** Of a memcached bucket, which has no history: all its vbuckets go by this uuid, and nothing has a seqno. */
const NO_HISTORY = { uuidHigh: 0, uuidLow: 0xdeadbeef, seqno: 0 };

/** The identity and settings of a new vbucket. */
export interface VbucketOptions {
  readonly id: number;
  readonly state: VbucketState;
  /** False in a memcached bucket: no seqnos, no revisions, no tombstones. Default true. */
  readonly history?: boolean;
}

/**
 * One vbucket of one bucket on one node: the documents, their versions, and the followers of new ones. Hot file: a read
 * is one lookup, a write allocates the document and nothing else.
 *
 *             read, stored                     mutation(document)
 *   commands <------------- [ documents ] ---> followers (replicas on other nodes)
 *        \     commit                    \---> owner.mutated (indexes)
 *         `---------------> seqno, CAS,   \--> persistence
 *                           revision
 */
export class Vbucket implements LocalVbucket {
  readonly id: number;
  readonly failoverLog: FailoverLog;
  readonly persistence: Persistence;
  readonly syncWrites: SyncWrites;
  readonly locks: Locks;
  readonly rangeScans: RangeScans;
  readonly tombstones: Tombstones;
  readonly hasHistory: boolean;
  /** The seqno of the last mutation; 0 before the first. */
  highSeqno = 0;
  /** Documents that are not tombstones, expired ones included until someone looks. */
  itemCount = 0;
  /** Keys and values of everything stored. */
  bytes = 0;
  readonly operations = { created: 0, updated: 0, deleted: 0, expired: 0 };
  readonly #owner: VbucketOwner;
  readonly #cas: CasSource;
  readonly #default = new Map<string, Document>();
  readonly #named = new Map<number, Map<string, Document>>();
  readonly #followers: Follower[] = [];
  #state: VbucketState;
  #maxDeletedRevision = 0;
  #defaultHighSeqno = 0;

  constructor(owner: VbucketOwner, { id, state, history = true }: VbucketOptions) {
    this.#owner = owner;
    this.id = id;
    this.#state = state;
    this.hasHistory = history;
    this.#cas = owner.casSource();
    this.failoverLog = new FailoverLog([history ? this.#newBranch() : NO_HISTORY]);
    this.persistence = new Persistence(owner.clock, owner.persistenceLagMs, owner.diskQueue);
    this.locks = new Locks(owner.clock, this.#cas);
    this.rangeScans = new RangeScans(owner.clock, () => owner.random());
    this.tombstones = new Tombstones(owner.clock, owner.purgeIntervalMs, (document) => this.#forget(document));
    this.syncWrites = new SyncWrites(this, owner.clock, this.#followers);
  }

  get state(): VbucketState {
    return this.#state;
  }

  /** The greatest revision that any tombstone has had: a new document's revisions go on from there. */
  get maxDeletedRevision(): number {
    return this.#maxDeletedRevision;
  }

  /** Whole seconds since the epoch: what expiry goes by. */
  get nowSeconds(): number {
    return Math.floor(this.#owner.clock.now() / 1000);
  }

  /** Changes the state. A vbucket that becomes active gets a new uuid. */
  setState(state: VbucketState): void {
    const before = this.#state;
    if (state === before) return;
    this.#state = state;
    if (state === 'active') {
      if (this.hasHistory) this.failoverLog.branch(this.#newBranch());
      this.syncWrites.takeOver();
    } else if (before === 'active') {
      this.locks.clear();
      this.rangeScans.clear();
      this.syncWrites.giveUp();
    }
    this.#owner.stateChanged(this, before);
  }

  /** The live document. One whose time has come is turned into a tombstone by this look at it. */
  read(collection: number, key: string): Document | undefined {
    const document = this.#map(collection)?.get(key);
    if (document === undefined || document.deleted) return undefined;
    if (document.expiry !== 0 && this.isExpired(document)) {
      this.#expire(document);
      return undefined;
    }
    return document;
  }

  /** What is stored for the key: a document, expired or not, or a tombstone. */
  stored(collection: number, key: string): Document | undefined {
    return this.#map(collection)?.get(key);
  }

  isExpired(document: Document): boolean {
    return document.expiry !== 0 && !document.deleted && document.expiry <= this.nowSeconds;
  }

  /**
   * The reported expiry of a document, in seconds since the epoch. That of a tombstone is the time of the deletion,
   * once it is persisted, and 0 before.
   */
  expiryOf({ deleted, expiry, seqno, casHigh, casLow }: Document): number {
    if (!deleted || expiry !== 0 || !this.hasHistory || seqno > this.persistence.seqno) return expiry;
    return Math.floor((casHigh * 0x1_0000_0000 + casLow) / 1e9);
  }

  /** All that is stored for a collection, tombstones included, in the order in which the keys first came. */
  documents(collection: number): IterableIterator<Document> {
    return (this.#map(collection) ?? new Map<string, Document>()).values();
  }

  /** The seqno of the last mutation of a collection's documents. For a named one every document is looked at. */
  highSeqnoOf(collection: number): number {
    if (collection === 0) return this.#defaultHighSeqno;
    let high = this.tombstones.purgedSeqnoOf(collection);
    for (const { seqno } of this.documents(collection)) if (seqno > high) high = seqno;
    return high;
  }

  /** The ids of the collections that have or had documents here. */
  collections(): number[] {
    return [0, ...this.#named.keys()];
  }

  /**
   * Why a key cannot be written now, or `Status.Success`.
   * @param current the live document, as `read` found it
   */
  refusal(collection: number, key: string, current: Document | undefined, casHigh: number, casLow: number): number {
    if (this.syncWrites.isPending(collection, key)) return Status.SyncWriteInProgress;
    const anyCas = casHigh === 0 && casLow === 0;
    if (current === undefined) return anyCas ? Status.Success : Status.KeyNotFound;
    if (this.locks.isLocked(current)) {
      return this.locks.opens(current, casHigh, casLow) ? Status.Success : Status.Locked;
    }
    return anyCas || current.hasCas(casHigh, casLow) ? Status.Success : Status.KeyExists;
  }

  /** Makes the draft the key's current version, with a new CAS, and notifies all followers. */
  commit(draft: Document): Document {
    this.stamp(draft);
    return this.commitStamped(draft);
  }

  /** Assigns the draft its CAS and its revision, before its sequence number. */
  stamp(draft: Document): void {
    this.#cas.tick();
    draft.casHigh = this.#cas.high;
    draft.casLow = this.#cas.low;
    if (!this.hasHistory) return;
    const previous = this.stored(draft.collection, draft.key);
    draft.revision = (previous === undefined || previous.deleted ? this.#maxDeletedRevision : previous.revision) + 1;
  }

  /** Makes the draft, which has a CAS and a revision already, the key's current version, and notifies all followers. */
  commitStamped(draft: Document): Document {
    if (this.hasHistory) draft.seqno = ++this.highSeqno;
    this.#put(draft);
    for (const follower of this.#followers) follower.mutation(draft);
    return draft;
  }

  /** A mutation that was made on the active copy of this vbucket. */
  replicate(document: Document): void {
    this.highSeqno = document.seqno;
    this.syncWrites.forget(document.collection, document.key);
    this.#cas.observe(document.casHigh, document.casLow);
    this.#put(document);
  }

  /** Uses up a seqno for something that changes no document. */
  advance(): number {
    this.advanceTo(this.highSeqno + 1);
    for (const follower of this.#followers) follower.advance(this.highSeqno);
    return this.highSeqno;
  }

  advanceTo(seqno: number): void {
    this.highSeqno = seqno;
    this.persistence.written(seqno);
  }

  /** Forgets a collection with all that is in it. */
  dropCollection(collection: number): void {
    this.dropCollectionAt(collection, this.highSeqno + 1);
    for (const follower of this.#followers) follower.drop(collection, this.highSeqno);
  }

  dropCollectionAt(collection: number, seqno: number): void {
    const { residency } = this.#owner;
    for (const document of this.documents(collection)) {
      residency?.forget(document);
      if (!document.deleted) this.itemCount--;
      this.bytes -= size(document);
      this.locks.release(document);
    }
    if (collection === 0) this.#default.clear();
    else this.#named.delete(collection);
    this.advanceTo(seqno);
  }

  /** Takes note of a CAS that came from elsewhere, so that the next one here is greater. */
  observeCas(high: number, low: number): void {
    this.#cas.observe(high, low);
  }

  /** Tells `follower` of everything from now on. Returns a function that ends it. */
  follow(follower: Follower): () => void {
    this.#followers.push(follower);
    return () => {
      const at = this.#followers.indexOf(follower);
      if (at >= 0) this.#followers.splice(at, 1);
    };
  }

  /** Empties it, and those that follow it: as when it was made, but for its state and its followers. */
  reset(): void {
    this.leaveMemory();
    this.#default.clear();
    this.#named.clear();
    this.locks.clear();
    this.rangeScans.clear();
    this.syncWrites.giveUp();
    this.persistence.reset();
    this.tombstones.clear();
    this.highSeqno = 0;
    this.itemCount = 0;
    this.bytes = 0;
    this.#maxDeletedRevision = 0;
    this.#defaultHighSeqno = 0;
    if (this.hasHistory) this.failoverLog.replace([this.#newBranch()]);
    for (const follower of this.#followers) follower.restart();
    this.#owner.stateChanged(this, this.#state);
  }

  /** Tells its bucket's residency of all documents. */
  enterMemory(): void {
    for (const document of this.#all()) this.#owner.residency?.replaced(this, undefined, document);
  }

  /** Removes its documents from those counted in memory or on disk. */
  leaveMemory(): void {
    const { residency } = this.#owner;
    if (residency !== undefined) for (const document of this.#all()) residency.forget(document);
  }

  /** Cancels its timers; waiting sync writes end with an unknown outcome. */
  stop(): void {
    this.syncWrites.giveUp();
    this.persistence.stop();
    this.tombstones.stop();
  }

  *#all(): IterableIterator<Document> {
    for (const collection of this.collections()) yield* this.documents(collection);
  }

  #map(collection: number): Map<string, Document> | undefined {
    return collection === 0 ? this.#default : this.#named.get(collection);
  }

  #put(document: Document): void {
    const { collection, key } = document;
    let map = this.#map(collection);
    if (map === undefined) {
      map = new Map();
      this.#named.set(collection, map);
    }
    const previous = map.get(key);
    this.#count(previous, document);
    if (previous !== undefined) this.locks.release(previous);
    if (document.deleted && !this.hasHistory) map.delete(key);
    else map.set(key, document);
    if (collection === 0) this.#defaultHighSeqno = document.seqno;
    if (document.deleted && this.hasHistory) this.tombstones.add(document);
    this.persistence.written(this.highSeqno);
    const { residency } = this.#owner;
    if (residency !== undefined) residency.replaced(this, previous, document);
    this.#owner.mutated(this, document);
  }

  /** Forgets a tombstone, unless it is not the key's current version any more. */
  #forget(tombstone: Document): void {
    const map = this.#map(tombstone.collection);
    if (map?.get(tombstone.key) !== tombstone) return;
    map.delete(tombstone.key);
    this.bytes -= size(tombstone);
    this.#owner.residency?.forget(tombstone);
  }

  #count(previous: Document | undefined, document: Document): void {
    this.bytes += size(document) - (previous === undefined ? 0 : size(previous));
    const existed = previous !== undefined && !previous.deleted;
    if (document.deleted) {
      this.operations.deleted++;
      if (existed) this.itemCount--;
      if (document.revision > this.#maxDeletedRevision) this.#maxDeletedRevision = document.revision;
    } else if (existed) {
      this.operations.updated++;
    } else {
      this.operations.created++;
      this.itemCount++;
    }
  }

  /** Only the active decides that a document is expired, and not while a write of it is pending. */
  #expire(document: Document): void {
    if (this.#state !== 'active' || this.syncWrites.isPending(document.collection, document.key)) return;
    this.operations.expired++;
    this.commit(tombstone(document, systemXattrs(document.xattrs), this.nowSeconds));
  }

  #newBranch(): { uuidHigh: number; uuidLow: number; seqno: number } {
    // The server's uuids have 48 bits, so that they survive in a double.
    const uuidHigh = Math.floor(this.#owner.random() * 0x1_0000);
    const uuidLow = Math.floor(this.#owner.random() * 0x1_0000_0000);
    return { uuidHigh, uuidLow, seqno: this.highSeqno };
  }
}

function size({ key, value, xattrs }: Document): number {
  return key.length + value.length + (xattrs?.length ?? 0);
}
