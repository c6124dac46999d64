import type { ClusterMap, CouchbaseError, MutationTokenLike } from '@cb/protocol';
import { type NoopOptions, noop } from '../operations/noop.js';
import { type ObserveSeqnoOptions, type ObserveSeqnoResult, observeSeqno } from '../operations/observe-seqno.js';
import { diagnostics, type PingOptions, ping } from '../operations/ping.js';
import { type StatsOptions, type StatsResult, stats } from '../operations/stats.js';
import type { AsyncResult } from '../results/async-result.js';
import type { DiagnosticsReport, PingReport } from '../results/reports.js';
import type { Result } from '../results/results.js';
import { checkBoolean, checkTimeout } from '../values/argument-checks.js';
import { checkFormat, checkTranscoder, defaultTranscoder, type Format, type Transcoder } from '../values/transcoder.js';
import type { BucketState } from './bucket-state.js';
import type { ConnectOptions } from './connect-options.js';
import { LifeCycle } from './life-cycle.js';
import { offerServices } from './offered-services.js';
import { RawCollection } from './raw-collection.js';
import { DEFAULT_NAME, RawScope } from './raw-scope.js';
import { type RowHandlerClass, rowHandler } from './row-handler.js';
import type { RawBucketOptions } from './settings.js';
import { type ReadyOptions, untilReady } from './until-ready.js';

/**
 * A bucket with callbacks: every operation returns an `AsyncResult`. The hot path of everything above it.
 *
 *   const bucket = new RawBucket('couchbase://127.0.0.1/default', { username, password });
 *   bucket.connect().setCallbacks(() => {
 *     const result = bucket.get('foo');
 *     result.callback = ({ value }) => console.log(value);
 *     result.errback = (_result, _class, error) => console.error(error);
 *   }, (_result, _class, error) => console.error(error));
 *
 * Operations are possible once connected; before and after, they throw `ClientTemporaryFailError`. Operations on one
 * key take effect in the order in which they were called.
 */
export class RawBucket extends RawCollection {
  readonly #life: LifeCycle;

  /**
   * @param connectionString `couchbase://host1,host2:port/bucket?option=value`, `couchbases://` for TLS, or
   * `memcached://` for plain memcached servers. Options given here win over those in the string.
   * @throws ArgumentError for an invalid connection string or option.
   */
  constructor(connectionString: string, options: RawBucketOptions = {}) {
    const life = new LifeCycle(connectionString, options);
    super(life);
    this.#life = life;
    offerServices(this, life.services);
  }

  /** True while operations are possible. */
  get connected(): boolean {
    return this.#life.state === 'connected';
  }

  /** The state of the bucket's life cycle. */
  get state(): BucketState {
    return this.#life.state;
  }

  /** The bucket's name. */
  get bucket(): string {
    return this.#life.bucket;
  }

  /** The nodes that hold the bucket's documents, as `host:port`; empty before the bucket is connected. */
  get serverNodes(): string[] {
    return this.#life.router.nodeNames;
  }

  /** The newest cluster map; undefined before the bucket is connected. */
  get clusterMap(): ClusterMap | undefined {
    return this.#life.router.map;
  }

  /** Whether missing documents are results instead of errors, unless an operation overrides it. Default false. */
  get quiet(): boolean {
    return this.#life.context.quiet;
  }

  set quiet(quiet: boolean) {
    this.#life.change({ quiet: checkBoolean(quiet, 'quiet') });
  }

  /** The format in which values are stored, unless an operation overrides it. Default FMT_JSON. */
  get defaultFormat(): Format {
    return this.#life.context.defaultFormat;
  }

  set defaultFormat(format: Format) {
    this.#life.change({ defaultFormat: checkFormat(format) });
  }

  /** Converts values to bytes and back. Setting undefined restores the built-in one. */
  get transcoder(): Transcoder {
    return this.#life.context.transcoder;
  }

  set transcoder(transcoder: Transcoder | undefined) {
    this.#life.change({ transcoder: checkTranscoder(transcoder ?? defaultTranscoder) });
  }

  /** Milliseconds until an operation fails with `TimeoutError`. Default 2,500. */
  get timeout(): number {
    return this.#life.context.timeoutMs;
  }

  set timeout(timeout: number) {
    this.#life.change({ timeoutMs: checkTimeout(timeout) });
  }

