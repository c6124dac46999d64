import { AlreadyQueriedError, ArgumentError, INSPECT, inspected, type RawBucket } from '@cb/raw';
import { BatchIterator, RowIterator } from './row-iterators.js';
import { RowQueue } from './row-queue.js';
import { callbackSink, missingCallback, type RowCallbacks, type RowSink } from './row-sink.js';
import { type RowsOptions, RowsRequest } from './rows-request.js';

/**
 * Rows to be read in a loop. The request is sent when the first row is asked for. Who reads slowly makes the server
 * wait; who leaves the loop ends the request. A failure is thrown from the loop, after the rows before it.
 */
export abstract class ReadableRows<Row> extends RowsRequest<Row> implements AsyncIterable<Row> {
  readonly #queue: RowQueue<Row>;
  #isRead = false;

  constructor(parent: RawBucket, options: RowsOptions) {
    super(parent, options);
    this.#queue = new RowQueue({
      start: () => void this.startWhenConnected(),
      hold: (isHeld) => this.hold('reader', isHeld),
      abandon: () => void this.cancel(),
    });
  }

  /** The rows, one after the other. They can be read once: `AlreadyQueriedError`, also when they go to callbacks. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Row> {
    return new RowIterator(this.#readQueue());
  }

  /** The rows in batches, as they arrive. An order of magnitude less work than one after the other. */
  batches(): AsyncIterableIterator<Row[]> {
    return new BatchIterator(this.#readQueue());
  }

  /** Returns what a log shows: what is asked for, and how far it is. */
  toJSON(): unknown {
    const { name, rowsReturned } = this;
    const { done, node, httpStatus } = this.raw;
    return { name, rowsReturned, done, node, httpStatus };
  }

  /** Shows in a console what a log shows. */
  [INSPECT](_depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    return inspected(this, options, inspect);
  }

  /** Whom the rows go to, in classes that get them by callbacks: then they cannot be read in a loop. */
  protected get callbacks(): RowCallbacks<Row> | undefined {
    return undefined;
  }

  protected override checkReceiver(): void {
    const { callbacks } = this;
    if (callbacks === undefined) return;
    const missing = missingCallback(callbacks);
    if (missing !== undefined) throw new ArgumentError(`${this.constructor.name} has no method ${missing}`);
  }

  protected makeSink(): RowSink<Row> {
    const { callbacks } = this;
    return callbacks === undefined ? this.#queue : callbackSink(callbacks);
  }

  #readQueue(): RowQueue<Row> {
    if (this.callbacks !== undefined) {
      throw new AlreadyQueriedError(`the rows of ${this.name} go to onRows`, { operation: this.name });
    }
    if (this.#isRead) {
      throw new AlreadyQueriedError(`the rows of ${this.name} can be read once`, { operation: this.name });
    }
    this.#isRead = true;
    return this.#queue;
  }
}
