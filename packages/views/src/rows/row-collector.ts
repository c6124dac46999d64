import type { CouchbaseError } from '@cb/raw';
import type { RowDestination } from './row-destination.js';
import type { RowSink } from './row-sink.js';

/** A request that has not begun. */
interface Startable {
  startWhenConnected(): unknown;
}

/** A list of all rows of a request, complete at its end. */
export class RowCollector<Row> implements RowDestination<Row>, RowSink<Row> {
  readonly all: Row[] = [];
  readonly #request: Startable;
  readonly #complete: Promise<void>;
  #resolve!: () => void;
  #reject!: (error: CouchbaseError) => void;

  constructor(request: Startable) {
    this.#request = request;
    this.#complete = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Starts the request, and resolves at its end. */
  async load(): Promise<void> {
    this.#request.startWhenConnected();
    await this.#complete;
  }

  open(): RowSink<Row> {
    return this;
  }

  async *each(): AsyncGenerator<Row, undefined> {
    yield* this.all;
  }

  async *batches(): AsyncGenerator<Row[], undefined> {
    if (this.all.length > 0) yield [...this.all];
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
