import type { Clock } from '../time/clock.js';
import type { Document } from './document.js';

/** Milliseconds that a tombstone stays, unless the bucket says otherwise: three days. Source: the server's setting `purgeInterval`. */
export const PURGE_INTERVAL_MS = 3 * 24 * 60 * 60 * 1000;

/** Minimum time between purges, as a part of the interval. */
const PURGES_PER_INTERVAL = 16;

interface Entry {
  readonly document: Document;
  readonly atMs: number;
}

/**
 * The tombstones of one vbucket in the order in which they were made. They are kept for replicas and indexes that lag
 * behind, and purged when they are older than the interval, as they would take ever more memory otherwise.
 */
export class Tombstones {
  /** The greatest seqno of removed tombstones: replicas before it must start again. */
  purgedSeqno = 0;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #purge: (document: Document) => void;
  readonly #purgedByCollection = new Map<number, number>();
  #entries: Entry[] = [];
  #cancel: (() => void) | undefined;

  /** @param purge forgets a tombstone, unless something has taken its place */
  constructor(clock: Clock, intervalMs: number, purge: (document: Document) => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#purge = purge;
  }

  /** The greatest seqno of removed tombstones of a collection. */
  purgedSeqnoOf(collection: number): number {
    return this.#purgedByCollection.get(collection) ?? 0;
  }

  add(document: Document): void {
    this.#entries.push({ document, atMs: this.#clock.now() });
    this.#cancel ??= this.#clock.after(this.#intervalMs, () => this.#run());
  }

  clear(): void {
    this.stop();
    this.#entries = [];
    this.purgedSeqno = 0;
    this.#purgedByCollection.clear();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #run(): void {
    const now = this.#clock.now();
    const young = this.#entries.findIndex(({ atMs }) => atMs + this.#intervalMs > now);
    const old = this.#entries.splice(0, young < 0 ? this.#entries.length : young);
    for (const { document } of old) {
      const { collection, seqno } = document;
      this.#purge(document);
      this.purgedSeqno = Math.max(this.purgedSeqno, seqno);
      this.#purgedByCollection.set(collection, Math.max(this.purgedSeqnoOf(collection), seqno));
    }
    const [next] = this.#entries;
    if (next === undefined) {
      this.#cancel = undefined;
      return;
    }
    const waitMs = Math.max(next.atMs + this.#intervalMs - now, this.#intervalMs / PURGES_PER_INTERVAL);
    this.#cancel = this.#clock.after(waitMs, () => this.#run());
  }
}
