import type { CouchbaseError } from '@cb/protocol';
import type { RawBucket } from '@cb/raw';
import { AsyncViewBase } from './async-view-base.js';
import type { ViewOptions } from './view.js';
import type { ViewRow } from './view-row.js';

/** All rows of a view, with what is known about them: what `queryAll` resolves to. */
export class BatchedView<Row = ViewRow> extends AsyncViewBase<Row> implements Iterable<Row> {
  /** The rows. */
  readonly rows: Row[] = [];
  readonly #promise: Promise<this>;
  #settle!: { resolve(view: BatchedView<Row>): void; reject(error: CouchbaseError): void };
  #error: CouchbaseError | undefined = undefined;

  constructor(parent: RawBucket, design: string, view: string, options: ViewOptions<Row> = {}) {
    super(parent, design, view, { rowsPerCall: -1, ...options });
    this.#promise = new Promise((resolve, reject) => {
      this.#settle = { resolve: resolve as (view: BatchedView<Row>) => void, reject };
    });
  }

  /** Settles when everything is there: rows and metadata. */
  get complete(): Promise<this> {
    return this.#promise;
  }

  get length(): number {
    return this.rows.length;
  }

  [Symbol.iterator](): IterableIterator<Row> {
    return this.rows[Symbol.iterator]();
  }

  onRows(rows: Iterable<Row>): void {
    for (const row of rows) this.rows.push(row);
  }

  onError(error: CouchbaseError): void {
    this.#error = error;
  }

  onDone(): void {
    if (this.#error === undefined) this.#settle.resolve(this);
    else this.#settle.reject(this.#error);
  }
}
