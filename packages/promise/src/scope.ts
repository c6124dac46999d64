import type { RawBucket, RawScope } from '@cb/raw';
import { INSPECT, inspected } from '@cb/raw/internal';
import { Collection } from './collection.js';

/** A scope of a bucket: a name before the names of collections. Creating one sends nothing to the server. */
export class Scope {
  readonly #bucket: RawBucket;
  readonly #scope: RawScope;

  /** @internal */
  constructor(bucket: RawBucket, scope: RawScope) {
    this.#bucket = bucket;
    this.#scope = scope;
  }

  /** The name of the scope. */
  get name(): string {
    return this.#scope.name;
  }

  /** Returns the collection of that name; operations on it reject with `CollectionNotFoundError` when there is none. */
  collection(name: string): Collection {
    return new Collection(this.#bucket, this.#scope.collection(name));
  }

  /** Returns what a log shows: the names of bucket and scope. */
  toJSON(): object {
    return this.#scope.toJSON();
  }

  /** Shows in a console what a log shows. */
  [INSPECT](_depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    return inspected(this, options, inspect);
  }
}
