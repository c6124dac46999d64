import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers';
import type { DocumentIndex, IndexDefinition, Item } from '@cb/sqlpp';
import type { Document } from '../../store/document.js';
import type { Vbucket } from '../../store/vbucket.js';
import type { Clock } from '../../time/clock.js';
import { idText } from '../../views/map-input.js';
import type { Engine } from '../engine.js';
import { StoredItem } from '../stored-item.js';
import { ChangeFeed } from './change-feed.js';
import { IndexLoad } from './index-load.js';
import { type IndexOwner, StoredIndex } from './stored-index.js';
import type { Waits } from './waits.js';

/** Number of changes that the indexes take at a time. */
const SLICE = 256;

/** Number of documents that may wait for an index to be scanned; beyond it, the indexes take them by themselves. */
const DUE_MAX = 10_000;

/** Longest time that the indexes keep the thread while they catch up in the background, in milliseconds. */
const TURN_MS = 10;

/** What the indexes of a collection need of its bucket. */
export interface CollectionIndexesSetup {
  readonly engine: Engine;
  readonly collection: number;
  readonly clock: Clock;
  /** Milliseconds until a change may be seen in an index. */
  readonly lagMs: number;
  readonly waits: Waits;
  /** The active copies of the vbuckets. */
  vbuckets(): Iterable<Vbucket>;
}

/**
 * The indexes of a collection. What changes in the collection is noted down when it happens, and taken by the indexes when
 * one is asked: by then a document that was written often is indexed once.
 *
 *     Vbucket --changed--> ChangeFeed --catchUp--> StoredIndex.put / remove
 *        \                                             ^
 *         `--activated, emptied--> restart ---load-----'
 */
export class CollectionIndexes implements IndexOwner {
  readonly #setup: CollectionIndexesSetup;
  readonly #feed: ChangeFeed;
  readonly #indexes = new Map<string, StoredIndex>();
  #catching: Promise<void> | undefined;
  /** Seconds since the epoch: when the next document in an index expires. */
  #nextExpiry = Number.POSITIVE_INFINITY;

  constructor(setup: CollectionIndexesSetup) {
    this.#setup = setup;
    this.#feed = new ChangeFeed(setup.clock, setup.lagMs, () => setup.waits.poke());
    for (const { id, highSeqno } of setup.vbuckets()) this.#feed.begin(id, highSeqno);
  }

