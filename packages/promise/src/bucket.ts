import {
  type BucketState,
  type ClusterMap,
  type CouchbaseError,
  type DiagnosticsReport,
  type Format,
  type MutationTokenLike,
  type NoopOptions,
  type ObserveSeqnoOptions,
  type ObserveSeqnoResult,
  type PingOptions,
  type PingReport,
  RawBucket,
  type RawBucketOptions,
  type ReadyOptions,
  type Result,
  type StatsOptions,
  type StatsResult,
  type Transcoder,
} from '@cb/raw';
import {
  type BatchedN1QLRequest,
  type BatchedSearchRequest,
  type BatchedView,
  DesignDocuments,
  type HandlerClass,
  type N1QLHandlerClass,
  type N1QLQuery,
  N1QLRequest,
  type N1QLRequestOptions,
  n1qlQueryAll,
  n1qlQueryEx,
  type OptionsOf,
  queryAll,
  queryEx,
  type SearchOptions,
  type SearchQuery,
  type SearchRow,
  searchQueryAll,
  searchQueryEx,
  View,
  type ViewOptions,
  type ViewRow,
} from '@cb/views';
import { Collection } from './collection.js';
import { promised, settled } from './promise-calls.js';
import { Scope } from './scope.js';

/** Options of a bucket, besides its connection string: those of `RawBucket`. */
export type BucketOptions = RawBucketOptions;

/**
 * A bucket whose operations return Promises.
 *
 *   await using bucket = await connect('couchbase://127.0.0.1/default', { username, password });
 *   await bucket.upsert('foo', { bar: 1 });
 *   const { value, cas } = await bucket.get('foo');
 *
 * It can be used at once, before it is connected: operations wait, in order, and the first one connects.
 */
export class Bucket extends Collection implements AsyncDisposable {
  readonly #designDocuments: DesignDocuments;

  /** Takes the arguments of the constructor of `RawBucket`; throws `ArgumentError` for invalid ones. */
  constructor(connectionString: string, options: BucketOptions = {}) {
    const raw = new RawBucket(connectionString, options);
    super(raw, raw);
    this.#designDocuments = new DesignDocuments(raw);
  }

  /** True while operations are sent at once. */
  get connected(): boolean {
    return this.raw.connected;
  }

  /** Where the bucket is in its life. */
  get state(): BucketState {
    return this.raw.state;
  }

  /** The bucket's name. */
  get bucket(): string {
    return this.raw.bucket;
  }

  /** Whether missing documents are results instead of errors, unless an operation overrides it. Default false. */
  get quiet(): boolean {
    return this.raw.quiet;
  }

  set quiet(quiet: boolean) {
    this.raw.quiet = quiet;
  }

  /** The format in which values are stored, unless an operation overrides it. Default FMT_JSON. */
  get defaultFormat(): Format {
    return this.raw.defaultFormat;
  }

  set defaultFormat(format: Format) {
    this.raw.defaultFormat = format;
  }

  /** Converts values to bytes and back. Setting undefined restores the built-in one. */
  get transcoder(): Transcoder {
    return this.raw.transcoder;
  }

  set transcoder(transcoder: Transcoder | undefined) {
    this.raw.transcoder = transcoder;
  }

  /** Milliseconds until an operation fails with `TimeoutError`. Default 2,500. */
  get timeout(): number {
    return this.raw.timeout;
  }

  set timeout(timeout: number) {
    this.raw.timeout = timeout;
  }

  /** The nodes that hold the bucket's documents, as `host:port`; empty before the bucket is connected. */
  get serverNodes(): string[] {
    return this.raw.serverNodes;
  }

  /** The newest cluster map; undefined before the bucket is connected. */
  get clusterMap(): ClusterMap | undefined {
    return this.raw.clusterMap;
  }

  /** Connects; every call has the real outcome, however late. Rejects with the errors of `RawBucket.connect`. */
  async connect(): Promise<void> {
    await settled(() => this.raw.connect());
  }

  /** Sends a no-op to one of the nodes: checks that it responds. */
  noop(options?: NoopOptions): Promise<Result> {
    return promised(this.raw, () => this.raw.noop(options), options);
  }

  /**
   * Requests statistics of all nodes: the default ones, or the groups in `keys` (`memory`, `config`, `vbucket`, …), or,
   * with `keystats`, the state of the copies of a document. The answers of nodes are available even when others fail.
   */
  stats(keys?: string | readonly string[], options?: StatsOptions): Promise<StatsResult> {
    return promised(this.raw, () => this.raw.stats(keys, options), options);
  }

  /** Returns the progress of the nodes with a copy of a vbucket, the active one first. */
  observeSeqno(token: MutationTokenLike, options?: ObserveSeqnoOptions): Promise<ObserveSeqnoResult[]> {
    return promised(this.raw, () => this.raw.observeSeqno(token, options), options);
  }

  /**
   * Sends a request to every node, and reports which of them answered, and how fast. A node's failure is in the report.
   */
  ping(options?: PingOptions): Promise<PingReport> {
    return promised(this.raw, () => this.raw.ping(options), options);
  }

  /** Returns the state of the connections to all nodes. Sends nothing, and may be called at any time. */
  diagnostics(reportId?: string): DiagnosticsReport {
    return this.raw.diagnostics(reportId);
  }

  /**
   * Waits until every node has a usable connection, and connects if necessary. `TimeoutError` names the nodes that are
   * not ready after `timeout` (10 seconds); an error of `connect` ends the wait at once.
   */
  async waitUntilReady(options?: ReadyOptions): Promise<void> {
    await settled(() => this.raw.waitUntilReady(options));
  }

