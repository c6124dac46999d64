import type { CouchbaseError } from '@cb/raw';
import type { RowSink } from './row-sink.js';

/** Keeps all rows until there are no more. */
export class RowCollector<Row> implements RowSink<Row> {
  readonly all: Row[] = [];
  readonly #promise: Promise<void>;
  #resolve!: () => void;
  #reject!: (error: CouchbaseError) => void;

  constructor() {
    this.#promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Settles at the end. */
  get complete(): Promise<void> {
    return this.#promise;
  }

  rows(rows: Row[]): void {
    for (const row of rows) this.all.push(row);
  }

  error(error: CouchbaseError): void {
    this.#reject(error);
  }

  done(): void {
    this.#resolve();
  }
}

/** Rows that are all there, for a loop that would wait for them. */
export async function* eachOf<Row>(rows: readonly Row[]): AsyncGenerator<Row, undefined> {
  yield* rows;
}
