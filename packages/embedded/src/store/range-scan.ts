import type { Clock } from '../time/clock.js';
import type { Document } from './document.js';

/** Maximum lifetime of a scan, in milliseconds. Source: ep-engine's `range_scan_max_lifetime`. */
const LIFETIME_MS_MAX = 180_000;
const ID_BYTES = 16;

/** Keys from `start` to `end`, as strings of one unit for each byte. */
export interface KeyRange {
  readonly start: string;
  readonly end: string;
  readonly startIsIncluded: boolean;
  readonly endIsIncluded: boolean;
}

/** The approximate number of documents, chosen by a generator that starts from `seed`. */
export interface Sampling {
  readonly samples: number;
  readonly seed: number;
}

/** The part of a collection that a client requests. */
export interface ScanSpec {
  readonly collection: number;
  readonly keyOnly: boolean;
  readonly includeXattrs: boolean;
  readonly of: KeyRange | Sampling;
}

/** An open scan: the documents as they were when it was made, and its progress. */
export class RangeScan {
  readonly spec: ScanSpec;
  readonly openUntilMs: number;
  readonly #documents: readonly Document[];
  #position = 0;

  constructor(spec: ScanSpec, documents: readonly Document[], openUntilMs: number) {
    this.spec = spec;
    this.#documents = documents;
    this.openUntilMs = openUntilMs;
  }

  get isDone(): boolean {
    return this.#position === this.#documents.length;
  }

  /** The next document; there must be one. */
  take(): Document {
    return this.#documents[this.#position++]!;
  }
}

/** The open scans of one vbucket. Source: kv_engine docs/range_scans. */
export class RangeScans {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #scans = new Map<string, RangeScan>();

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Opens a scan of these documents, all of a collection and none of them a tombstone.
   * @returns its id; undefined when it has nothing to show
   */
  open(spec: ScanSpec, documents: readonly Document[]): Buffer | undefined {
    this.#forgetOld();
    const chosen = 'samples' in spec.of ? sample(documents, spec.of) : within(documents, spec.of);
    if (chosen.length === 0) return undefined;
    const id = Buffer.alloc(ID_BYTES);
    for (let at = 0; at < ID_BYTES; at++) id[at] = Math.floor(this.#random() * 0x100);
    this.#scans.set(id.toString('hex'), new RangeScan(spec, chosen, this.#clock.now() + LIFETIME_MS_MAX));
    return id;
  }

  get(id: Buffer): RangeScan | undefined {
    this.#forgetOld();
    return this.#scans.get(id.toString('hex'));
  }

  /** False when there is none. */
  close(id: Buffer): boolean {
    return this.#scans.delete(id.toString('hex'));
  }

  clear(): void {
    this.#scans.clear();
  }

  #forgetOld(): void {
    const now = this.#clock.now();
    for (const [id, { openUntilMs }] of this.#scans) if (openUntilMs <= now) this.#scans.delete(id);
  }
}

function within(documents: readonly Document[], range: KeyRange): Document[] {
  const { start, end, startIsIncluded, endIsIncluded } = range;
  return inOrder(
    documents.filter(({ key }) => {
      const isAfterStart = startIsIncluded ? key >= start : key > start;
      return isAfterStart && (endIsIncluded ? key <= end : key < end);
    }),
  );
}

/** Each document has the same probability: about `samples` are returned, not exactly that number. */
function sample(documents: readonly Document[], { samples, seed }: Sampling): Document[] {
  const ordered = inOrder(documents);
  if (ordered.length <= samples) return ordered;
  const probability = samples / ordered.length;
  const next = generator(seed);
  return ordered.filter(() => next() < probability);
}

function inOrder(documents: readonly Document[]): Document[] {
  return [...documents].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Numbers from 0 to below 1 that follow from the seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
