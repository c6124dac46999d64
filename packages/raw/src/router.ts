import {
  ClusterMap,
  type ClusterNode,
  type CouchbaseError,
  chooseNetwork,
  DurabilityImpossibleError,
  type Frame,
  NetworkError,
  NO_NODE,
  parseExtendedError,
  ServerOpcode,
  Status,
  serviceAddress,
  statusError,
  TimeoutError,
  vbucketOf,
} from '@cb/protocol';
import type { BootstrapOutcome } from './bootstrap-session.js';
import { CollectionIds, type CollectionRef } from './collection-ids.js';
import type { Connection, ConnectionSettings } from './connection.js';
import type { IOPS } from './iops/iops.js';
import type { Operation, OperationHolder } from './operation.js';
import { Pipeline, type PipelineOwner } from './pipeline.js';
import { failedResult, type OperationResult, type Result } from './results.js';

export interface RouterSettings extends ConnectionSettings {
  readonly network: string;
  /** Milliseconds from one round of observing to the next. */
  readonly durabilityIntervalMs: number;
}

/** What the router tells its bucket. */
export interface RouterEvents {
  /** Something waits: ticks are needed. */
  wake(): void;
  mapAdopted(map: ClusterMap): void;
  /** An operation succeeded that must also become durable. */
  operationStored(operation: Operation, result: Result): void;
}

/** Milliseconds from one attempt to the next while a vbucket has no node, or the wrong one. */
const REROUTE_MS = [1, 10, 50, 100, 500, 1000];

/**
 * Takes every operation to the node that has its vbucket, by the newest cluster map that anybody has told of, and
 * takes it there again when the map was wrong.
 */
export class Router implements PipelineOwner, OperationHolder {
  readonly iops: IOPS;
  readonly connectionSettings: ConnectionSettings;
  readonly #network: string;
  readonly #events: RouterEvents;
  #map: ClusterMap | undefined = undefined;
  #chosenNetwork: string | undefined = undefined;
  /** By `host:port`; a pipeline outlives the maps that name its node. */
  readonly #pipelines = new Map<string, Pipeline>();
  /** The pipelines of the map's nodes, by node index. */
  #nodes: Pipeline[] = [];
  /** Nodes that left, until the last answer is in. */
  readonly #retired = new Set<Pipeline>();
  /** Operations that wait for another map, with the time of their next attempt. */
  readonly #parked = new Map<Operation, number>();
  #nextNode = 0;
  /** The ids of the bucket's collections. */
  readonly collections: CollectionIds;

  constructor(iops: IOPS, settings: RouterSettings, events: RouterEvents) {
    this.iops = iops;
    this.connectionSettings = settings;
    this.#network = settings.network;
    this.#events = events;
    this.collections = new CollectionIds(
      (operation) => this.issue(operation),
      (operation) => this.dispatch(operation),
    );
  }

  get map(): ClusterMap | undefined {
    return this.#map;
  }

  get nodeNames(): string[] {
    return this.#nodes.map((pipeline) => pipeline.name);
  }

