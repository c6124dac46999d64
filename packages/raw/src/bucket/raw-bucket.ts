import { ClientTemporaryFailError, type ClusterMap, type CouchbaseError, ObjectDestroyedError } from '@cb/protocol';
import type { Connection } from '../connection/connection.js';
import { asBroken } from '../connection/socket-troubles.js';
import { claimIops, releaseIops } from '../iops/iops-claim.js';
import { soon } from '../iops/turns.js';
import type { MultiResult } from '../multi/multi-result.js';
import { Composite, type CompositeCall, type CompositeHost } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import type { Operation } from '../operation/operation.js';
import { destroyed } from '../operation/operation-errors.js';
import { get } from '../operations/get.js';
import { endureStored } from '../operations/until-durable.js';
import type { AsyncResult } from '../results/async-result.js';
import { Completion } from '../results/completion.js';
import type { Result } from '../results/results.js';
import { Heartbeat } from '../routing/heartbeat.js';
import { LostNodes } from '../routing/lost-nodes.js';
import { Router } from '../routing/router.js';
import { SeedSearch, type SeedSearchHandler } from '../routing/seed-search.js';
import type { HoldUp } from '../time/hold-up.js';
import { Ticker } from '../time/ticker.js';
import { Waits } from '../time/waits.js';
import { loadSnappy } from '../values/compression.js';
import { type BucketServices, type ServiceWork, serviceAddresses } from './bucket-services.js';
import type { BucketState } from './bucket-state.js';
import { type ConnectOptions, connectCompletion } from './connect-options.js';
import { Drains } from './drains.js';
import { Pipelines } from './pipelined-calls.js';
import type { PipelineBuilder, RawCollection } from './raw-collection.js';
import { RawQueries } from './raw-queries.js';
import { type CollectionHost, DEFAULT_NAME, RawScope } from './raw-scope.js';
import { type BucketSettings, type RawBucketOptions, readSettings } from './settings.js';

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
export class RawBucket extends RawQueries {
  readonly #settings: BucketSettings;
  readonly #ticker: Ticker;
  readonly #router: Router;
  readonly #heartbeat: Heartbeat;
  readonly #waits = new Waits(() => this.#ticker.now());
  readonly #drains = new Drains();
  /** What takes several steps and has not ended. */
  readonly #underWay = new Set<ServiceWork>();
  readonly #atClose: (() => void)[] = [];
  readonly services: BucketServices;
  readonly #host: CollectionHost;
  readonly #pipelines = new Pipelines();
  readonly #compositeHost: CompositeHost;
  #state: BucketState = 'idle';
  #search: SeedSearch | undefined = undefined;
  readonly #lostNodes: LostNodes;
  #failure: CouchbaseError | undefined = undefined;
  #connecting: Completion[] = [];
  #closing: Completion[] = [];