  /** All indexes, in the order of their creation. */
  get all(): readonly StoredIndex[] {
    return [...this.#indexes.values()];
  }

  /** Number of documents that the indexes have not taken yet, although they may. */
  get waiting(): number {
    return this.#feed.due;
  }

  /** Finds an index by its name. */
  find(name: string): StoredIndex | undefined {
    return this.#indexes.get(name);
  }

  /**
   * Creates an index, which is deferred until it is built.
   *
   * @param id in hexadecimal digits
   * @param replicas copies on other nodes, as they are told of
   */
  create(definition: IndexDefinition, id: string, replicas: number): StoredIndex {
    const index = new StoredIndex(this, id, definition, replicas);
    this.#indexes.set(definition.name, index);
    return index;
  }

  /** Removes an index. */
  drop(name: string): void {
    this.#indexes.get(name)?.drop();
    this.#indexes.delete(name);
  }

  /** Builds an index in the background. Resolves when it is online, or dropped. */
  async build(index: StoredIndex): Promise<void> {
    index.build();
    await nextTurn();
    await this.#inTurns(() => index.step());
    this.#setup.waits.poke();
  }

  /** Takes note of a new version of a document, which may be its tombstone. */
  changed(vbucket: Vbucket, document: Document): void {
    if (!this.#isMaintained) {
      this.#feed.begin(vbucket.id, document.seqno);
      return;
    }
    this.#feed.add(vbucket.id, document);
    if (this.#feed.due > DUE_MAX) this.#catching ??= this.#catchUpSoon();
  }

  /**
   * Takes note that another copy of a vbucket has become the active one. It may have more than is known of the one before,
   * or less, if mutations were lost with a node.
   */
  activated(vbucket: Vbucket): void {
    const { collection } = this.#setup;
    const known = this.#feed.seqnoOf(vbucket.id);
    const isBehind = vbucket.highSeqno < known || vbucket.tombstones.purgedSeqnoOf(collection) > known;
    if (isBehind || this.all.some(({ isLoading }) => isLoading)) {
      this.restart(vbucket);
      return;
    }
    const missed = [...vbucket.documents(collection)].filter(({ seqno }) => seqno > known);
    for (const document of missed.sort((a, b) => a.seqno - b.seqno)) this.#feed.add(vbucket.id, document);
  }

  /** Builds all indexes again, as a vbucket was emptied or has lost mutations. */
  restart({ id, highSeqno }: Vbucket): void {
    this.#feed.clear();
    this.#feed.begin(id, highSeqno);
    this.#nextExpiry = Number.POSITIVE_INFINITY;
    for (const index of this.#indexes.values()) index.restart();
  }

  catchUp(): void {
    while (this.#step());
  }

  /** Brings all indexes up to date, with the thread free for others in between. */
  async catchUpInTurns(): Promise<void> {
    for (const index of this.all) if (index.state === 'online') await this.#inTurns(() => index.step());
    await this.#inTurns(() => this.#step());
  }

  /** Resolves when the indexes may show all that has been written by now, or there are none, or the signal is aborted. */
  async untilNow(signal: AbortSignal): Promise<void> {
    this.#expire();
    const mark = this.#feed.added;
    await this.#setup.waits.until(() => !this.#isMaintained || this.#feed.released >= mark, signal);
  }

  /** Resolves when the indexes may show these seqnos, by vbucket, or there are none, or the signal is aborted. */
  async untilSeqnos(seqnos: ReadonlyMap<number, number>, signal: AbortSignal): Promise<void> {
    await this.#setup.waits.until(() => !this.#isMaintained || this.#isReached(seqnos), signal);
  }

  emptyIndex(definition: IndexDefinition): DocumentIndex {
    return new this.#setup.engine.DocumentIndex(definition);
  }

  load(entries: DocumentIndex): IndexLoad {
    return new IndexLoad(entries, this.#items());
  }

  now(): number {
    return this.#setup.clock.now();
  }

  /** Cancels its timers. */
  stop(): void {
    this.#feed.stop();
    for (const index of this.#indexes.values()) index.drop();
  }

  get #isMaintained(): boolean {
    for (const { isMaintained } of this.#indexes.values()) if (isMaintained) return true;
    return false;
  }

  /** Documents that wait hold memory, also those that were deleted since. */
  async #catchUpSoon(): Promise<void> {
    try {
      await nextTurn();
      await this.#inTurns(() => this.#step());
    } finally {
      this.#catching = undefined;
    }
  }

  /** Gives the indexes some of the changed documents; false if there are none. */
  #step(): boolean {
    this.#expire();
    const changes = this.#feed.take(SLICE);
    const indexes = this.all.filter(({ isMaintained }) => isMaintained);
    for (const document of changes) this.#apply(document, indexes);
    return changes.length > 0;
  }

  #apply(document: Document, indexes: readonly StoredIndex[]): void {
    const item = this.#itemOf(document);
    if (item === undefined) return;
    for (const index of indexes) {
      if (document.deleted) index.remove(item.id);
      else index.put(item);
    }
  }

  /** The document for the indexes; undefined for a key that is not UTF-8, which no statement can name. */
  #itemOf(document: Document): Item | undefined {
    if (document.expiry !== 0 && !document.deleted) this.#nextExpiry = Math.min(this.#nextExpiry, document.expiry);
    const id = idText(document);
    return id === undefined ? undefined : new StoredItem(id, document, this.#setup.engine, true);
  }

  /** The live documents. One that changes before its turn is left out, as the feed has its new version. */
  *#items(): Generator<Item> {
    const { collection } = this.#setup;
    for (const vbucket of this.#setup.vbuckets()) {
      for (const document of [...vbucket.documents(collection)]) {
        if (document.deleted || vbucket.stored(collection, document.key) !== document) continue;
        const item = this.#itemOf(document);
        if (item !== undefined) yield item;
      }
    }
  }

  /** Makes tombstones of expired documents, which may not have been read since; the feed has them then. */
  #expire(): void {
    if (this.#setup.clock.now() < this.#nextExpiry * 1000) return;
    const { collection } = this.#setup;
    this.#nextExpiry = Number.POSITIVE_INFINITY;
    for (const vbucket of this.#setup.vbuckets()) {
      for (const { expiry, deleted, key } of [...vbucket.documents(collection)]) {
        if (expiry === 0 || deleted || vbucket.read(collection, key) === undefined) continue;
        this.#nextExpiry = Math.min(this.#nextExpiry, expiry);
      }
    }
  }

  #isReached(seqnos: ReadonlyMap<number, number>): boolean {
    for (const { id, highSeqno } of this.#setup.vbuckets()) {
      const wanted = seqnos.get(id) ?? 0;
      if (highSeqno < wanted || this.#feed.isDelayed(id, wanted)) return false;
    }
    return true;
  }

  /** Repeats a step until there is nothing left to do. */
  async #inTurns(step: () => boolean): Promise<void> {
    let turnEndMs = performance.now() + TURN_MS;
    while (step()) {
      if (performance.now() < turnEndMs) continue;
      await nextTurn();
      turnEndMs = performance.now() + TURN_MS;
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