  /** Waits until operations can be queued again, after a `QueueFullError`: until every queue is at most half full. */
  async drained(): Promise<void> {
    await settled(() => this.raw.drained());
  }

  /**
   * Closes the bucket when all operations in flight are settled; new ones reject from now on. Work without a deadline
   * rejects with `ObjectDestroyedError`: connecting and all operations that wait for it, scans, and rows that are held
   * back (a loop that does not read on, `pause()`).
   */
  async close(): Promise<void> {
    await settled(() => this.raw.close());
  }

  /** Closes the bucket at once: everything in flight rejects with the error, by default `ObjectDestroyedError`. */
  destroy(error?: CouchbaseError): void {
    this.raw.destroy(error);
  }

  /** Closes, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Returns the scope of that name. Throws `ArgumentError` for an invalid name. */
  scope(name: string): Scope {
    return new Scope(this.raw, this.raw.scope(name));
  }

  /** Returns the collection of that name in the default scope. */
  collection(name: string): Collection {
    return new Collection(this.raw, this.raw.collection(name));
  }

  /** The design documents: list, get, upsert, publish, remove, wait until indexed. */
  get designDocuments(): DesignDocuments {
    return this.#designDocuments;
  }

  /**
   * The rows of a view, to be read in a loop as they arrive:
   *
   *   for await (const { key, docid } of bucket.query('beer', 'brewery_beers', { limit: 5 })) console.log(key, docid);
   *
   * The query is sent when the first row is asked for. A slow reader throttles the server; leaving the loop cancels the
   * query.
   * @throws ArgumentError for invalid options.
   */
  query<Row = ViewRow>(design: string, view: string, options?: ViewOptions<Row>): View<Row> {
    return new View<Row>(this.raw, design, view, options);
  }

  /**
   * All rows of a view. The Promise settles when the metadata is there too: `indexedRows` and `errors` can be read at
   * once. Rejects with `ViewNotFoundError`, with `ViewEngineError` when a node could not return its rows (unless
   * `onError` is `continue`: then `errors` has the failures), and with `TimeoutError`.
   */
  queryAll<Row = ViewRow>(design: string, view: string, options?: ViewOptions<Row>): Promise<BatchedView<Row>> {
    return queryAll(this.raw, design, view, options);
  }

  /**
   * Sends a query whose rows go to a handler as they arrive on the network. It takes the handler's class, a subclass of
   * `AsyncViewBase` and not an instance, and returns the instance that it creates, started. When connecting fails, the
   * handler gets the error.
   * @throws ArgumentError if it is not a row-handler class, or its constructor rejects the
   * options.
   */
  queryEx<Class extends HandlerClass<string, string>>(
    viewClass: Class,
    design: string,
    view: string,
    options?: OptionsOf<Class>,
  ): InstanceType<Class> {
    return queryEx(this.raw, viewClass, design, view, options);
  }

  /** The rows of a SQL++ statement, to be read in a loop as they arrive. */
  n1qlQuery<Row = unknown>(query: N1QLQuery | string, options?: N1QLRequestOptions<Row>): N1QLRequest<Row> {
    return new N1QLRequest<Row>(this.raw, query, options);
  }

  /**
   * All rows of a SQL++ statement; the Promise settles when the metadata is there too. Rejects with `N1QLError` or one of
   * its kinds, and with `FeatureNotAvailableError` where no node offers the query service.
   */
  n1qlQueryAll<Row = unknown>(
    query: N1QLQuery | string,
    options?: N1QLRequestOptions<Row>,
  ): Promise<BatchedN1QLRequest<Row>> {
    return n1qlQueryAll(this.raw, query, options);
  }

  /** Sends a statement whose rows go to a handler, of which it takes the class: a subclass of `AsyncN1QLRequest`. */
  n1qlQueryEx<Class extends N1QLHandlerClass>(
    requestClass: Class,
    query: N1QLQuery | string,
    options?: ConstructorParameters<Class>[2],
  ): InstanceType<Class> {
    return n1qlQueryEx(this.raw, requestClass, query, options);
  }

  /**
   * All hits of a search. Rejects with `SearchError`, and with `FeatureNotAvailableError` where no node offers the
   * search service, such as in the embedded cluster.
   * @experimental It needs `enableExperimental()`.
   */
  searchQueryAll<Row = SearchRow>(
    index: string,
    query: SearchQuery,
    options?: SearchOptions,
  ): Promise<BatchedSearchRequest<Row>> {
    return searchQueryAll(this.raw, index, query, options);
  }

  /**
   * Sends a search whose hits go to a handler, of which it takes the class: a subclass of `AsyncSearchRequest`.
   * @experimental It needs `enableExperimental()`.
   */
  searchQueryEx<Class extends HandlerClass<string, SearchQuery>>(
    requestClass: Class,
    index: string,
    query: SearchQuery,
    options?: OptionsOf<Class>,
  ): InstanceType<Class> {
    return searchQueryEx(this.raw, requestClass, index, query, options);
  }
}

/**
 * A bucket that is connected.
 * @throws ArgumentError, AuthError, BucketNotFoundError, ConnectError (as rejections); the bucket is closed then.
 */
export async function connect(connectionString: string, options: BucketOptions = {}): Promise<Bucket> {
  const bucket = new Bucket(connectionString, options);
  try {
    await bucket.connect();
  } catch (error) {
    bucket.destroy();
    throw error;
  }
  return bucket;
}
