import type { RawBucket, RawScope } from '@cb/raw';
import { INSPECT, inspected } from '@cb/raw/internal';
import { type BatchedN1QLRequest, N1QLQuery, N1QLRequest, type N1QLRequestOptions, n1qlQueryAll } from '@cb/views';
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

  /**
   * The rows of a SQL++ statement, to be read in a loop as they arrive. Names of one part are those of the scope's
   * collections.
   * @throws ArgumentError for an invalid statement or option, and for a query with a `queryContext`
   */
  n1qlQuery<Row = unknown>(query: N1QLQuery | string, options?: N1QLRequestOptions<Row>): N1QLRequest<Row> {
    return new N1QLRequest<Row>(this.#bucket, this.#within(query), options);
  }

  /** All rows of a SQL++ statement, in which names of one part are those of the scope's collections. See `Bucket`. */
  async n1qlQueryAll<Row = unknown>(
    query: N1QLQuery | string,
    options?: N1QLRequestOptions<Row>,
  ): Promise<BatchedN1QLRequest<Row>> {
    return await n1qlQueryAll(this.#bucket, this.#within(query), options);
  }

  /** Returns what a log shows: the names of bucket and scope. */
  toJSON(): object {
    return this.#scope.toJSON();
  }

  /** Shows in a console what a log shows. */
  [INSPECT](_depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    return inspected(this, options, inspect);
  }
  #within(query: N1QLQuery | string): N1QLQuery {
    const given = query instanceof N1QLQuery ? query : new N1QLQuery(query);
    return given.within(this.#bucket.bucket, this.name);
  }
}
