import { AlreadyQueriedError, ArgumentError } from '@cb/raw';
import { BatchIterator, RowIterator } from './row-iterators.js';
import { RowQueue, type RowSource } from './row-queue.js';
import { callbackSink, missingCallback, type RowCallbacks, type RowSink } from './row-sink.js';

/** Where the rows of a request go: to a loop, to callbacks, or into a list. */
export interface RowDestination<Row> {
  /** Returns the sink to deliver to. Called when the request starts, in the asynchronous context of that call. */
  open(): RowSink<Row>;
  /**
   * Returns the rows for a loop, one after the other.
   * @throws AlreadyQueriedError when they cannot be read.
   */
  each(): AsyncIterableIterator<Row>;
  /**
   * Returns the rows for a loop, in batches as they arrived.
   * @throws AlreadyQueriedError when they cannot be read.
   */
  batches(): AsyncIterableIterator<Row[]>;
}

/** What a destination knows of its request: its name, for messages. */
export interface Named {
  readonly name: string;
}

/** Delivers rows to one loop. */
export class LoopDestination<Row> implements RowDestination<Row> {
  readonly #request: Named;
  readonly #queue: RowQueue<Row>;
  #isRead = false;

  constructor(request: Named, source: RowSource) {
    this.#request = request;
    this.#queue = new RowQueue(source);
  }

  open(): RowSink<Row> {
    return this.#queue;
  }

  each(): AsyncIterableIterator<Row> {
    return new RowIterator(this.#read());
  }

  batches(): AsyncIterableIterator<Row[]> {
    return new BatchIterator(this.#read());
  }

  #read(): RowQueue<Row> {
    const { name } = this.#request;
    if (this.#isRead) throw new AlreadyQueriedError(`the rows of ${name} can be read once`, { operation: name });
    this.#isRead = true;
    return this.#queue;
  }
}

/** Delivers rows to the callbacks of the request itself. */
export class CallbackDestination<Row> implements RowDestination<Row> {
  readonly #request: Named & RowCallbacks<Row>;

  constructor(request: Named & RowCallbacks<Row>) {
    this.#request = request;
  }

  /** @throws ArgumentError when a callback is missing. */
  open(): RowSink<Row> {
    const missing = missingCallback(this.#request);
    if (missing === undefined) return callbackSink(this.#request);
    throw new ArgumentError(`${this.#request.constructor.name} has no method ${missing}`);
  }

  each(): never {
    const { name } = this.#request;
    throw new AlreadyQueriedError(`the rows of ${name} go to onRows`, { operation: name });
  }

  batches(): never {
    return this.each();
  }
}