  /**
   * Connects, unless that was started before. Every call has a result of its own with the real outcome, however late
   * the call: success, the failure, or `ObjectDestroyedError` when the bucket was closed.
   *
   * Fails with `AuthError` or `BucketNotFoundError` when seeds refuse the password, or the bucket for 1 second, and no
   * other seed contradicts; else with `ConnectError`, whose `seeds` say which address failed at which step and why: at
   * once when all of them failed, and after `connectTimeout` (10 seconds) at the latest. The options end the wait of
   * this call, not the connecting.
   */
  connect(options: ConnectOptions = {}): AsyncResult<undefined> {
    return this.#life.connect(options);
  }

  /**
   * Waits until operations can be queued again: after a `QueueFullError`, until every queue is at most half full; at
   * once when they are. Fails with `ObjectDestroyedError` when the bucket is destroyed.
   */
  drained(): AsyncResult<undefined> {
    return this.#life.drained();
  }

  /**
   * Closes the bucket when all operations in flight are settled, at the latest at their deadlines. New ones throw
   * `ClientTemporaryFailError` from now on. Work without a deadline fails with `ObjectDestroyedError`: connecting and
   * all operations that wait for it, scans, and rows that are held back (a loop that does not read on, `pause()`).
   */
  close(): AsyncResult<undefined> {
    return this.#life.close();
  }

  /**
   * Closes the bucket at once: everything in flight fails with the error, by default each operation with an
   * `ObjectDestroyedError` of its own (`ambiguous` when the server may have executed it).
   */
  destroy(error?: CouchbaseError): void {
    this.#life.destroy(error);
  }

  /** Returns the scope of that name. `ArgumentError` for an invalid name. */
  scope(name: string): RawScope {
    return new RawScope(this.#life, name);
  }

  /** Returns the collection of that name in the default scope. */
  collection(name: string): RawCollection {
    return this.scope(DEFAULT_NAME).collection(name);
  }

  /** Sends a no-op to one of the nodes: checks that it responds. */
  noop(options?: NoopOptions): AsyncResult<Result> {
    return this.#life.start(noop(this.#life.context, options));
  }

  /**
   * Requests statistics of all nodes: the default ones, or the groups in `keys` (`memory`, `config`, `vbucket`, …), or,
   * with `keystats`, the state of the copies of a document. The answers of nodes are available even when others fail.
   */
  stats(keys?: string | readonly string[], options?: StatsOptions): AsyncResult<StatsResult> {
    return this.#life.compose(stats(this.#life.context, keys, options));
  }

  /**
   * Returns the progress of the nodes with a copy of a vbucket, the active one first: the mutations that they have, and
   * those that they have persisted. Nodes that do not answer are left out, except the active one, which must.
   */
  observeSeqno(token: MutationTokenLike, options?: ObserveSeqnoOptions): AsyncResult<ObserveSeqnoResult[]> {
    return this.#life.compose(observeSeqno(this.#life.context, token, options));
  }

  /**
   * Sends a request to every node, and reports which of them answered, and how fast. A node's failure is in the report.
   */
  ping(options?: PingOptions): AsyncResult<PingReport> {
    return this.#life.compose(ping(this.#life.context, this.bucket, options));
  }

  /** Returns the state of the connections to all nodes. Sends nothing, and may be called at any time. */
  diagnostics(reportId?: string): DiagnosticsReport {
    return diagnostics(this.#life.router.iops, this.#life.router, this.bucket, reportId);
  }

  /**
   * Waits until every node has a usable connection, and connects if necessary. `TimeoutError` names the nodes that are
   * not ready after `timeout` (10 seconds); an error of `connect` ends the wait at once.
   */
  waitUntilReady(options?: ReadyOptions): AsyncResult<undefined> {
    return this.#life.compose(untilReady(this.#life.context, this.#life, options));
  }

  /**
   * Creates a handler for the rows of a view: an instance of `itercls`, a subclass of `AsyncViewBase`, which gets the
   * design document's name, the view's, and all other options. Nothing is sent before its `start()` is called.
   * @throws ArgumentError if `itercls` is not a row-handler class, or its constructor rejects the options.
   */
  query<Class extends RowHandlerClass>(
    design: string,
    view: string,
    options: { readonly itercls: Class } & NonNullable<ConstructorParameters<Class>[3]>,
  ): InstanceType<Class> {
    return rowHandler(this, design, view, options);
  }
}
