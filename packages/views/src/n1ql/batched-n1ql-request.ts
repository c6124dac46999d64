import type { RawBucket } from '@cb/raw';
import { collectRows } from '../rows/rows-request.js';
import type { N1QLQuery } from './n1ql-query.js';
import { N1QLRequest, type N1QLRequestOptions } from './n1ql-request.js';

/** All rows of a statement, with its metadata. `n1qlQueryAll` resolves to it. */
export class BatchedN1QLRequest<Row = unknown> extends N1QLRequest<Row> implements Iterable<Row> {
  readonly #collector = collectRows<Row>(this);

  /** Sends the statement, and resolves when everything is there: rows and metadata. */
  static async load<Row>(
    parent: RawBucket,
    query: N1QLQuery | string,
    options?: N1QLRequestOptions<Row>,
  ): Promise<BatchedN1QLRequest<Row>> {
    const batched = new BatchedN1QLRequest<Row>(parent, query, options);
    await batched.#collector.load();
    return batched;
  }

  /** The rows. */
  get rows(): readonly Row[] {
    return this.#collector.all;
  }

  /** The number of rows. */
  get length(): number {
    return this.rows.length;
  }

  /** The first row; undefined when there is none. */
  get singleResult(): Row | undefined {
    return this.rows[0];
  }

  /** Returns the rows, one after the other. */
  [Symbol.iterator](): IterableIterator<Row> {
    return this.rows[Symbol.iterator]();
  }

  /** Returns the rows. */
  override toJSON(): readonly Row[] {
    return this.rows;
  }
}