  /**
   * @param connectionString `couchbase://host1,host2:port/bucket?option=value`, `couchbases://` for TLS, or
   * `memcached://` for plain memcached servers. Options given here win over those in the string.
   * @throws ArgumentError for a connection string or an option that cannot be used.
   */
  constructor(connectionString: string, options: RawBucketOptions = {}) {
    const settings = readSettings(connectionString, options);
    super(settings.context);
    this.#settings = settings;
    this.#ticker = new Ticker(settings.iops, {
      tick: (now) => this.#tick(now),
      heldUp: (holdUp) => this.#heldUp(holdUp),
      receivedBytes: () => router.pipelines.reduce((sum, { connection }) => sum + (connection?.receivedBytes ?? 0), 0),
    });
    this.#router = new Router(settings.iops, settings.router, {
      wake: () => this.#ticker.start(),
      mapAdopted: ({ numReplicas }) => {
        this.context = { ...this.context, replicas: numReplicas };
      },
      operationStored: (operation, result) => {
        const remainingMs = (operation.deadline - this.#ticker.now()) / 1000;
        endureStored(operation, result, { context: this.context, remainingMs, compose: this.#host.compose });
      },
    });
    const router = this.#router;
    this.#lostNodes = new LostNodes({
      isLost: () => router.isLost,
      newSearch: (handler) => this.#newSearch(handler),
      found: (map) => void router.offer(map, true),
    });
    this.#heartbeat = new Heartbeat(settings.iops, settings.beatMs, (wasAsleep) => this.#router.beat(wasAsleep));
    this.#host = this.#collectionHost();
    this.services = this.#bucketServices();
    this.#compositeHost = {
      now: () => this.#ticker.now(),
      randomBytes: (count) => settings.iops.randomBytes(count),
      cluster: this.#router,
      issue: (operation) => this.#issue(operation),
      after: (ms, action) => this.#waits.after(ms, action),
      ended: (composite) => void this.#underWay.delete(composite),
    };
    claimIops(settings.iops); // Last: what throws before leaves nothing claimed.
  }

  /** True while operations are possible. */
  get connected(): boolean {
    return this.#state === 'connected';
  }

  get state(): BucketState {
    return this.#state;
  }

  /** The bucket's name. */
  get bucket(): string {
    return this.#settings.bucket;
  }

  /** The nodes that hold the bucket's documents, as `host:port`; empty before the bucket is connected. */
  get serverNodes(): string[] {
    return this.#router.nodeNames;
  }

  /** The newest cluster map; undefined before the bucket is connected. */
  get clusterMap(): ClusterMap | undefined {
    return this.#router.map;
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
    const completion = connectCompletion(options, this.#waits);
    switch (this.#state) {
      case 'connected':
        completion.settle(undefined);
        break;
      case 'failed':
        completion.settle(this.#failure);
        break;
      case 'closing':
      case 'closed':
        completion.settle(new ObjectDestroyedError('the bucket is closed'));
        break;
      case 'idle':
        this.#connecting.push(completion);
        this.#state = 'connecting';
        if (this.#settings.router.compression === undefined) this.#beginSearch();
        else void this.#beginCompressing();
        break;
      case 'connecting':
        this.#connecting.push(completion);
    }
    return completion;
  }

  /**
   * Waits until operations can be queued again: after a `QueueFullError`, until every queue is at most half full; at once
   * when they are. Fails with `ObjectDestroyedError` when the bucket is destroyed meanwhile.
   */
  drained(): AsyncResult<undefined> {
    this.#checkConnected();
    const completion = this.#drains.add();
    this.#ticker.start();
    return completion;
  }

  /**
   * Closes the bucket when all operations under way are settled; their deadlines say how long that takes at most. New
   * ones throw `ClientTemporaryFailError` from now on. What has no deadline fails with `ObjectDestroyedError`: connecting
   * with all that waits for it, scans, and rows that are held back (a loop that does not read on, `pause()`).
   */
  close(): AsyncResult<undefined> {
    const completion = new Completion();
    this.#closing.push(completion);
    if (this.#state === 'connected') {
      this.#state = 'closing';
      // Its questions would be waited for as well, for as long as a node is silent.
      this.#heartbeat.stop();
      for (const work of this.#underWay) work.closing?.();
      // Not from inside this call: what the application sets up after it must be in place.
      soon(() => this.#closeWhenIdle());
      this.#ticker.start();
    } else if (this.#state !== 'closing') {
      this.destroy();
    }
    return completion;
  }

  /**
   * Closes the bucket at once: everything under way fails with the error, by default each operation with an
   * `ObjectDestroyedError` of its own (`ambiguous` when the server may have carried it out).
   */
  destroy(error?: CouchbaseError): void {
    const reason = error ?? new ObjectDestroyedError('the bucket was destroyed');
    const closing = this.#closing;
    this.#closing = [];
    this.#state = 'closed';
    this.#search?.abandon(reason);
    this.#lostNodes.abandon(reason);
    this.#search = undefined;
    for (const work of this.#underWay) work.destroy(error);
    for (const action of this.#atClose.splice(0)) action();
    for (const operation of this.#router.abort(reason)) operation.failLater(error ?? destroyed(operation));
    this.#ticker.stop();
    this.#heartbeat.stop();
    this.#settleConnecting(new ObjectDestroyedError('the bucket was destroyed'));
    for (const completion of closing) completion.settle(undefined);
    this.#drains.end(new ObjectDestroyedError('the bucket was destroyed'));
    releaseIops(this.#settings.iops);
  }

  /** The scope of that name. `ArgumentError` for a name that no scope can have. */
  scope(name: string): RawScope {
    return new RawScope(this.#host, name);
  }

  /** The collection of that name in the default scope. */
  collection(name: string): RawCollection {
    return this.scope(DEFAULT_NAME).collection(name);
  }

  protected start<R extends Result>(operation: Operation<R>): AsyncResult<R> {
    this.#checkConnected();
    this.#issue(operation);
    return operation;
  }

  protected startMulti<R extends Result>(multi: MultiResult<R>): MultiResult<R> {
    this.#checkConnected();
    const now = this.#settings.iops.now();
    multi.begin({ issue: (operation) => this.#issue(operation, now), compose: (call) => this.compose(call) });
    return multi;
  }

  protected compose<R>(call: CompositeCall<R>): AsyncResult<R> {
    if (this.#state !== 'closing' && call.early !== true) this.#checkConnected();
    const composite = new Composite(this.#compositeHost, call);
    this.#underWay.add(composite);
    this.#ticker.start();
    return composite;
  }

  protected runPipeline(build: PipelineBuilder<unknown>): AsyncResult<unknown[]> {
    return this.#host.runPipeline(this.context, build);
  }

  protected get cluster(): Router {
    return this.#router;
  }

  #collectionHost(): CollectionHost {
    const context = (): OperationContext => this.context;
    return {
      bucket: this.bucket,
      get context() {
        return context();
      },
      refOf: (scope, collection) => this.#router.collections.refOf(scope, collection),
      start: (operation) => this.start(operation),
      startMulti: (multi) => this.startMulti(multi),
      compose: (call) => this.compose(call),
      runPipeline: (given, build) => {
        this.#checkConnected();
        return this.#pipelines.run(this.#host, given, build);
      },
    };
  }

  #bucketServices(): BucketServices {
    const router = this.#router;
    const { iops, services: settings } = this.#settings;
    return {
      iops,
      settings,
      get map() {
        return router.map;
      },
      addressesOf: (service) => serviceAddresses(router.map, service, settings.tls !== undefined, router.chosenNetwork),
      after: (ms, action) => this.#waits.after(ms, action),
      limit: (ms, action) => this.#waits.limit(ms, action),
      begin: (work) => {
        this.#checkConnected();
        this.#underWay.add(work);
        this.#ticker.start();
      },
      end: (work) => void this.#underWay.delete(work),
      whenClosed: (action) => void this.#atClose.push(action),
      read: (key) => {
        const operation = get(this.context, key);
        this.#issue(operation);
        return operation;
      },
    };
  }

  #newSearch(handler: SeedSearchHandler): SeedSearch {
    const { iops, seeds, router, connectTimeoutMs } = this.#settings;
    this.#ticker.start();
    return new SeedSearch(iops, seeds, router, connectTimeoutMs, handler);
  }

  #issue(operation: Operation, now?: number): void {
    const { signal } = operation;
    // A signal that was aborted before the call: nothing is sent.
    if (signal !== undefined && operation.heedSignal(signal)) return;
    operation.bucketName = this.#settings.bucket;
    this.#router.issue(operation, now);
  }

  #checkConnected(): void {
    if (this.#state !== 'connected') throw new ClientTemporaryFailError(`the bucket is not connected: ${this.#state}`);
  }

  async #beginCompressing(): Promise<void> {
    await loadSnappy();
    if (this.#state === 'connecting') this.#beginSearch();
  }

  #beginSearch(): void {
    try {
      this.#search = this.#newSearch({
        found: (connection, map) => this.#found(connection, map),
        failed: (error) => this.#failed(error),
      });
    } catch (thrown) {
      this.#failed(asBroken('the IOPS', thrown));
    }
  }

  #found(connection: Connection, map: ClusterMap): void {
    this.#search = undefined;
    try {
      this.#router.begin(connection, map);
    } catch (error) {
      connection.close(error as CouchbaseError);
      this.#failed(error as CouchbaseError);
      return;
    }
    this.#state = 'connected';
    if (this.#settings.beatMs > 0) this.#heartbeat.start();
    this.#settleConnecting(undefined);
  }

  #failed(error: CouchbaseError): void {
    this.#search = undefined;
    this.#state = 'failed';
    this.#failure = error;
    this.#settleConnecting(error);
  }

  #settleConnecting(error: CouchbaseError | undefined): void {
    const waiting = this.#connecting;
    this.#connecting = [];
    for (const completion of waiting) completion.settle(error);
  }

  /** Does what is due; false when nothing is waited for. */
  #tick(now: number): boolean {
    this.#search?.tick(now);
    this.#router.tick(now);
    this.#waits.tick(now);
    this.#drains.tick(this.#router.fullness);
    this.#lostNodes.tick(now);
    this.#closeWhenIdle();
    const isBusy = this.#router.isBusy || this.#underWay.size > 0;
    const isSearching = this.#search !== undefined || this.#lostNodes.isBusy;
    return isSearching || isBusy || this.#drains.isBusy || this.#state === 'closing';
  }

  /** Moves all deadlines: nothing could be received for a while. */
  #heldUp(holdUp: HoldUp): void {
    this.#search?.extend(holdUp);
    this.#lostNodes.extend(holdUp);
    this.#router.extend(holdUp);
    this.#waits.extend(holdUp);
    for (const work of this.#underWay) work.extend?.(holdUp);
  }

  #closeWhenIdle(): void {
    if (this.#state === 'closing' && !this.#router.hasOperations && this.#underWay.size === 0) this.destroy();
  }
}
