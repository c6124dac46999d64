import {
  AlreadyQueriedError,
  AnswerTooBigError,
  CancelledError,
  CouchbaseError,
  CouchbaseInternalError,
  type ErrorDetails,
  heed,
  MetadataNotReadyError,
  ObjectDestroyedError,
  type RawBucket,
  type RetryStrategy,
  unheed,
  ValueFormatError,
} from '@cb/raw';
import { checkRawBucket } from '../http/check-raw-bucket.js';
import type { AnswerHead, Flow } from '../http/exchange.js';
import { loadedOnce } from '../http/loaded-once.js';
import type { ServiceRequest } from '../http/service-call.js';
import type { ServiceClient } from '../http/service-client.js';
import { serviceClientOf } from '../http/service-client-of.js';
import { DOCUMENT } from './document.js';
import type { RowDocuments, RowDocumentsEvents } from './row-documents.js';
import type { RowReceiver } from './row-reader.js';
import type { RowSink } from './row-sink.js';
import { BYTES_MAX, checkRowsOptions } from './rows-options.js';

/** What reads the rows of an answer is loaded with the first request: most applications never ask for rows. */
const loadReading = loadedOnce(() => Promise.all([import('./row-reader.js'), import('./row-documents.js')]));

/** What every request for rows takes. */
export interface RowsOptions {
  /**
   * Milliseconds that the server may take, retries included, until `TimeoutError`. Time in which the application holds
   * the rows back does not count. Default: `view_timeout` (or `query_timeout`, `search_timeout`) of the connection
   * string, 75,000.
   */
  readonly timeout?: number | undefined;
  /** Ends the request when aborted, with `CancelledError`. */
  readonly signal?: AbortSignal | undefined;
  /** Among the requests that wait for a connection to a node, those with a greater one go first. Default 0. */
  readonly priority?: number | undefined;
  /** Decides about further attempts. Default: the bucket's `retry`. */
  readonly retry?: RetryStrategy | undefined;
  /**
   * How many rows to deliver at a time: at most so many; -1 for all at once, at the end. Default 0: those of one network
   * chunk.
   */
  readonly rowsPerCall?: number | undefined;
  /**
   * How many bytes the answer may have where all of its rows are kept until the end (`queryAll` and the like, and
   * `rowsPerCall: -1`); `AnswerTooBigError` then. Rows that are delivered as they arrive have no limit. Default
   * 268,435,456, which is 256 MiB.
   */
  readonly bytesMax?: number | undefined;
}

export const ROWS_OPTIONS = ['timeout', 'signal', 'priority', 'retry', 'rowsPerCall', 'bytesMax'] as const;

/** What came beside the rows. */
export interface RawAnswer {
  /** The answer without its rows; undefined before its end. */
  readonly value: object | undefined;
  /** 0 before there is an answer. */
  readonly httpStatus: number;
  readonly headers: AnswerHead['headers'];
  /** The node that answered, as `host:port`. */
  readonly node: string | undefined;
  /** The path that was asked for. */
  readonly url: string | undefined;
  readonly done: boolean;
}

/** What a kind of request adds to what all have in common. */
export type RequestParts = Omit<ServiceRequest, 'timeoutMs' | 'priority' | 'signal' | 'retry'>;

/**
 * A request for rows, from its options to its last row. It calls `onRows` any number of times, `onError` at most once,
 * and at the very end `onDone`, exactly once: none of them from inside of a call of the application.
 */
export abstract class RowsRequest<Row> {
  readonly parent: RawBucket;
  /** How many rows to deliver at a time; see `RowsOptions`. It may be set until the first rows are there. */
  rowsPerCall: number;
  readonly #options: RowsOptions;
  readonly #bytesMax: number;
  #sink: RowSink<Row> | undefined = undefined;
  #state: 'idle' | 'running' | 'done' = 'idle';
  readonly #abortion = new AbortController();
  #documents: RowDocuments | undefined = undefined;
  #reject: ((error: CouchbaseError) => void) | undefined = undefined;
  /** Set when the end is decided: nothing is delivered after it. */
  #isEnding = false;
  #rowsReturned = 0;
  #hasDelivered = false;
  /** All rows, when they are delivered at once. */
  #collected: unknown[] = [];
  #head: AnswerHead | undefined = undefined;
  #metadata: object | undefined = undefined;
  #flow: Flow | undefined = undefined;
  /** Who holds the answer back. */
  readonly #holders = new Set<string>();
  readonly #work = { destroy: (error: CouchbaseError | undefined) => this.#destroy(error) };

  constructor(parent: RawBucket, options: RowsOptions) {
    checkRawBucket(parent);
    checkRowsOptions(options);
    const { rowsPerCall = 0, bytesMax = BYTES_MAX } = options;
    this.parent = parent;
    this.rowsPerCall = rowsPerCall;
    this.#bytesMax = bytesMax;
    this.#options = options;
  }

  /** What is called, for messages. */
  abstract readonly name: string;

