import { ClientTemporaryFailError, type ClusterMap, type CouchbaseError, ObjectDestroyedError } from '@cb/protocol';
import type { Connection } from '../connection/connection.js';
import { asBroken } from '../connection/socket-troubles.js';
import { claimIops, releaseIops } from '../iops/iops-claim.js';
import { soon } from '../iops/turns.js';
import type { MultiResult } from '../multi/multi-result.js';
import type { CollectionRef } from '../operation/collection-ref.js';
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
import { Router } from '../routing/router.js';
import { SeedBootstrap, type SeedBootstrapHandler } from '../routing/seed-bootstrap.js';
import { SeedRecovery } from '../routing/seed-recovery.js';
import type { HoldUp } from '../time/hold-up.js';
import { Ticker } from '../time/ticker.js';
import { Timers } from '../time/timers.js';
import { loadSnappy } from '../values/compression.js';
import { type BucketServices, type ServiceWork, serviceAddresses } from './bucket-services.js';
import type { BucketState } from './bucket-state.js';
import type { BucketHost, CollectionHost, PipelineBuilder } from './collection-host.js';
import { type ConnectOptions, connectCompletion } from './connect-options.js';
import { DrainWaiters } from './drain-waiters.js';
import { Pipelines } from './pipelined-calls.js';
import { type BucketSettings, type RawBucketOptions, readSettings } from './settings.js';

/**
 * The life of a bucket: connecting, connected, closing, closed; its clock, and all work that must end before it may
 * close. The faces of the bucket and of its collections hold it, and make all their calls on it. Hot file.
 */
export class LifeCycle implements BucketHost {
  /** What operations inherit. */
  context: OperationContext;
  /** The name of the bucket. */
  readonly bucket: string;
  readonly router: Router;
  readonly services: BucketServices;
  readonly #settings: BucketSettings;
  readonly #ticker: Ticker;
  readonly #heartbeat: Heartbeat;
  readonly #timers = new Timers(() => this.#ticker.now());
  readonly #drainWaiters = new DrainWaiters();
  /** Calls of several steps that have not ended. */
  readonly #underWay = new Set<ServiceWork>();
  readonly #atClose: (() => void)[] = [];
  readonly #pipelines = new Pipelines();
  readonly #compositeHost: CompositeHost;
  #state: BucketState = 'idle';
  #search: SeedBootstrap | undefined = undefined;
  readonly #seedRecovery: SeedRecovery;
  #failure: CouchbaseError | undefined = undefined;
  #connecting: Completion[] = [];
  #closing: Completion[] = [];

