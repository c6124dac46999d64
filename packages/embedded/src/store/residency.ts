import type { Random } from '../base/random.js';
import type { Clock } from '../time/clock.js';
import type { Document } from './document.js';
import type { VbucketState } from './local-bucket.js';
import { HIGH_WATER, LOW_WATER, METADATA_BYTES, MUTATIONS_END } from './memory-marks.js';
import type { Vbucket } from './vbucket.js';

/** Maximum number of candidates per eviction: those that are not persisted cannot leave memory. */
const CANDIDATES_MAX = 8;

export interface ResidencyOptions {
  readonly clock: Clock;
  /** Chooses what leaves memory. */
  readonly random: Random;
  /** Milliseconds that a read from disk takes. */
  readonly readLagMs: number;
  /** The share of documents that are on disk only, 0 to 1. */
  readonly evictionRatio: number;
  /** Bytes that keys, metadata and values in memory may take; `Infinity` for no limit. */
  readonly quotaBytes: number;
}

interface Entry {
  readonly document: Document;
  readonly vbucket: Vbucket;
  /** The place among those in memory; -1 on disk only. */
  slot: number;
}

/**
 * Which documents of a node's part of a bucket have their value in memory, and which on disk only. Keys and metadata are
 * always in memory, as in a server that evicts values. Values leave by share, and when the quota of memory demands it. A
 * document is in memory when it is written and after it was read; another one, chosen at random among those that are
 * persisted, leaves for it. The values are really kept: only time passes.
 */
export class Residency {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #entries = new Map<Document, Entry>();
  readonly #inMemory: Entry[] = [];
  /** The reads in progress, and the operations that wait for each. */
  readonly #reads = new Map<Document, { readonly actions: (() => void)[]; readonly cancel: () => void }>();
  readLagMs: number;
  quotaBytes: number;
  #evictionRatio: number;
  #bytes = 0;
  /** Reads from disk so far. */
  fetches = 0;
  /** Values that have left memory so far. */
  evictions = 0;
  /** Requests that were refused so far, as memory was short. */
  refusals = 0;

  constructor({ clock, random, readLagMs, evictionRatio, quotaBytes }: ResidencyOptions) {
    this.#clock = clock;
    this.#random = random;
    this.readLagMs = readLagMs;
    this.#evictionRatio = evictionRatio;
    this.quotaBytes = quotaBytes;
  }

  get evictionRatio(): number {
    return this.#evictionRatio;
  }

  /** Takes effect at once; what is on disk only comes back when it is read. */
  set evictionRatio(ratio: number) {
    this.#evictionRatio = ratio;
    this.#trim();
  }

  /** What is in memory: keys, metadata, and the values that are not on disk only. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether nothing that takes memory can be stored now, as too little of what is there is persisted. */
  get isFull(): boolean {
    if (this.#bytes <= MUTATIONS_END * this.quotaBytes) return false;
    this.#trim();
    return this.#bytes > MUTATIONS_END * this.quotaBytes;
  }

  /** How many documents are on disk only. */
  get onDisk(): number {
    return this.#entries.size - this.#inMemory.length;
  }

  /** The same for vbuckets in one state; undefined for all. */
  onDiskIn(state: VbucketState | undefined): number {
    return state === undefined ? this.onDisk : this.#countOnDisk((vbucket) => vbucket.state === state);
  }

  /** The same for one vbucket. */
  onDiskOf(vbucket: Vbucket): number {
    return this.#countOnDisk((one) => one === vbucket);
  }

  /** Whether the document's value must be read from disk first. */
  isOnDisk(document: Document): boolean {
    return this.readLagMs > 0 && (this.#entries.get(document)?.slot ?? 0) < 0;
  }

  /** A document has a new version, which is in memory. */
  replaced(vbucket: Vbucket, previous: Document | undefined, document: Document): void {
    if (previous !== undefined) this.forget(previous);
    if (document.deleted) return;
    const entry = { document, vbucket, slot: -1 };
    this.#entries.set(document, entry);
    this.#bytes += METADATA_BYTES + document.key.length;
    this.#admit(entry);
    this.#trim();
  }

  /** Removes a document that was not replaced. */
  forget(document: Document): void {
    const entry = this.#entries.get(document);
    if (entry === undefined) return;
    this.#dismiss(entry);
    this.#entries.delete(document);
    this.#bytes -= METADATA_BYTES + document.key.length;
  }

  /** Evicts the document's value from memory. False when it is not persisted, or not here. */
  evict(document: Document): boolean {
    const entry = this.#entries.get(document);
    if (entry === undefined || !isClean(entry)) return false;
    if (entry.slot >= 0) this.evictions++;
    this.#dismiss(entry);
    return true;
  }

  /** Reads a document from disk, and runs the action when it is in memory. Reads of the same version are one. */
  read(document: Document, action: () => void): void {
    const read = this.#reads.get(document);
    if (read !== undefined) {
      read.actions.push(action);
      return;
    }
    this.fetches++;
    const cancel = this.#clock.after(this.readLagMs, () => this.#arrived(document));
    this.#reads.set(document, { actions: [action], cancel });
  }

  /** Discards everything, and the operations that wait for a read with it. */
  stop(): void {
    for (const { cancel } of this.#reads.values()) cancel();
    this.#reads.clear();
    this.#entries.clear();
    this.#inMemory.length = 0;
    this.#bytes = 0;
  }

  #countOnDisk(isCounted: (vbucket: Vbucket) => boolean): number {
    let count = 0;
    for (const { slot, vbucket } of this.#entries.values()) if (slot < 0 && isCounted(vbucket)) count++;
    return count;
  }

  #arrived(document: Document): void {
    const { actions } = this.#reads.get(document)!;
    this.#reads.delete(document);
    const entry = this.#entries.get(document);
    if (entry !== undefined) this.#admit(entry);
    // They have their turn before the document may leave again.
    for (const action of actions) action();
    this.#trim();
  }

  #admit(entry: Entry): void {
    if (entry.slot >= 0) return;
    entry.slot = this.#inMemory.push(entry) - 1;
    this.#bytes += valueBytes(entry);
  }

  #dismiss(entry: Entry): void {
    if (entry.slot < 0) return;
    const last = this.#inMemory.pop()!;
    if (last !== entry) {
      last.slot = entry.slot;
      this.#inMemory[last.slot] = last;
    }
    entry.slot = -1;
    this.#bytes -= valueBytes(entry);
  }

  /** Evicts documents until no more than their share, and no more bytes than the quota allows, are in memory. */
  #trim(): void {
    const share = Math.round(this.#entries.size * (1 - this.#evictionRatio));
    const bytes = this.#bytes > HIGH_WATER * this.quotaBytes ? LOW_WATER * this.quotaBytes : Number.POSITIVE_INFINITY;
    while (this.#inMemory.length > share || (this.#bytes > bytes && this.#inMemory.length > 0)) {
      const entry = this.#candidate();
      if (entry === undefined) return;
      this.#dismiss(entry);
      this.evictions++;
    }
  }

  #candidate(): Entry | undefined {
    for (let tries = 0; tries < CANDIDATES_MAX; tries++) {
      const entry = this.#inMemory[this.#random.below(this.#inMemory.length)]!;
      if (isClean(entry)) return entry;
    }
    return undefined;
  }
}

function valueBytes({ document: { value, xattrs } }: Entry): number {
  return value.length + (xattrs?.length ?? 0);
}

function isClean({ document, vbucket }: Entry): boolean {
  return document.seqno <= vbucket.persistence.seqno;
}
