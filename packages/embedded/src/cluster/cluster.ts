import { ArgumentError } from '@cb/protocol';
import { Users } from '../auth/users.js';
import { Random } from '../base/random.js';
import { type BucketOptions, type BucketSettings, bucketSettings, checkBucketName } from '../config/bucket-settings.js';
import { type AlternateAddress, hostPort, type NodeAddress } from '../config/cluster-config.js';
import { Faults } from '../faults/faults.js';
import { managementService } from '../http/management-service.js';
import { viewsService } from '../http/views-service.js';
import { ClusterQuery } from '../query/cluster-query.js';
import type { ClusterQueryOptions } from '../query/cluster-query-options.js';
import { queryService } from '../query/query-service.js';
import { QueryState } from '../query/query-state.js';
import type { Clock } from '../time/clock.js';
import { Sandbox } from '../views/sandbox/sandbox.js';
import { ClusterBucket } from './cluster-bucket.js';
import {
  type ClusterOptions,
  type ClusterPlan,
  type ClusterSecrets,
  clusterPlan,
  exposureOf,
} from './cluster-options.js';
import { ConfigPublisher } from './config-publisher.js';
import { Members } from './members.js';
import { Node } from './node.js';
import { connectionStringOf } from './node-address.js';
import { Operator } from './operator.js';
import type { RestartOptions } from './startup.js';
import type { RebalanceOptions } from './topology.js';
import { Warnings } from './warnings.js';

/**
 * A Couchbase cluster in this process: nodes with real sockets, vbuckets and replicas, users, and the management
 * endpoints that clients need.
 *
 * ```ts
 * await using cluster = await EmbeddedCluster.start({ nodes: 3, buckets: ['travel'] });
 * const { connectionString, username, password } = cluster;
 * const bucket = await connect(`${connectionString}/travel`, { username, password });
 * ```
 */
export class EmbeddedCluster {
  /** The clock that everything in the cluster goes by. */
  readonly clock: Clock;
  /** The users of the cluster. */
  readonly users: Users;
  /** The id of the cluster, in hexadecimal digits; constant for its life. */
  readonly uuid: string;
  /** @internal */
  readonly plan: ClusterPlan;
  /** What the query services of all nodes share. @internal */
  readonly queries: QueryState;
  /** The fault rules. */
  readonly faults: Faults;
  readonly #secrets: ClusterSecrets;
  readonly #random: Random;
  readonly #buckets = new Map<string, ClusterBucket>();
  readonly #warnings: Warnings;
  readonly #members: Members;
  readonly #sandbox: Sandbox;
  readonly #publisher: ConfigPublisher;
  readonly #operator: Operator;
  #stopping: Promise<void> | undefined;