  constructor(connectionString: string, options: RawBucketOptions) {
    const settings = readSettings(connectionString, options);
    this.#settings = settings;
    this.context = settings.context;
    this.bucket = settings.bucket;
    this.#ticker = new Ticker(settings.iops, {
      tick: (now) => this.#tick(now),
      heldUp: (holdUp) => this.#heldUp(holdUp),
      receivedBytes: () => router.endpoints.reduce((sum, { connection }) => sum + (connection?.receivedBytes ?? 0), 0),
    });
    this.router = new Router(settings.iops, settings.router, {
      wake: () => this.#ticker.start(),
      mapAdopted: ({ numReplicas }) => this.change({ replicas: numReplicas }),
      operationStored: (operation, result) => {
        const remainingMs = (operation.deadline - this.#ticker.now()) / 1000;
        endureStored(operation, result, { context: this.context, remainingMs, compose: (call) => this.compose(call) });
      },
    });
    const { router } = this;
    this.#seedRecovery = new SeedRecovery({
      isLost: () => router.isLost,
      newSearch: (handler) => this.#newSearch(handler),
      found: (map) => void router.offer(map, true),
    });
    this.#heartbeat = new Heartbeat(settings.iops, settings.beatMs, (wasAsleep) => this.router.beat(wasAsleep));
    this.services = this.#bucketServices();
    this.#compositeHost = {
      now: () => this.#ticker.now(),
      randomBytes: (count) => settings.iops.randomBytes(count),
      cluster: this.router,
      issue: (operation) => this.#issue(operation),
      after: (ms, action) => this.#timers.after(ms, action),
      ended: (composite) => void this.#underWay.delete(composite),
    };
    claimIops(settings.iops); // Last: what throws before leaves nothing claimed.
  }

  get state(): BucketState {
    return this.#state;
  }

  /** Changes what operations inherit from now on. */
  change(changes: Partial<OperationContext>): void {
    this.context = { ...this.context, ...changes };
  }

  refOf(scope: string, collection: string): CollectionRef {
    return this.router.collections.refOf(scope, collection);
  }

  /** Returns what a log shows: the name, the state and the nodes, never the credentials. */
  toJSON(): object {
    return { bucket: this.bucket, state: this.#state, serverNodes: this.router.nodeNames };
  }

  connect(options: ConnectOptions = {}): AsyncResult<undefined> {
    const completion = connectCompletion(options, this.#timers);
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

  drained(): AsyncResult<undefined> {
    this.#checkConnected();
    const completion = this.#drainWaiters.add();
    this.#ticker.start();
    return completion;
  }

  close(): AsyncResult<undefined> {
    const completion = new Completion();
    this.#closing.push(completion);
    if (this.#state === 'connected') {
      this.#state = 'closing';
      // Closing would wait for its requests too, for as long as a node is silent.
      this.#heartbeat.stop();
      for (const work of this.#underWay) work.closing?.();
      // Not from inside this call: the application sets its callbacks after it.
      soon(() => this.#closeWhenIdle());
      this.#ticker.start();
    } else if (this.#state !== 'closing') {
      this.destroy();
    }
    return completion;
  }

  destroy(error?: CouchbaseError): void {
    const reason = error ?? new ObjectDestroyedError('the bucket was destroyed');
    const closing = this.#closing;
    this.#closing = [];
    this.#state = 'closed';
    this.#search?.abandon(reason);
    this.#seedRecovery.abandon(reason);
    this.#search = undefined;
    for (const work of this.#underWay) work.destroy(error);
    for (const action of this.#atClose.splice(0)) action();
    for (const operation of this.router.abort(reason)) operation.failLater(error ?? destroyed(operation));
    this.#ticker.stop();
    this.#heartbeat.stop();
    this.#settleConnecting(new ObjectDestroyedError('the bucket was destroyed'));
    for (const completion of closing) completion.settle(undefined);
    this.#drainWaiters.end(new ObjectDestroyedError('the bucket was destroyed'));
    releaseIops(this.#settings.iops);
  }

  start<R extends Result>(operation: Operation<R>): AsyncResult<R> {
    this.#checkConnected();
    this.#issue(operation);
    return operation;
  }

  startMulti<R extends Result>(multi: MultiResult<R>): MultiResult<R> {
    this.#checkConnected();
    const now = this.#settings.iops.now();
    multi.begin({ issue: (operation) => this.#issue(operation, now), compose: (call) => this.compose(call) });
    return multi;
  }

  compose<R>(call: CompositeCall<R>): AsyncResult<R> {
    if (this.#state !== 'closing' && call.early !== true) this.#checkConnected();
    const composite = new Composite(this.#compositeHost, call);
    this.#underWay.add(composite);
    this.#ticker.start();
    return composite;
  }

  runPipeline(build: PipelineBuilder<unknown>, on: CollectionHost = this): AsyncResult<unknown[]> {
    this.#checkConnected();
    return this.#pipelines.run(on, build);
  }

  #bucketServices(): BucketServices {
    const { router } = this;
    const { iops, services: settings } = this.#settings;
    return {
      iops,
      settings,
      get map() {
        return router.map;
      },
      addressesOf: (service) => serviceAddresses(router.map, service, settings.tls !== undefined, router.chosenNetwork),
      after: (ms, action) => this.#timers.after(ms, action),
      limit: (ms, action) => this.#timers.limit(ms, action),
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

  #newSearch(handler: SeedBootstrapHandler): SeedBootstrap {
    const { iops, seeds, router, connectTimeoutMs } = this.#settings;
    this.#ticker.start();
    return new SeedBootstrap(iops, seeds, router, connectTimeoutMs, handler);
  }

  #issue(operation: Operation, now?: number): void {
    const { signal } = operation;
    // A signal that was aborted before the call: nothing is sent.
    if (signal !== undefined && operation.cancelOn(signal)) return;
    operation.bucketName = this.#settings.bucket;
    this.router.accept(operation, now);
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
      this.router.begin(connection, map);
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
    this.router.tick(now);
    this.#timers.tick(now);
    this.#drainWaiters.tick(this.router.fullness);
    this.#seedRecovery.tick(now);
    this.#closeWhenIdle();
    const isBusy = this.router.isBusy || this.#underWay.size > 0;
    const isSearching = this.#search !== undefined || this.#seedRecovery.isBusy;
    return isSearching || isBusy || this.#drainWaiters.isBusy || this.#state === 'closing';
  }

  /** Moves all deadlines: nothing could be received for a while. */
  #heldUp(holdUp: HoldUp): void {
    this.#search?.extend(holdUp);
    this.#seedRecovery.extend(holdUp);
    this.router.extend(holdUp);
    this.#timers.extend(holdUp);
    for (const work of this.#underWay) work.extend?.(holdUp);
  }

  #closeWhenIdle(): void {
    if (this.#state === 'closing' && !this.router.hasOperations && this.#underWay.size === 0) this.destroy();
  }
}
