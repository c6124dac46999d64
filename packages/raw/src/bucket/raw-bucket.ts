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
import type { BucketServices } from './bucket-services.js';
import type { BucketState } from './bucket-state.js';
import type { ConnectOptions } from './connect-options.js';
import { LifeCycle } from './life-cycle.js';
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
   * @throws ArgumentError for a connection string or an option that cannot be used.
   */
  constructor(connectionString: string, options: RawBucketOptions = {}) {
    const life = new LifeCycle(connectionString, options);
    super(life);
    this.#life = life;
  }

  /** True while operations are possible. */
  get connected(): boolean {
    return this.#life.state === 'connected';
  }

  /** Where the bucket is in its life. */
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

  /** What packages use that talk to the other services of the nodes, as `@cb/views` does. */
  get services(): BucketServices {
    return this.#life.services;
  }

  /** Whether missing documents are results instead of errors, unless an operation says otherwise. Default false. */
  get quiet(): boolean {
    return this.#life.context.quiet;
  }

  set quiet(quiet: boolean) {
    this.#life.change({ quiet: checkBoolean(quiet, 'quiet') });
  }

  /** How values are stored, unless an operation says otherwise. Default FMT_JSON. */
  get defaultFormat(): Format {
    return this.#life.context.defaultFormat;
  }

  set defaultFormat(format: Format) {
    this.#life.change({ defaultFormat: checkFormat(format) });
  }

  /** What turns values into bytes and back. Setting undefined brings the built-in one back. */
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
   * Connects, if that was not begun before. Every call has a result of its own, and every result the real outcome,
   * however late the call: success, the failure, or `ObjectDestroyedError` when the bucket was closed meanwhile.
   *
   * Fails with `AuthError` or `BucketNotFoundError` when seeds refuse the password, or the bucket for 1 second, and no other
   * seed says better; else with `ConnectError`, whose `seeds` say which address failed at which step and why: at once when
   * all of them failed, and after `connectTimeout` (10 seconds) at the latest. The options end the wait of this call, not
   * the connecting.
   */
  connect(options: ConnectOptions = {}): AsyncResult<undefined> {
    return this.#life.connect(options);
  }

  /**
   * Waits until operations can be queued again: after a `QueueFullError`, until every queue is at most half full; at once
   * when they are. Fails with `ObjectDestroyedError` when the bucket is destroyed meanwhile.
   */
  drained(): AsyncResult<undefined> {
    return this.#life.drained();
  }

  /**
   * Closes the bucket when all operations under way are settled; their deadlines say how long that takes at most. New
   * ones throw `ClientTemporaryFailError` from now on. What has no deadline fails with `ObjectDestroyedError`: connecting
   * with all that waits for it, scans, and rows that are held back (a loop that does not read on, `pause()`).
   */
  close(): AsyncResult<undefined> {
    return this.#life.close();
  }

  /**
   * Closes the bucket at once: everything under way fails with the error, by default each operation with an
   * `ObjectDestroyedError` of its own (`ambiguous` when the server may have carried it out).
   */
  destroy(error?: CouchbaseError): void {
    this.#life.destroy(error);
  }

  /** The scope of that name. `ArgumentError` for a name that no scope can have. */
  scope(name: string): RawScope {
    return new RawScope(this.#life, name);
  }

  /** The collection of that name in the default scope. */
  collection(name: string): RawCollection {
    return this.scope(DEFAULT_NAME).collection(name);
  }

  /** Asks one node, any one, for nothing: shows that it answers. */
  noop(options?: NoopOptions): AsyncResult<Result> {
    return this.#life.start(noop(this.#life.context, options));
  }

  /**
   * Asks all nodes for statistics: the usual ones, or the groups that `keys` name (`memory`, `config`, `vbucket`, …), or,
   * with `keystats`, how the copies of a document stand. What nodes told is there even when others failed.
   */
  stats(keys?: string | readonly string[], options?: StatsOptions): AsyncResult<StatsResult> {
    return this.#life.compose(stats(this.#life.context, keys, options));
  }

  /**
   * How far the nodes with a copy of a vbucket are with its history, the active one first: which mutations they have,
   * and which they have persisted. Nodes that do not answer are left out, save the active one, which must.
   */
  observeSeqno(token: MutationTokenLike, options?: ObserveSeqnoOptions): AsyncResult<ObserveSeqnoResult[]> {
    return this.#life.compose(observeSeqno(this.#life.context, token, options));
  }

  /** Sends something to every node, and reports which of them answered, and how fast. A node's failure is in the report. */
  ping(options?: PingOptions): AsyncResult<PingReport> {
    return this.#life.compose(ping(this.#life.context, this.bucket, options));
  }

  /** How the connections to all nodes stand. Sends nothing, and may be called at any time. */
  diagnostics(reportId?: string): DiagnosticsReport {
    return diagnostics(this.#life.router.iops, this.#life.router, this.bucket, reportId);
  }

  /**
   * Waits until every node has a connection that can be used; begins to connect, if that was not done. `TimeoutError`
   * names the nodes that are not ready after `timeout` (10 seconds); whatever `connect` fails with ends the wait at once.
   */
  waitUntilReady(options?: ReadyOptions): AsyncResult<undefined> {
    return this.#life.compose(untilReady(this.#life.context, this.#life, options));
  }

  /**
   * Makes a handler for the rows of a view: an instance of `itercls`, a subclass of `AsyncViewBase`, which gets the
   * design document's name, the view's, and all other options. Nothing is sent before its `start()` is called.
   * @throws ArgumentError for an `itercls` that is no such class, and for what its constructor does not take.
   */
  query<Class extends RowHandlerClass>(
    design: string,
    view: string,
    options: { readonly itercls: Class } & NonNullable<ConstructorParameters<Class>[3]>,
  ): InstanceType<Class> {
    return rowHandler(this, design, view, options);
  }
}
