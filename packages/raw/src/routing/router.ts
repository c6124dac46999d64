import {
  ClusterMap,
  type ClusterNode,
  type CouchbaseError,
  chooseNetwork,
  type Frame,
  NetworkError,
  parseExtendedError,
  ServerOpcode,
  Status,
  serviceAddress,
  statusError,
} from '@cb/protocol';
import { keyHash, NO_NODE, vbucketOfHash } from '@cb/protocol/internal';
import type { BootstrapOutcome } from '../connection/bootstrap-session.js';
import type { Connection } from '../connection/connection.js';
import type { ConnectionSettings } from '../connection/connection-settings.js';
import type { IOPS } from '../iops/iops.js';
import type { Operation } from '../operation/operation.js';
import { refusalClass } from '../operation/operation-errors.js';
import { endsConnection, retryRuleOf } from '../operation/retry-strategy.js';
import { failedResult, type Result } from '../results/results.js';
import type { HoldUp } from '../time/hold-up.js';
import { CollectionIds } from './collection-ids.js';
import { ConfigPoller } from './config-poller.js';
import { type EndpointOwner, type EndpointSettings, NodeEndpoint } from './node-endpoint.js';
import { Retries } from './retries.js';
import type { RouterSettings } from './router-settings.js';

/** The events of the router for its bucket. */
export interface RouterEvents {
  /** Something waits: ticks are needed. */
  wake(): void;
  mapAdopted(map: ClusterMap): void;
  /** An operation succeeded that must also become durable. */
  operationStored(operation: Operation, result: Result): void;
}

/**
 * Sends every operation to the node with its vbucket, by the newest known cluster map, and sends it again when the map
 * was wrong. Hot file: every operation passes through `route`.
 *
 * The second half of a call, one verb for each layer: `LifeCycle.start` → `Router.accept` (deadline, place among the calls) →
 * `Retries.order` (behind what waits on its key) → `Router.route` (id of the collection, vbucket, node) →
 * `NodeEndpoint.submit` (circuit breaker, queue) → `Connection.send` (opaque, bytes). What is refused, or lost with a
 * connection, returns to `Retries` and takes the same way again, from `order` on.
 */
export class Router implements EndpointOwner {
  readonly iops: IOPS;
  readonly connectionSettings: ConnectionSettings;
  readonly endpointSettings: EndpointSettings;
  readonly #network: string;
  readonly #events: RouterEvents;
  #map: ClusterMap | undefined = undefined;
  /** Whose addresses of the nodes are used. */
  chosenNetwork: string | undefined = undefined;
  /** By `host:port`; an endpoint outlives the maps that name its node. */
  readonly #endpoints = new Map<string, NodeEndpoint>();
  readonly #perNode: number;
  /** The endpoints of the map's nodes, `#perNode` for each, by node index. */
  #nodes: NodeEndpoint[] = [];
  /** Nodes that left, until the last answer is in. */
  readonly #retired = new Set<NodeEndpoint>();
  readonly retries: Retries;
  readonly #maps: ConfigPoller;
  /** Counts the calls. */
  #sequence = 0;
  #nextNode = 0;
  /** The ids of the bucket's collections. */
  readonly collections: CollectionIds;

  constructor(iops: IOPS, settings: RouterSettings, events: RouterEvents) {
    this.iops = iops;
    this.connectionSettings = settings;
    this.endpointSettings = settings;
    this.#perNode = settings.connectionsPerNode;
    this.#network = settings.network;
    this.#events = events;
    this.collections = new CollectionIds(
      (operation) => this.accept(operation),
      (operation) => this.retries.order(operation),
    );
    this.retries = new Retries({
      iops,
      strategy: settings.retry,
      keysOnWire: settings.keysOnWire,
      limits: settings,
      route: (operation) => this.route(operation),
      wake: () => this.#events.wake(),
    });
    this.#maps = new ConfigPoller(this, settings.configFloorMs);
  }

  get map(): ClusterMap | undefined {
    return this.#map;
  }

