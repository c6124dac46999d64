import type { IncomingHttpHeaders } from 'node:http';
import { MetadataNotReadyError, type RawBucket } from '@cb/raw';
import { INSPECT, inspected } from '@cb/raw/internal';
import { checkRawBucket } from '../http/check-raw-bucket.js';
import { RowCollector } from './row-collector.js';
import { CallbackDestination, LoopDestination } from './row-destination.js';
import type { RowCallbacks } from './row-sink.js';
import { checkRowsOptions, type RowsOptions } from './rows-options.js';
import { RowsRun } from './rows-run.js';
import type { RowsSpec } from './rows-spec.js';

/** What an answer holds besides its rows. */
export interface RawAnswer {
  /** The answer without its rows; undefined before its end. */
  readonly value: object | undefined;
  /** 0 before there is an answer. */
  readonly httpStatus: number;
  /** The headers of the answer. */
  readonly headers: IncomingHttpHeaders;
  /** The node that answered, as `host:port`. */
  readonly node: string | undefined;
  /** The path that was requested. */
  readonly url: string | undefined;
  /** Whether the answer has come to its end. */
  readonly done: boolean;
}

let runOf: <Row>(request: RowsRequest<Row>) => RowsRun<Row>;

/**
 * A request for rows. In a loop, it is sent when the first row is asked for; a slow reader throttles the server, and
 * leaving the loop cancels the request. A failure is thrown from the loop, after the rows before it. Classes whose rows
 * go to callbacks get any number of `onRows`, at most one `onError`, and exactly one `onDone` at the very end: none of
 * them from inside a call of the application.
 */
export abstract class RowsRequest<Row> implements AsyncIterable<Row> {
  static {
    runOf = (request) => request.#run;
  }

  /** The bucket that the request is made on. */
  readonly parent: RawBucket;
  /** How many rows to deliver at a time; see `RowsOptions`. It may be set until the first rows are there. */
  rowsPerCall: number;
  readonly #run: RowsRun<Row>;

  /** @throws ArgumentError for invalid options. */
  constructor(parent: RawBucket, options: RowsOptions) {
    checkRawBucket(parent);
    checkRowsOptions(options);
    this.parent = parent;
    this.rowsPerCall = options.rowsPerCall ?? 0;
    const loop = new LoopDestination<Row>(this, {
      start: () => this.#run.startWhenConnected(),
      hold: (isHeld) => this.#run.hold('reader', isHeld),
      abandon: () => void this.#run.cancel(),
    });
    this.#run = new RowsRun<Row>(this, options, loop);
  }

  /** The name of the request, for messages: `view beer/brewery_beers`. */
  get name(): string {
    return this.#run.spec.name;
  }

  /** How many rows were delivered so far; those of a call of `onRows` in progress are among them. */
  get rowsReturned(): number {
    return this.#run.rowsReturned;
  }

  /** The answer itself. */
  get raw(): RawAnswer {
    const { head, metadata, isDone } = this.#run;
    return {
      value: metadata,
      httpStatus: head?.status ?? 0,
      headers: head?.headers ?? {},
      node: head?.node,
      url: head?.path,
      done: isDone,
    };
  }

  /**
   * Sends the request. Does nothing when it was sent already.
   * @throws ClientTemporaryFailError when the bucket is not connected, AlreadyQueriedError when the request is over.
   */
  start(): this {
    this.#run.start();
    return this;
  }

  /** Sends the request as soon as the bucket is connected, and connects it if necessary. It fails when connecting fails. */
  startWhenConnected(): this {
    this.#run.startWhenConnected();
    return this;
  }

  /** Cancels the request, which then fails with `CancelledError`. Returns false when there is nothing to cancel. */
  cancel(reason?: unknown): boolean {
    return this.#run.cancel(reason);
  }

  /** Pauses reading from the network, so that the server waits. Rows that were received already are still delivered. */
  pause(): void {
    this.#run.hold('application', true);
  }

  /** Resumes reading from the network. */
  resume(): void {
    this.#run.hold('application', false);
  }

  /**
   * Returns the rows, one after the other.
   * @throws AlreadyQueriedError when they were read, or go to callbacks.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Row> {
    return this.#run.destination.each();
  }

  /**
   * Returns the rows in batches, as they arrive: an order of magnitude less work than one after the other.
   * @throws AlreadyQueriedError when they were read, or go to callbacks.
   */
  batches(): AsyncIterableIterator<Row[]> {
    return this.#run.destination.batches();
  }

  /** Returns what a log shows: what is requested, and how far it is. */
  toJSON(): unknown {
    const { name, rowsReturned } = this;
    const { done, node, httpStatus } = this.raw;
    return { name, rowsReturned, done, node, httpStatus };
  }

  /** Shows in a console what a log shows. */
  [INSPECT](_depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    return inspected(this, options, inspect);
  }
}

/** Sets what a request asks for. The last thing that the constructor of a kind of request does. */
export function specify<Row>(request: RowsRequest<Row>, spec: RowsSpec<Row>): void {
  runOf(request).spec = spec;
}

/** Sends the rows of a request to its own callbacks. */
export function deliverToCallbacks<Row>(request: RowsRequest<Row> & RowCallbacks<Row>): void {
  runOf(request).destination = new CallbackDestination(request);
}

/** Collects the rows of a request. Nothing is delivered before the end, so that any failure before it can be retried. */
export function collectRows<Row>(request: RowsRequest<Row>): RowCollector<Row> {
  const collector = new RowCollector<Row>(request);
  request.rowsPerCall = -1;
  runOf(request).destination = collector;
  return collector;
}

/**
 * Returns what an answer holds besides its rows.
 * @throws MetadataNotReadyError before its end.
 */
export function metadataOf({
  name,
  raw,
}: Pick<RowsRequest<unknown>, 'name' | 'raw'>): Readonly<Record<string, unknown>> {
  if (raw.value !== undefined) return raw.value as Readonly<Record<string, unknown>>;
  throw new MetadataNotReadyError(`the answer to ${name} has not come to its end`, { operation: name });
}
