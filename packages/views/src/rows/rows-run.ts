import {
  AlreadyQueriedError,
  CancelledError,
  CouchbaseError,
  CouchbaseInternalError,
  type ErrorDetails,
  ObjectDestroyedError,
  type RawBucket,
} from '@cb/raw';
import { addAbortAction, removeAbortAction, servicesOf } from '@cb/raw/internal';
import type { AnswerHead } from '../http/exchange.js';
import { loadedOnce } from '../http/loaded-once.js';
import { serviceClientOf } from '../http/service-client-of.js';
import { AnswerHold } from './answer-hold.js';
import { DOCUMENT } from './document.js';
import { RowDelivery } from './row-delivery.js';
import type { RowDestination } from './row-destination.js';
import type { RowDocuments, RowDocumentsEvents } from './row-documents.js';
import type { RowReceiver } from './row-reader.js';
import type { RowSink } from './row-sink.js';
import { type RowsOptions, timeoutMsOf } from './rows-options.js';
import type { RowsSpec } from './rows-spec.js';

/** What reads the rows of an answer is loaded with the first request: most applications never ask for rows. */
const loadReading = loadedOnce(() => Promise.all([import('./row-reader.js'), import('./row-documents.js')]));

/** What a run takes from the request that the application holds. */
export interface RunOwner {
  readonly parent: RawBucket;
  /** See `RowsOptions`; read at each delivery. */
  readonly rowsPerCall: number;
}

