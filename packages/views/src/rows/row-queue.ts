import type { CouchbaseError } from '@cb/raw';
import type { RowSink } from './row-sink.js';

/** High-water mark, in rows: above it, reading from the socket pauses. */
const WAITING_MAX = 1000;

/** The request that fills a queue. */
export interface RowSource {
  start(): void;
  hold(isHeld: boolean): void;
  /** Cancels the request without reporting that. */
  abandon(): void;
}

/** Rows between a request that delivers them and a loop that reads them, in batches as they came. */
export class RowQueue<Row> implements RowSink<Row> {
  readonly #source: RowSource;
  readonly #batches: Row[][] = [];
  #waiting = 0;
  #isHeld = false;
  #isStarted = false;
  #isDone = false;
  #error: CouchbaseError | undefined = undefined;
  #reader: { resolve(batch: Row[] | undefined): void; reject(error: CouchbaseError): void } | undefined = undefined;

  constructor(source: RowSource) {
    this.#source = source;
  }

  rows(rows: Row[]): void {
    if (this.#isDone) return;
    this.#batches.push(rows);
    this.#waiting += rows.length;
    this.#wake();
    if (this.#waiting > WAITING_MAX) this.#hold(true);
  }

  error(error: CouchbaseError): void {
    if (!this.#isDone) this.#error = error;
  }

  done(): void {
    this.#isDone = true;
    this.#wake();
  }

  /**
   * Resolves to the next rows; undefined at the end. Rejects once, with the error of the request, after the rows before
   * it.
   * The first call sends the request, at once.
   */
  async next(): Promise<Row[] | undefined> {
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#source.start();
    }
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#wake();
    });
  }

  /** Ends reading: cancels the request and discards its rows. */
  abandon(): void {
    const isRunning = this.#isStarted && !this.#isDone;
    this.#isStarted = true;
    this.#isDone = true;
    this.#error = undefined;
    this.#batches.length = 0;
    if (isRunning) this.#source.abandon();
    this.#wake();
  }

  #wake(): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    const batch = this.#batches.shift();
    if (batch === undefined && !this.#isDone) return;
    this.#reader = undefined;
    this.#waiting -= batch?.length ?? 0;
    if (this.#batches.length === 0) this.#hold(false);
    const error = this.#error;
    if (batch !== undefined || error === undefined) {
      reader.resolve(batch);
    } else {
      this.#error = undefined;
      reader.reject(error);
    }
  }

  #hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld || this.#isDone) return;
    this.#isHeld = isHeld;
    this.#source.hold(isHeld);
  }
}