  /** The connections to the nodes of the map, made and to be made. */
  get endpoints(): readonly NodeEndpoint[] {
    return this.#nodes;
  }

  /** The nodes whose first connection is ready. */
  get readyNodes(): string[] {
    const first = this.#nodes.filter((_endpoint, index) => index % this.#perNode === 0);
    return first.filter(({ connection }) => connection?.state === 'ready').map(({ name }) => name);
  }

  get nodeNames(): string[] {
    return [...new Set(this.#nodes.map((endpoint) => endpoint.name))];
  }

  /** The connections to all nodes, also those that left. */
  get #all(): NodeEndpoint[] {
    return [...this.#endpoints.values(), ...this.#retired];
  }

  /** True while any operation is not settled. */
  get hasOperations(): boolean {
    if (this.retries.isBusy || this.collections.isBusy || this.#retired.size > 0) return true;
    return [...this.#endpoints.values()].some(({ hasOperations }) => hasOperations);
  }

  /** True while any operation is not settled, or any connection is being made. */
  get isBusy(): boolean {
    return this.hasOperations || [...this.#endpoints.values()].some(({ isBusy }) => isBusy);
  }

  /** Sends the operation. */
  route(operation: Operation): void {
    const { collection } = operation;
    if (collection !== undefined) {
      if (collection.id === undefined) {
        this.collections.resolve(operation, collection);
        return;
      }
      operation.collectionId = collection.id;
    }
    const { spec } = operation;
    if (spec.route === 'key') {
      const hash = keyHash(operation.key);
      operation.vbucket = vbucketOfHash(hash, this.#map!.vbuckets);
      operation.hash = operation.replica === 0 ? hash || 1 : 0;
    } else if (spec.route !== 'vbucket') {
      this.#routeToNode(operation);
      return;
    }
    const endpoint = this.#endpointFor(operation);
    if (endpoint === undefined) this.retries.awaitMap(operation, 'node_not_available');
    else if (operation.hash === 0 || !this.retries.follows(operation, endpoint)) endpoint.submit(operation);
  }

  /** Returns the node of a vbucket in the current map; undefined when there is none now. */
  #endpointFor({ vbucket, replica, forward }: Operation): NodeEndpoint | undefined {
    const map = this.#map!;
    const active = forward ? map.forwardActiveOf(vbucket) : map.activeOf(vbucket);
    const node = replica === 0 ? active : map.replicaOf(vbucket, replica - 1);
    // All operations on a vbucket take the same connection, which keeps those on a key in order.
    return node === NO_NODE ? undefined : this.#nodes[node * this.#perNode + (vbucket % this.#perNode)];
  }

  /** Sets the deadline of an operation that begins now, and sends it. Operations of one call share one `now`. */
  accept(operation: Operation, now = this.iops.now()): void {
    operation.deadline = now + operation.timeoutMs * 1000;
    operation.sequence = ++this.#sequence;
    this.retries.order(operation);
    this.#events.wake();
  }

  /** To the node that the operation names, or to each in turn. */
  #routeToNode(operation: Operation): void {
    if (operation.node === undefined) {
      this.#nodes[this.#nextNode++ % this.#nodes.length]!.submit(operation);
      return;
    }
    const endpoint = this.#endpoints.get(operation.node);
    if (endpoint === undefined) {
      const message = `${operation.node} is not a node of the bucket (any more)`;
      operation.failLater(new NetworkError(message, operation.details()));
    } else {
      endpoint.submit(operation);
    }
  }

  /**
   * Starts with the connection that brought the first map; the other nodes are connected to at once, in parallel.
   */
  begin(connection: Connection, map: ClusterMap): void {
    const { host, port } = connection.address;
    const tls = this.connectionSettings.tls !== undefined;
    this.chosenNetwork = chooseNetwork(map, this.#network, { hostname: host, port, tls });
    this.#adoptMap(map);
    const index = map.kvNodes.findIndex((node) => node.thisNode);
    const own = this.#nodes[index * this.#perNode] ?? this.#endpoints.get(connection.name);
    if (own === undefined) connection.close(new NetworkError(`${connection.name} carries no data of the bucket`));
    else own.adopt(connection);
    for (const endpoint of this.#nodes) endpoint.connect();
  }

  /** Takes over a map if it is newer than the one in use, or of a bucket that has taken the place of the other. */
  offer(map: ClusterMap, mayBeAnother = false): boolean {
    const isAnother = mayBeAnother && map.bucketUuid !== this.#map?.bucketUuid;
    if (map.vbuckets === 0 || !(isAnother || map.isNewerThan(this.#map))) return false;
    this.#adoptMap(map);
    for (const endpoint of this.#nodes) endpoint.connect();
    return true;
  }

  tick(now: number): void {
    this.retries.tick(now);
    this.collections.tick(now);
    for (const endpoint of this.#all) endpoint.tick(now);
    for (const endpoint of this.#retired) if (!endpoint.hasOperations) this.#retired.delete(endpoint);
  }

  /** Moves the deadlines of all operations, and of connections that are being made. */
  extend(holdUp: HoldUp): void {
    this.retries.extend(holdUp);
    this.collections.extend(holdUp);
    for (const endpoint of this.#all) endpoint.extend(holdUp);
  }

  /** True when no node can be connected to. */
  get isLost(): boolean {
    return this.#nodes.length > 0 && this.#nodes.every((endpoint) => endpoint.isLost);
  }

  othersAwait(endpoint: NodeEndpoint, answers: number): boolean {
    let awaited = -endpoint.awaited;
    for (const each of this.#nodes) {
      awaited += each.awaited;
      if (awaited >= answers) return true;
    }
    return false;
  }

  /** How full the fullest queue is: from 0 to 1. */
  get fullness(): number {
    return Math.max(this.retries.fullness, ...this.#nodes.map((endpoint) => endpoint.fullness));
  }

  /** Called at intervals: asks for a newer map, in case none was pushed, and silent connections for a sign of life. */
  beat(wasAsleep: boolean): void {
    this.#maps.ask();
    for (const endpoint of this.#nodes) endpoint.beat(wasAsleep);
  }

  probe(id: string): void {
    this.#maps.probe(id);
  }

  breakerRefused(operation: Operation, error: CouchbaseError): void {
    this.retries.breakerRefused(operation, error);
  }

  /** Closes every connection at once and returns all operations that are not settled. */
  abort(error: CouchbaseError): Operation[] {
    const sentOrQueued = this.#all.flatMap((endpoint) => endpoint.abort(error));
    this.#endpoints.clear();
    this.#retired.clear();
    this.#nodes = [];
    return [...this.retries.takeAll(), ...this.collections.takeAll(), ...sentOrQueued];
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
    const details = { ...operation.details(), node: connection.name, ...parseExtendedError(frame) };
    const error = statusError(status, details, connection.outcome.errorMap, refusalClass(operation, status));
    const rule = retryRuleOf(status, operation.spec.name, error);
    if (rule !== undefined) {
      if (rule.reason === 'kv_collection_outdated') this.#forgetCollection(operation);
      if (rule.reason === 'kv_config_only') this.#maps.ask(connection.name);
      this.retries.refused(operation, rule, error);
    } else if (operation.quiet && status === Status.KeyNotFound) {
      this.operationSucceeding(operation);
      const { missing } = operation.spec;
      operation.succeed(missing?.(operation, error) ?? failedResult(operation.key, error));
    } else {
      operation.fail(error);
      if (endsConnection(status, error)) connection.endAfterAnswers(error);
    }
  }

  operationsLost(operations: Operation[], error: CouchbaseError): void {
    const lost: Operation[] = [];
    for (const operation of operations) {
      operation.holder = undefined;
      operation.state = 'idle';
      if (operation.spec.idempotent) {
        this.retries.again(operation, 'socket_closed_while_in_flight', 0, false);
      } else {
        lost.push(operation);
      }
    }
    this.wake();
    // Last, because handlers run from here on, and must find every other operation in its place.
    for (const operation of lost) {
      const message = `the connection broke before ${operation.spec.name} was answered: ${error.message}`;
      operation.fail(new NetworkError(message, { ...operation.details(), cause: error, ambiguous: true }));
    }
  }

  operationSucceeding(operation: Operation): void {
    this.retries.succeeding(operation);
  }

  operationStored(operation: Operation, result: Result): void {
    this.#events.operationStored(operation, result);
  }

  serverRequest(frame: Frame, connection: Connection): void {
    if (frame.opcode !== ServerOpcode.ClustermapChangeNotification) return;
    // The brief form only announces a newer map.
    if (frame.valueLength === 0) this.#maps.ask(connection.name);
    else this.configTold(frame.value, connection.address.host);
  }

  /**
   * The body has the map that the node knows. When that brings nothing new, a newer map may have arrived while the
   * operation was in flight; or the vbucket is being moved: then the map after the rebalance has its node (RFC 0005),
   * or, without one, a newer map must arrive.
   */
  #onNotMyVbucket(operation: Operation, frame: Frame, connection: Connection): void {
    const isToldMore = frame.valueLength > 0 && this.configTold(frame.value, connection.address.host);
    const isNewer = isToldMore || (!operation.forward && this.#leadsElsewhere(operation, connection));
    operation.forward = !isNewer && !operation.forward && this.#map?.hasForwardMap === true;
    if (isNewer || operation.forward) {
      this.retries.again(operation, 'kv_not_my_vbucket', 0, true);
    } else {
      this.#maps.ask(connection.name);
      this.retries.awaitMap(operation, 'kv_not_my_vbucket');
    }
  }

  #leadsElsewhere(operation: Operation, connection: Connection): boolean {
    const endpoint = this.#endpointFor(operation);
    return endpoint !== undefined && endpoint.name !== connection.name;
  }

  /** The id is asked for again: it leads to the new collection of that name, or to the error that names it. */
  #forgetCollection({ collection, collectionId }: Operation): void {
    if (collection !== undefined) this.collections.forget(collection, collectionId);
  }

  /** A configuration that cannot be read changes nothing: the one in use stays. */
  configTold(bytes: Buffer, reachedBy: string): boolean {
    try {
      return this.offer(ClusterMap.parse(bytes, reachedBy));
    } catch {
      return false;
    }
  }

  #adoptMap(map: ClusterMap): void {
    this.#map = map;
    this.#events.mapAdopted(map);
    const before = new Map(this.#endpoints);
    this.#nodes = map.kvNodes.flatMap((node) =>
      Array.from({ length: this.#perNode }, (_none, index) => this.#endpointOf(node, index)),
    );
    let displaced: Operation[] = [];
    for (const endpoint of [...before.values(), ...this.#retired]) {
      const isLeft = (operation: Operation): boolean =>
        operation.spec.route === 'key' && this.#endpointFor(operation) !== endpoint;
      displaced = displaced.concat(endpoint.takeQueued(isLeft));
    }
    for (const [key, endpoint] of before) {
      if (this.#nodes.includes(endpoint)) continue;
      this.#endpoints.delete(key);
      displaced = displaced.concat(endpoint.retire());
      if (endpoint.hasOperations) this.#retired.add(endpoint);
    }
    displaced.sort((a, b) => a.sequence - b.sequence);
    for (const operation of displaced) this.retries.order(operation);
    for (const endpoint of before.values()) endpoint.reroute();
    this.retries.mapAdopted();
  }

  #endpointOf(node: ClusterNode, index: number): NodeEndpoint {
    const tls = this.connectionSettings.tls !== undefined;
    const found = serviceAddress(node, 'kv', tls, this.chosenNetwork);
    const made = new NodeEndpoint({ host: found?.hostname ?? node.hostname, port: found?.port ?? 0 }, this, index);
    const existing = this.#endpoints.get(made.id);
    if (existing !== undefined) return existing;
    this.#endpoints.set(made.id, made);
    return made;
  }
}