  /** How many rows were delivered so far; those of the call of `onRows` under way are among them. */
  get rowsReturned(): number {
    return this.#rowsReturned;
  }

  /** The answer itself. */
  get raw(): RawAnswer {
    const head = this.#head;
    return {
      value: this.#metadata,
      httpStatus: head?.status ?? 0,
      headers: head?.headers ?? {},
      node: head?.node,
      url: head?.path,
      done: this.#state === 'done',
    };
  }

  /**
   * Sends the request. Does nothing when that was done.
   * @throws ClientTemporaryFailError when the bucket is not connected, AlreadyQueriedError when the request is over.
   */
  start(): this {
    if (this.#mayStart()) {
      this.parent.services.begin(this.#work);
      this.#begin(Promise.resolve());
    }
    return this;
  }

  /** The same as soon as the bucket is connected; begins to connect, if that was not done. When that fails, so does this. */
  startWhenConnected(): this {
    if (this.parent.connected) return this.start();
    if (this.#mayStart()) {
      const connected = new Promise<undefined>((resolve, reject) => {
        this.parent.connect().setCallbacks(resolve, (_result, _errorClass, error) => reject(error));
      });
      this.#begin(connected.then(() => this.parent.services.begin(this.#work)));
    }
    return this;
  }

  /** Gives up: `onError` gets a `CancelledError`, later. False when there was nothing to give up. */
  cancel(reason?: unknown): boolean {
    if (this.#state !== 'running' || this.#isEnding) return false;
    this.#abort(new CancelledError(`${this.name} was cancelled`, { operation: this.name, cause: reason }));
    return true;
  }

  /** Stops reading from the network, so that the server waits. Rows that were received already still come. */
  pause(): void {
    this.hold('application', true);
  }

  /** Goes on reading. */
  resume(): void {
    this.hold('application', false);
  }

  /** The member of the answer that has the rows. */
  protected abstract readonly rowsName: string;

  protected abstract readonly defaultTimeoutMs: number;

  /** Where the rows go. */
  protected abstract makeSink(): RowSink<Row>;

  /** Throws when the rows cannot go where they are to go. */
  protected checkReceiver(): void {}

  /** Finds out what `request` needs to know. */
  protected prepare(_client: ServiceClient, _signal: AbortSignal): Promise<void> | undefined {
    return undefined;
  }

  /** What to send. Called for every attempt to get all rows. */
  protected abstract request(): RequestParts;

  /** What is wrong with a row that the service cannot mean, if there is one. */
  protected brokenRow(_rows: readonly unknown[]): CouchbaseError | undefined {
    return undefined;
  }

  /** Gives rows their final form. */
  protected abstract process(rows: unknown[]): Iterable<Row>;

  /** What an answer with status 200 says against itself. */
  protected abstract failureIn(metadata: object): CouchbaseError | undefined;

  /** Whether documents are to be read for the rows. */
  protected get includesDocuments(): boolean {
    return false;
  }

  /** Whether to try again after a failure that the rules of HTTP know nothing of; only while nothing was delivered. */
  protected mayRepeat(_error: CouchbaseError): boolean {
    return false;
  }

  /** What the answer had beside the rows. */
  protected get metadata(): Readonly<Record<string, unknown>> {
    if (this.#metadata !== undefined) return this.#metadata as Readonly<Record<string, unknown>>;
    throw new MetadataNotReadyError(`the answer to ${this.name} has not come to its end`, { operation: this.name });
  }

  protected get details(): ErrorDetails {
    return { operation: this.name, ...(this.#head === undefined ? {} : { node: this.#head.node }) };
  }

  /** Holds the answer back, or lets it go on when nobody else holds it. */
  protected hold(holder: string, isHeld: boolean): void {
    const before = this.#holders.size;
    if (isHeld) this.#holders.add(holder);
    else this.#holders.delete(holder);
    if (before === 0 && this.#holders.size > 0) this.#flow?.pause();
    if (before > 0 && this.#holders.size === 0) this.#flow?.resume();
  }

  #mayStart(): boolean {
    if (this.#state === 'done') throw new AlreadyQueriedError(`${this.name} was answered`, { operation: this.name });
    this.checkReceiver();
    return this.#state === 'idle';
  }

  #begin(connected: Promise<unknown>): void {
    this.#state = 'running';
    this.#sink = this.makeSink();
    const { signal } = this.#options;
    const onAbort = (): void => void this.cancel(signal?.reason);
    const aborted = new Promise<never>((_resolve, reject) => {
      this.#reject = reject;
    });
    if (signal?.aborted === true) onAbort();
    else if (signal !== undefined) heed(signal, onAbort);
    const run = connected.then(() => this.#run());
    Promise.race([run, aborted])
      .then(
        () => this.#end(undefined),
        (thrown: unknown) => this.#end(this.#asCouchbaseError(thrown)),
      )
      .finally(() => {
        if (signal !== undefined) unheed(signal, onAbort);
      });
  }

  async #run(): Promise<void> {
    while (!(this.#isEnding || (await this.#runOnce())));
  }

  /** Gets all rows, and throws what keeps it from that. False when it must be done again. */
  async #runOnce(): Promise<boolean> {
    const [client, [{ RowReader }, { RowDocuments }]] = await Promise.all([
      serviceClientOf(this.parent),
      loadReading(),
    ]);
    const { timeout = this.defaultTimeoutMs, priority = 0, retry = client.services.settings.retry } = this.#options;
    const { signal } = this.#abortion;
    await this.prepare(client, signal);
    const request = { ...this.request(), timeoutMs: timeout, priority, retry, signal };
    this.#documents = this.includesDocuments ? new RowDocuments(client, this.name, this.#documentsEvents()) : undefined;
    const reader = new RowReader(this.rowsName, this.#receiver(), this.parent.transcoder);
    try {
      await client.call(request, reader);
    } catch (error) {
      if (this.#isEnding || this.#hasDelivered || !this.mayRepeat(error as CouchbaseError)) throw error;
      return false;
    } finally {
      this.#flow = undefined;
    }
    if (this.#isEnding) return true;
    const metadata = reader.finish();
    await this.#documents?.drained();
    const failure = this.failureIn(metadata);
    if (failure !== undefined && !this.#hasDelivered && this.mayRepeat(failure)) return false;
    this.#deliverCollected();
    this.#metadata = metadata;
    if (failure !== undefined) throw failure;
    return true;
  }

  #receiver(): RowReceiver {
    const hasDelivered = (): boolean => this.#hasDelivered;
    const rowsReturned = (): number => this.#rowsReturned;
    return {
      answerBegins: (head, flow) => {
        this.#head = head;
        this.#flow = flow;
        this.#collected = [];
        this.#documents?.clear();
        if (this.#holders.size > 0) flow.pause();
      },
      bytesArrived: (bytes) => this.#checkKept(bytes),
      rowsArrived: (rows) => {
        const broken = this.brokenRow(rows);
        if (broken !== undefined) this.#abort(broken);
        else if (this.#documents === undefined) this.#deliver(rows);
        else if (!this.#isEnding) this.#documents.push(rows);
      },
      answerBroken: (error) => this.#abort(error),
      get hasDelivered() {
        return hasDelivered();
      },
      get rowsReturned() {
        return rowsReturned();
      },
    };
  }

  #checkKept(bytes: number): void {
    if (this.rowsPerCall !== -1 || bytes <= this.#bytesMax) return;
    const message = `the answer to ${this.name} has more than ${this.#bytesMax} bytes (bytesMax), and all of its rows are kept`;
    this.#abort(new AnswerTooBigError(message, this.details));
  }

  #documentsEvents(): RowDocumentsEvents {
    return {
      documentRead: (row, value) => Object.defineProperty(row, DOCUMENT, { value }),
      rowsReady: (rows) => this.#deliver(rows),
      crowded: (isCrowded) => this.hold('documents', isCrowded),
      failed: (error) => this.#abort(error),
    };
  }

  #deliver(rows: unknown[]): void {
    const { rowsPerCall } = this;
    if (rowsPerCall === -1) {
      for (const row of rows) this.#collected.push(row);
    } else if (rowsPerCall === 0 || rows.length <= rowsPerCall) {
      this.#deliverNow(rows);
    } else {
      for (let at = 0; at < rows.length; at += rowsPerCall) this.#deliverNow(rows.slice(at, at + rowsPerCall));
    }
  }

  #deliverCollected(): void {
    const rows = this.#collected;
    this.#collected = [];
    if (rows.length > 0) this.#deliverNow(rows);
  }

  #deliverNow(rows: unknown[]): void {
    if (this.#isEnding) return;
    this.#rowsReturned += rows.length;
    this.#hasDelivered = true;
    let processed: Row[];
    try {
      const iterable = this.process(rows);
      processed = Array.isArray(iterable) ? iterable : [...iterable];
    } catch (cause) {
      const message = `the row processor failed: ${(cause as Error)?.message ?? cause}`;
      this.#abort(new ValueFormatError(message, { ...this.details, cause }));
      return;
    }
    if (processed.length > 0) this.#sink!.rows(processed);
  }

  #destroy(error: CouchbaseError | undefined): void {
    const message = `the bucket was destroyed before ${this.name} ended`;
    this.#abort(error ?? new ObjectDestroyedError(message, { operation: this.name }));
  }

  /** Decides the end; it comes later. */
  #abort(error: CouchbaseError): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#reject?.(error);
    this.#abortion.abort(error);
    this.#documents?.clear();
  }

  #end(error: CouchbaseError | undefined): void {
    this.#isEnding = true;
    this.#state = 'done';
    this.parent.services.end(this.#work);
    if (error !== undefined) this.#sink!.error(error);
    this.#sink!.done();
  }

  #asCouchbaseError(thrown: unknown): CouchbaseError {
    if (thrown instanceof CouchbaseError) return thrown;
    return new CouchbaseInternalError(`${this.name} failed: ${String(thrown)}`, { ...this.details, cause: thrown });
  }
}
