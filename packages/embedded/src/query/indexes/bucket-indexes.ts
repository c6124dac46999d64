import type { Bucket } from '../../store/bucket.js';
import type { Manifest } from '../../store/manifest.js';
import { entries } from '../../store/manifest.js';
import type { Vbucket } from '../../store/vbucket.js';
import type { Clock } from '../../time/clock.js';
import type { Engine } from '../engine.js';
import { CollectionIndexes } from './collection-indexes.js';
import { Waits } from './waits.js';

/** What the indexes of a bucket need of it. */
export interface IndexedBucket {
  /** The part on each node. */
  readonly parts: readonly Bucket[];
  /** The indexes of the nodes of each vbucket, the active first. */
  readonly vbucketMap: readonly (readonly number[])[];
  readonly manifest: Manifest;
}

/** The indexes of a bucket, by collection. Until the first one is created, nothing listens to the bucket. */
export class BucketIndexes {
  readonly #bucket: IndexedBucket;
  readonly #clock: Clock;
  readonly #lagMs: number;
  readonly #collections = new Map<number, CollectionIndexes>();
  readonly #waits = new Waits();
  #unfollow: (() => void)[] | undefined;

  /** @param lagMs milliseconds until a change may be seen in an index */
  constructor(bucket: IndexedBucket, clock: Clock, lagMs: number) {
    this.#bucket = bucket;
    this.#clock = clock;
    this.#lagMs = lagMs;
  }

  /** The indexes of a collection; undefined if it has never had any. */
  find(collection: number): CollectionIndexes | undefined {
    return this.#collections.get(collection);
  }

  /** The indexes of all collections that have had any. */
  get all(): Iterable<CollectionIndexes> {
    return this.#collections.values();
  }

  /** The indexes of a collection, which may not have any yet. */
  of(collection: number, engine: Engine): CollectionIndexes {
    const known = this.#collections.get(collection);
    if (known !== undefined) return known;
    this.#forgetDropped();
    const indexes = new CollectionIndexes({
      engine,
      collection,
      clock: this.#clock,
      lagMs: this.#lagMs,
      waits: this.#waits,
      vbuckets: () => this.#vbuckets(),
    });
    this.#collections.set(collection, indexes);
    if (this.#unfollow === undefined) {
      this.#unfollow = [];
      for (const part of this.#bucket.parts) this.follow(part);
    }
    return indexes;
  }

  /** Hears of what changes in a part of the bucket, if there are indexes. */
  follow(part: Bucket): void {
    this.#unfollow?.push(
      part.onMutation((vbucket, document) => {
        if (vbucket.state !== 'active') return;
        this.#collections.get(document.collection)?.changed(vbucket, document);
        this.#waits.poke();
      }),
      part.onVbucketState((vbucket, before) => this.#stateChanged(vbucket, before)),
    );
  }

  /** Ends the builds and timers. */
  stop(): void {
    for (const unfollow of this.#unfollow ?? []) unfollow();
    for (const indexes of this.#collections.values()) indexes.stop();
  }

  /** A vbucket that was active before, too, was emptied. */
  #stateChanged(vbucket: Vbucket, before: Vbucket['state'] | undefined): void {
    if (vbucket.state !== 'active') return;
    for (const indexes of this.#collections.values()) {
      if (before === 'active') indexes.restart(vbucket);
      else indexes.activated(vbucket);
    }
  }

  *#vbuckets(): Generator<Vbucket> {
    const { parts, vbucketMap } = this.#bucket;
    for (const [id, [active = -1]] of vbucketMap.entries()) {
      const vbucket = parts[active]?.vbuckets[id];
      if (vbucket !== undefined) yield vbucket;
    }
  }

  /** The id of a dropped collection is not used again. */
  #forgetDropped(): void {
    const ids = new Set([...entries(this.#bucket.manifest)].map(({ collection }) => collection.id));
    for (const [id, indexes] of this.#collections) {
      if (ids.has(id)) continue;
      indexes.stop();
      this.#collections.delete(id);
    }
  }
}