  private constructor({ secrets, ...plan }: ReturnType<typeof clusterPlan>) {
    this.plan = plan;
    this.#warnings = new Warnings(plan.onWarning);
    this.#secrets = secrets;
    this.clock = plan.clock;
    this.#random = new Random(plan.seed);
    this.#sandbox = new Sandbox(plan.viewLimits);
    this.queries = new QueryState(plan.viewLimits);
    this.uuid = this.#random.hex(32);
    const { scramIterations: iterations, clock, administrator } = plan;
    this.users = new Users({ iterations, random: this.#random, fallbackSalt: secrets.fallbackSalt, clock });
    for (const [name, user] of Object.entries(secrets.users)) {
      this.users.set(name, user, name === administrator ? 'admin' : 'local');
    }
    const nodes = Array.from({ length: plan.nodes }, (_, index) => this.#makeNode(`n_${index}`));
    this.#members = new Members(nodes, {
      plan,
      identity: secrets.identity,
      services: (index) => ({
        mgmt: managementService(this, index),
        capi: viewsService(this, index),
        n1ql: queryService(this, index),
      }),
      uuid: () => this.#random.hex(32),
    });
    this.faults = new Faults(nodes, plan.seed);
    const [members, buckets] = [this.#members, this.#buckets];
    const { features, clusterManager: hasClusterManager } = plan;
    this.#publisher = new ConfigPublisher({ members, buckets, features, hasClusterManager });
    this.#operator = new Operator({ members, buckets, publisher: this.#publisher, clock });
  }

  /**
   * Starts a cluster, and resolves when it serves.
   * @throws ArgumentError for an unknown option, a wrong type or a value out of range.
   * @throws Error with the code `EADDRINUSE` when a given port is in use.
   */
  static async start(options: ClusterOptions = {}): Promise<EmbeddedCluster> {
    const cluster = new EmbeddedCluster(clusterPlan(options));
    try {
      await cluster.#listen();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** The connection string of all nodes, without a bucket. */
  get connectionString(): string {
    return connectionStringOf('couchbase', this.#members.joinedEntries);
  }

  /**
   * The connection string with TLS. Clients must trust `certificate`, or not verify: `?tls_verify=none`.
   * @throws ArgumentError when the cluster was started without `tls: true`.
   */
  get secureConnectionString(): string {
    if (!this.plan.tls) throw new ArgumentError('the cluster was started without tls');
    return connectionStringOf('couchbases', this.#members.joinedEntries);
  }

  /** The certificate of the nodes for TLS, in PEM; undefined without `tls: true`. */
  get certificate(): string | undefined {
    return this.#secrets.identity?.cert;
  }

  /** The first user of the options. */
  get username(): string {
    return Object.keys(this.#secrets.users)[0]!;
  }

  /** The password of that user, for clients on this machine. Passwords of other users cannot be read. */
  get password(): string {
    return this.#secrets.users[this.username]!.password;
  }

  /** The nodes of the cluster. */
  get nodes(): readonly NodeAddress[] {
    return this.#members.entries;
  }

  /** The internal nodes, for the services that run on them. @internal */
  get members(): readonly Node[] {
    return this.#members.nodes;
  }

  /** The names of the buckets, in the order of their creation. */
  get bucketNames(): string[] {
    return [...this.#buckets.keys()];
  }

  /**
   * Returns a bucket.
   * @throws ArgumentError when there is no such bucket.
   */
  bucket(name: string): ClusterBucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw new ArgumentError(`there is no bucket ${JSON.stringify(name)}`);
    return bucket;
  }

  /** @internal */
  findBucket(name: string): ClusterBucket | undefined {
    return this.#buckets.get(name);
  }

  /**
   * Creates a bucket, which is ready when this returns.
   * @param options as in the options of the cluster
   * @throws ArgumentError when the name is taken or malformed, or for an unknown option or a value out of range.
   */
  createBucket(name: string, options: BucketOptions = {}): ClusterBucket {
    const bucket = this.addBucket(name, bucketSettings(name, options, this.plan));
    if (bucket.addCollections(options.collections ?? {})) this.publish(name);
    return bucket;
  }

  /**
   * Creates a bucket with all settings.
   * @throws ArgumentError when the name is taken or malformed.
   * @internal
   */
  addBucket(name: string, settings: BucketSettings): ClusterBucket {
    checkBucketName(name);
    if (this.#buckets.has(name)) throw new ArgumentError(`there is a bucket ${JSON.stringify(name)} already`);
    const { replicationLagMs, persistenceLagMs, clusterManager, queries } = this.plan;
    const bucket = new ClusterBucket({
      name,
      uuid: this.#random.hex(32),
      settings,
      nodes: [...this.members],
      clock: this.clock,
      replicationLagMs,
      persistenceLagMs,
      indexLagMs: queries.indexLagMs,
      replicates: (node) => this.#members.replicates(node),
      hasTopology: clusterManager,
      views: {
        sandbox: this.#sandbox,
        address: (node) => hostPort(this.nodes[node]!.hostname, this.nodes[node]!.ports.capi),
        isUp: (node) => this.#members.isUp(node),
        isHanging: (node) => this.members[node]!.isHanging,
        warn: (message) => this.warn(message),
      },
    });
    this.#buckets.set(name, bucket);
    for (const [index, node] of this.members.entries()) node.buckets.set(name, bucket.parts[index]!);
    this.publish(name);
    return bucket;
  }

  /**
   * Deletes a bucket with its documents, and closes the connections that have it selected. Returns false when there is
   * none.
   */
  dropBucket(name: string): boolean {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) return false;
    this.#buckets.delete(name);
    bucket.stop();
    for (const node of this.members) node.deleteBucket(name);
    this.users.forgetBucket(name);
    return true;
  }

  /**
   * Runs a statement of SQL++ in this process, over the documents of all nodes. The engine is loaded with the first one.
   *
   * ```ts
   * const { rows } = await cluster.query<{ name: string }>('SELECT b.name FROM beers b WHERE b.abv > $1', { parameters: [5] });
   * for await (const name of cluster.query<string>('SELECT RAW b.name FROM beers b')) console.log(name);
   * ```
   *
   * What is wrong with the statement is a `StatementFailure`, when its rows are read.
   * @throws ArgumentError for an unknown option, a wrong type, or a user that is not there.
   */
  query<Row = unknown>(statement: string, options: ClusterQueryOptions = {}): ClusterQuery<Row> {
    return new ClusterQuery<Row>(this, statement, options);
  }

  /** Publishes a configuration with the next revision, after a change of its content. */
  publish(bucketName: string): void {
    this.#publisher.publish(bucketName);
  }

  /**
   * Kills a node: its ports close and its connections break. Its stored documents are available again when it is
   * restarted.
   */
  kill(node: number): Promise<void> {
    return this.#operator.kill(node);
  }

  /**
   * Restarts a killed node at the same ports, with its stored documents and the current configuration, and resolves
   * when it serves. With options it comes back in the order of a server: its process answers, its buckets load their
   * documents, and at last it has a configuration and takes part in replication.
   * @throws ArgumentError for an unknown option or a value out of range.
   */
  restart(node: number, options: RestartOptions = {}): Promise<void> {
    return this.#operator.restart(node, options);
  }

  /**
   * Makes a node serve nothing, with its connections open, until `resume`. It neither sends nor receives mutations:
   * durable writes that need it wait, and fail as ambiguous at their deadline.
   */
  hang(node: number): void {
    this.#operator.hang(node);
  }

  /** Makes a hanging node serve again, starting with the requests that it received. */
  resume(node: number): void {
    this.#operator.resume(node);
  }

  /**
   * Fails a node over: replicas take over its vbuckets, with the mutations that they have. It is no longer part of the
   * cluster.
   */
  failOver(node: number): void {
    this.#operator.failOver(node);
  }

  /** Sets the address of the node on the network `external`; undefined removes it. */
  setAlternateAddress(node: number, address: AlternateAddress | undefined): void {
    this.#operator.setAlternateAddress(node, address);
  }

  /** Adds a node, which takes part from the next rebalance on. Returns its index. */
  async addNode(): Promise<number> {
    const index = await this.#operator.add(this.#makeNode(`n_${this.members.length}`));
    this.faults.meet(index);
    return index;
  }

  /**
   * Spreads the vbuckets evenly over all nodes that are up, including those that were added or failed over, in batches.
   * After each batch a configuration is published. Nodes in `without` are emptied and leave the cluster.
   * @throws ArgumentError for an unknown option, a value out of range, or a missing node, before anything moves.
   */
  rebalance(options: RebalanceOptions = {}): Promise<void> {
    return this.#operator.rebalance(options);
  }

  /**
   * Emits a process warning, once per kind.
   * @param kind identifies the warning; default the message itself
   * @internal
   */
  warn(message: string, kind?: string): void {
    this.#warnings.tell(message, kind);
  }

  /** Breaks all connections and closes the ports. It may be called more than once. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Stops the cluster, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    for (const bucket of this.#buckets.values()) bucket.stop();
    await this.#members.stop();
    await this.#sandbox.dispose();
    this.queries.dispose();
  }

  #makeNode(name: string): Node {
    const { clock, version, features, dedupeMaps, anonymous, clusterManager } = this.plan;
    return new Node(name, {
      clock,
      random: this.#random,
      users: this.users,
      version,
      features,
      dedupesMaps: dedupeMaps,
      anonymous,
      hasClusterManager: clusterManager,
      warn: (message) => this.warn(message),
    });
  }

  /** The buckets exist before clients can connect, but their configurations need the ports. */
  async #listen(): Promise<void> {
    // On another network there is no view service.
    if (this.plan.network === undefined) this.#sandbox.prepare();
    await this.#members.listen();
    this.#publisher.publishCluster();
    this.#createPlannedBuckets();
    const exposure = exposureOf(this.plan, this.#secrets);
    if (exposure !== undefined) this.warn(exposure);
  }

  #createPlannedBuckets(): void {
    for (const { name, settings, collections } of this.plan.buckets) {
      if (this.addBucket(name, settings).addCollections(collections)) this.publish(name);
    }
  }
}