/** The life of a request for rows: it starts, delivers rows any number of times, and ends exactly once. */
export class RowsRun<Row> {
  /** Set by the constructor of the request, as `destination` may be. */
  spec!: RowsSpec<Row>;
  destination: RowDestination<Row>;
  readonly #owner: RunOwner;
  readonly #options: RowsOptions;
  readonly #hold = new AnswerHold(() => this.#abort(this.#ended('closed, and its rows held back,')));
  readonly #abortion = new AbortController();
  readonly #work = {
    destroy: (error?: CouchbaseError) => this.#abort(error ?? this.#ended('destroyed')),
    closing: () => this.#hold.closing(),
  };
  #state: 'idle' | 'running' | 'done' = 'idle';
  #sink: RowSink<Row> | undefined = undefined;
  #delivery: RowDelivery<Row> | undefined = undefined;
  #documents: RowDocuments | undefined = undefined;
  #reject: ((error: CouchbaseError) => void) | undefined = undefined;
  /** Set when the end is decided: nothing is delivered after it. */
  #isEnding = false;
  #isRepeat = false;
  #head: AnswerHead | undefined = undefined;
  #metadata: object | undefined = undefined;

  constructor(owner: RunOwner, options: RowsOptions, destination: RowDestination<Row>) {
    this.#owner = owner;
    this.#options = options;
    this.destination = destination;
  }

  get isDone(): boolean {
    return this.#state === 'done';
  }

  get rowsReturned(): number {
    return this.#delivery?.rowsReturned ?? 0;
  }

  /** The head of the latest answer; undefined before there is one. */
  get head(): AnswerHead | undefined {
    return this.#head;
  }

  /** The answer without its rows; undefined before its end. */
  get metadata(): object | undefined {
    return this.#metadata;
  }

  /** See `RowsRequest.start`. */
  start(): void {
    if (!this.#mayStart()) return;
    const sink = this.destination.open();
    servicesOf(this.#owner.parent).begin(this.#work);
    this.#begin(sink, Promise.resolve());
  }

  /** See `RowsRequest.startWhenConnected`. */
  startWhenConnected(): void {
    const { parent } = this.#owner;
    if (parent.connected) {
      this.start();
    } else if (this.#mayStart()) {
      const sink = this.destination.open();
      const connected = new Promise<undefined>((resolve, reject) => {
        parent.connect().setCallbacks(resolve, (_result, _errorClass, error) => reject(error));
      });
      this.#begin(
        sink,
        connected.then(() => servicesOf(parent).begin(this.#work)),
      );
    }
  }

  /** See `RowsRequest.cancel`. */
  cancel(reason?: unknown): boolean {
    if (this.#state !== 'running' || this.#isEnding) return false;
    const { name, idempotent } = this.spec;
    const details = { operation: name, cause: reason, ambiguous: !idempotent };
    this.#abort(new CancelledError(`${name} was cancelled`, details));
    return true;
  }

  /** Holds the answer back, or releases it; see `AnswerHold.set`. */
  hold(holder: string, isHeld: boolean): void {
    this.#hold.set(holder, isHeld);
  }

  get #details(): ErrorDetails {
    return { operation: this.spec.name, ...(this.#head === undefined ? {} : { node: this.#head.node }) };
  }

  #mayStart(): boolean {
    const { name } = this.spec;
    if (this.#state === 'done') throw new AlreadyQueriedError(`${name} was answered`, { operation: name });
    return this.#state === 'idle';
  }

  #begin(sink: RowSink<Row>, connected: Promise<unknown>): void {
    this.#state = 'running';
    this.#sink = sink;
    this.#delivery = this.#makeDelivery(sink);
    const { signal } = this.#options;
    const onAbort = (): void => void this.cancel(signal?.reason);
    const aborted = new Promise<never>((_resolve, reject) => {
      this.#reject = reject;
    });
    if (signal?.aborted === true) onAbort();
    else if (signal !== undefined) addAbortAction(signal, onAbort);
    const run = connected.then(() => this.#run());
    Promise.race([run, aborted])
      .then(
        () => this.#end(undefined),
        (thrown: unknown) => this.#end(this.#asCouchbaseError(thrown)),
      )
      .finally(() => {
        if (signal !== undefined) removeAbortAction(signal, onAbort);
      });
  }

  #makeDelivery(sink: RowSink<Row>): RowDelivery<Row> {
    const rowsPerCall = (): number => this.#owner.rowsPerCall;
    const details = (): ErrorDetails => this.#details;
    return new RowDelivery(this.spec, sink, this.#options, {
      get rowsPerCall() {
        return rowsPerCall();
      },
      get details() {
        return details();
      },
      failed: (error) => this.#abort(error),
    });
  }

  async #run(): Promise<void> {
    while (!(this.#isEnding || (await this.#runOnce())));
  }

  /** Gets all rows, and throws what keeps it from that. False when it must be done again. */
  async #runOnce(): Promise<boolean> {
    const { spec } = this;
    const { parent } = this.#owner;
    const [client, [{ RowReader }, { RowDocuments }]] = await Promise.all([serviceClientOf(parent), loadReading()]);
    const { priority = 0, retry = client.services.settings.retry } = this.#options;
    const timeoutMs = timeoutMsOf(spec.service, parent, this.#options);
    const { signal } = this.#abortion;
    const prepared = await spec.prepare?.(client, signal, this.#isRepeat);
    const request = { ...spec, ...spec.message(prepared), timeoutMs, priority, retry, signal };
    this.#documents = spec.includesDocuments ? new RowDocuments(client, spec.name, this.#documentsEvents()) : undefined;
    const reader = new RowReader(spec.rowsName, this.#receiver(this.#delivery!), parent.transcoder);
    try {
      await client.call(request, reader);
    } catch (error) {
      reader.flush();
      if (this.#isEnding || !this.#mayRepeat(error as CouchbaseError)) throw error;
      return false;
    } finally {
      this.#hold.setFlow(undefined);
    }
    if (this.#isEnding) return true;
    const metadata = reader.finish();
    await this.#documents?.drained();
    return this.#complete(metadata, prepared);
  }

  /** Completes the answer, and throws the failure that it reports. False when the request must be repeated. */
  #complete(metadata: object, prepared: unknown): boolean {
    const failure = this.spec.failureIn(metadata, this.#details);
    if (failure === undefined) this.spec.learn?.(metadata, prepared);
    else if (this.#mayRepeat(failure)) return false;
    this.#delivery!.flush();
    this.#metadata = metadata;
    if (failure !== undefined) throw failure;
    return true;
  }

  /** Whether the request is to be repeated after a failure, which it is once. */
  #mayRepeat(failure: CouchbaseError): boolean {
    if (this.#isRepeat || this.#delivery!.hasDelivered) return false;
    this.#isRepeat = this.spec.isStale?.(failure) === true;
    return this.#isRepeat;
  }

  #receiver(delivery: RowDelivery<Row>): RowReceiver {
    return {
      answerBegins: (head, flow) => {
        this.#head = head;
        delivery.reset();
        this.#documents?.clear();
        this.#hold.setFlow(flow);
      },
      bytesArrived: (bytes) => delivery.checkSize(bytes),
      rowsArrived: (rows) => {
        const broken = this.spec.brokenRow?.(rows, this.#details);
        if (broken !== undefined) this.#abort(broken);
        else if (this.#documents === undefined) delivery.push(rows);
        else if (!this.#isEnding) this.#documents.push(rows);
      },
      answerBroken: (error) => this.#abort(error),
      get hasDelivered() {
        return delivery.hasDelivered;
      },
      get rowsReturned() {
        return delivery.rowsReturned;
      },
    };
  }

  #documentsEvents(): RowDocumentsEvents {
    return {
      documentRead: (row, value) => Object.defineProperty(row, DOCUMENT, { value }),
      rowsReady: (rows) => this.#delivery!.push(rows),
      crowded: (isCrowded) => this.hold('documents', isCrowded),
      failed: (error) => this.#abort(error),
    };
  }

  /** Returns the error of a request that its bucket ends. */
  #ended(how: string): CouchbaseError {
    const { name } = this.spec;
    return new ObjectDestroyedError(`the bucket was ${how} before ${name} ended`, { operation: name });
  }

  /** Decides the end; it comes later. */
  #abort(error: CouchbaseError): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#delivery!.stop();
    this.#reject?.(error);
    this.#abortion.abort(error);
    this.#documents?.clear();
  }

  #end(error: CouchbaseError | undefined): void {
    this.#isEnding = true;
    this.#state = 'done';
    servicesOf(this.#owner.parent).end(this.#work);
    if (error !== undefined) this.#sink!.error(error);
    this.#sink!.done();
  }

  #asCouchbaseError(thrown: unknown): CouchbaseError {
    if (thrown instanceof CouchbaseError) return thrown;
    const message = `${this.spec.name} failed: ${String(thrown)}`;
    return new CouchbaseInternalError(message, { ...this.#details, cause: thrown });
  }
}