  /** True while any operation is not settled, or any connection is being made. */
  get isBusy(): boolean {
    if (this.#parked.size > 0 || this.collections.isBusy) return true;
    for (const pipeline of this.#pipelines.values()) if (pipeline.isBusy) return true;
    for (const pipeline of this.#retired) if (pipeline.isBusy) return true;
    return false;
  }

  /** Sends the operation on its way. */
  dispatch(operation: Operation): void {
    const { collection } = operation;
    if (collection !== undefined) {
      if (collection.id === undefined) {
        this.collections.await(operation, collection);
        return;
      }
      operation.collectionId = collection.id;
    }
    const { spec, replica } = operation;
    if (spec.route === 'key') operation.vbucket = vbucketOf(operation.key, this.#map!.vbuckets);
    else if (spec.route !== 'vbucket') {
      this.#dispatchToNode(operation);
      return;
    }
    const map = this.#map!;
    const { vbucket } = operation;
    const node = replica === 0 ? map.activeOf(vbucket) : map.replicaOf(vbucket, replica - 1);
    if (node === NO_NODE) this.#park(operation, 'node_not_available');
    else this.#nodes[node]!.submit(operation);
  }

  /** Sets the deadline of an operation that begins now, and sends it on its way. */
  issue(operation: Operation): void {
    operation.deadline = this.iops.now() + operation.timeoutMs * 1000;
    if (operation.durabilityLevel !== 0 && !this.#canBeDurable(operation)) {
      const message = `${operation.spec.name} cannot reach a majority: too many replicas of its vbucket have no node`;
      operation.failLater(new DurabilityImpossibleError(message, operation.details()));
      return;
    }
    this.dispatch(operation);
    this.#events.wake();
  }

  /** Whether enough copies of the vbucket have a node for a majority of those that there should be. */
  #canBeDurable(operation: Operation): boolean {
    const map = this.#map!;
    const majority = Math.floor((map.numReplicas + 1) / 2) + 1;
    return 1 + map.replicasOf(vbucketOf(operation.key, map.vbuckets)).length >= majority;
  }

  /** To the node that the operation names, or to each in turn. */
  #dispatchToNode(operation: Operation): void {
    if (operation.node === undefined) {
      this.#nodes[this.#nextNode++ % this.#nodes.length]!.submit(operation);
      return;
    }
    const pipeline = this.#pipelines.get(operation.node);
    if (pipeline === undefined) {
      const message = `${operation.node} is not a node of the bucket (any more)`;
      operation.failLater(new NetworkError(message, operation.details()));
    } else {
      pipeline.submit(operation);
    }
  }

  /**
   * Starts with the connection that brought the first map; the other nodes are connected to at once, in parallel.
   */
  begin(connection: Connection, map: ClusterMap): void {
    const { host, port } = connection.address;
    const tls = this.connectionSettings.tls !== undefined;
    this.#chosenNetwork = chooseNetwork(map, this.#network, { hostname: host, port, tls });
    this.#adoptMap(map);
    const index = map.kvNodes.findIndex((node) => node.thisNode);
    const own = this.#nodes[index] ?? this.#pipelines.get(connection.name);
    if (own === undefined) connection.close(new NetworkError(`${connection.name} carries no data of the bucket`));
    else own.adopt(connection);
    this.#connectAll();
  }

  /** Takes over a map if it is newer than the one in use. */
  offer(map: ClusterMap): boolean {
    if (map.vbuckets === 0 || !map.isNewerThan(this.#map)) return false;
    this.#adoptMap(map);
    this.#connectAll();
    return true;
  }

  tick(now: number): void {
    for (const [operation, at] of this.#parked) {
      if (operation.deadline <= now) this.#expireParked(operation);
      else if (at <= now) this.#unpark(operation);
    }
    this.collections.tick(now);
    for (const pipeline of this.#pipelines.values()) pipeline.tick(now);
    for (const pipeline of this.#retired) {
      pipeline.tick(now);
      if (!pipeline.isBusy) this.#retired.delete(pipeline);
    }
  }

  /** Closes every connection at once and gives back all operations that are not settled. */
  abort(error: CouchbaseError): Operation[] {
    const left = [...this.#parked.keys(), ...this.collections.takeAll()];
    this.#parked.clear();
    for (const pipeline of [...this.#pipelines.values(), ...this.#retired]) left.push(...pipeline.abort(error));
    this.#pipelines.clear();
    this.#retired.clear();
    this.#nodes = [];
    return left;
  }

  release(operation: Operation): boolean {
    this.#parked.delete(operation);
    return false;
  }

  wake(): void {
    this.#events.wake();
  }

  configArrived(outcome: BootstrapOutcome): void {
    if (outcome.map !== undefined) this.offer(outcome.map);
  }

  operationRefused(operation: Operation, frame: Frame, connection: Connection): void {
    const { status } = frame;
    if (status === Status.NotMyVbucket) {
      this.#onNotMyVbucket(operation, frame, connection);
      return;
    }
    const { collection } = operation;
    if (status === Status.UnknownCollection && collection !== undefined) {
      this.#onUnknownCollection(operation, collection);
      return;
    }
    const details = { ...operation.details(), node: connection.name, ...parseExtendedError(frame) };
    const error = statusError(status, details, connection.outcome.errorMap);
    if (operation.quiet && status === Status.KeyNotFound) {
      operation.succeed(failedResult(operation.key, error) as OperationResult);
    } else {
      operation.fail(error);
    }
  }

  operationsLost(operations: Operation[], error: CouchbaseError): void {
    const lost: Operation[] = [];
    for (const operation of operations) {
      operation.holder = undefined;
      operation.state = 'idle';
      if (operation.spec.idempotent) {
        operation.noteRetry('socket_closed_while_in_flight');
        this.dispatch(operation);
      } else {
        lost.push(operation);
      }
    }
    this.wake();
    // Last, as from here on handlers run: whatever they do, they find every other operation in its place.
    for (const operation of lost) {
      const message = `the connection broke before ${operation.spec.name} was answered: ${error.message}`;
      operation.fail(new NetworkError(message, { ...operation.details(), cause: error, ambiguous: true }));
    }
  }

  operationStored(operation: Operation, result: Result): void {
    this.#events.operationStored(operation, result);
  }

  serverRequest(frame: Frame, connection: Connection): void {
    if (frame.opcode !== ServerOpcode.ClustermapChangeNotification || frame.valueLength === 0) return;
    this.#offerBytes(frame.value, connection);
  }

  #onNotMyVbucket(operation: Operation, frame: Frame, connection: Connection): void {
    operation.state = 'idle';
    if (frame.valueLength > 0 && this.#offerBytes(frame.value, connection)) {
      operation.noteRetry('kv_not_my_vbucket');
      this.dispatch(operation);
    } else {
      this.#park(operation, 'kv_not_my_vbucket');
    }
  }

  /**
   * The id is asked for again: it leads to the new collection of that name, or to the error that names it. A node that
   * has not heard of the collection yet is given time.
   */
  #onUnknownCollection(operation: Operation, collection: CollectionRef): void {
    this.collections.forget(collection, operation.collectionId);
    if (operation.attempts > 1) {
      this.#park(operation, 'kv_collection_outdated');
      return;
    }
    operation.state = 'idle';
    operation.noteRetry('kv_collection_outdated');
    this.dispatch(operation);
  }

  /** A configuration that cannot be read changes nothing: the one in use stays. */
  #offerBytes(bytes: Buffer, connection: Connection): boolean {
    try {
      return this.offer(ClusterMap.parse(bytes, connection.address.host));
    } catch {
      return false;
    }
  }

  #park(operation: Operation, reason: string): void {
    operation.noteRetry(reason);
    operation.state = 'queued';
    operation.holder = this;
    const delay = REROUTE_MS[Math.min(Math.max(operation.attempts - 1, 0), REROUTE_MS.length - 1)]!;
    this.#parked.set(operation, this.iops.now() + delay * 1000);
    this.wake();
  }

  #unpark(operation: Operation): void {
    this.#parked.delete(operation);
    this.dispatch(operation);
  }

  #expireParked(operation: Operation): void {
    this.#parked.delete(operation);
    operation.holder = undefined;
    const message = `no node took ${operation.spec.name} within ${operation.timeoutMs} ms`;
    operation.fail(new TimeoutError(message, { ...operation.details(), ambiguous: operation.fateUnknown }));
  }

  #adoptMap(map: ClusterMap): void {
    this.#map = map;
    this.#events.mapAdopted(map);
    const before = new Set(this.#pipelines.values());
    this.#nodes = map.kvNodes.map((node) => this.#pipelineOf(node));
    const displaced: Operation[] = [];
    for (const pipeline of before) {
      if (this.#nodes.includes(pipeline)) continue;
      this.#pipelines.delete(pipeline.name);
      displaced.push(...pipeline.retire());
      if (pipeline.isBusy) this.#retired.add(pipeline);
    }
    for (const operation of displaced) this.dispatch(operation);
  }

  #connectAll(): void {
    for (const pipeline of this.#nodes) pipeline.connect();
  }

  #pipelineOf(node: ClusterNode): Pipeline {
    const tls = this.connectionSettings.tls !== undefined;
    const found = serviceAddress(node, 'kv', tls, this.#chosenNetwork);
    const made = new Pipeline({ host: found?.hostname ?? node.hostname, port: found?.port ?? 0 }, this);
    const existing = this.#pipelines.get(made.name);
    if (existing !== undefined) return existing;
    this.#pipelines.set(made.name, made);
    return made;
  }
}
