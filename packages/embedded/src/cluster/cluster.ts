import { ArgumentError } from '@cb/protocol';
import { Users } from '../auth/users.js';
import { Random } from '../base/random.js';
import { type BucketOptions, type BucketSettings, bucketSettings, checkBucketName } from '../config/bucket-settings.js';
import { type AlternateAddress, hostPort, type NodeAddress } from '../config/cluster-config.js';
import { Faults } from '../faults/faults.js';
import { managementService } from '../http/management-service.js';
import { viewsService } from '../http/views-service.js';
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
  readonly clock: Clock;
  readonly users: Users;
  /** Hexadecimal, stable for the cluster's life. */
  readonly uuid: string;
  readonly plan: ClusterPlan;
  /** Rules for what goes wrong. */
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
      services: (index) => ({ mgmt: managementService(this, index), capi: viewsService(this, index) }),
      uuid: () => this.#random.hex(32),
    });
    this.faults = new Faults(nodes, plan.seed);
    const [members, buckets] = [this.#members, this.#buckets];
    const { features, clusterManager: hasClusterManager } = plan;
    this.#publisher = new ConfigPublisher({ members, buckets, features, hasClusterManager });
    this.#operator = new Operator({ members, buckets, publisher: this.#publisher, clock });
  }

  /**
   * Starts a cluster; it serves when this resolves.
   * @throws ArgumentError for an option that is unknown, of the wrong type or out of range.
   * @throws Error with the code `EADDRINUSE` when a port that was asked for is taken.
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

  /** For the SDKs: every node, without a bucket. */
  get connectionString(): string {
    return connectionStringOf('couchbase', this.#members.joinedEntries);
  }

  /**
   * The same with TLS; needs `tls: true`. Clients must trust `certificate`, or nobody: `?tls_verify=none`.
   * @throws ArgumentError when the cluster was started without.
   */
  get secureConnectionString(): string {
    if (!this.plan.tls) throw new ArgumentError('the cluster was started without tls');
    return connectionStringOf('couchbases', this.#members.joinedEntries);
  }

  /** What the nodes show to those who connect with TLS, in PEM; undefined without `tls: true`. */
  get certificate(): string | undefined {
    return this.#secrets.identity?.cert;
  }

  /** The first user of the options. */
  get username(): string {
    return Object.keys(this.#secrets.users)[0]!;
  }

  /** The password of that user, for clients on this machine; the other users' are nowhere to be read. */
  get password(): string {
    return this.#secrets.users[this.username]!.password;
  }

  get nodes(): readonly NodeAddress[] {
    return this.#members.entries;
  }

  /** The insides of the nodes, for the services that run on them. */
  get members(): readonly Node[] {
    return this.#members.nodes;
  }

  /** Names in the order in which the buckets were created. */
  get bucketNames(): string[] {
    return [...this.#buckets.keys()];
  }

  /** @throws ArgumentError when there is no such bucket. */
  bucket(name: string): ClusterBucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw new ArgumentError(`there is no bucket ${JSON.stringify(name)}`);
    return bucket;
  }

  findBucket(name: string): ClusterBucket | undefined {
    return this.#buckets.get(name);
  }

  /**
   * Creates a bucket, which is ready when this returns.
   * @param options as in the options of the cluster
   * @throws ArgumentError when the name is taken or malformed, or for an option that is unknown or out of range.
   */
  createBucket(name: string, options: BucketOptions = {}): ClusterBucket {
    const bucket = this.addBucket(name, bucketSettings(name, options, this.plan));
    if (bucket.addCollections(options.collections ?? {})) this.publish(name);
    return bucket;
  }

  /** The same with all settings. @throws ArgumentError when the name is taken or malformed. */
  addBucket(name: string, settings: BucketSettings): ClusterBucket {
    checkBucketName(name);
    if (this.#buckets.has(name)) throw new ArgumentError(`there is a bucket ${JSON.stringify(name)} already`);
    const { replicationLagMs, persistenceLagMs, clusterManager } = this.plan;
    const bucket = new ClusterBucket({
      name,
      uuid: this.#random.hex(32),
      settings,
      nodes: [...this.members],
      clock: this.clock,
      replicationLagMs,
      persistenceLagMs,
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

  /** Deletes a bucket with all that is in it; connections that have it selected are closed. False when there is none. */
  dropBucket(name: string): boolean {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) return false;
    this.#buckets.delete(name);
    bucket.stop();
    for (const node of this.members) node.deleteBucket(name);
    this.users.forgetBucket(name);
    return true;
  }

  /** Hands out a configuration with the next revision, after something that it tells has changed. */
  publish(bucketName: string): void {
    this.#publisher.publish(bucketName);
  }

  /** Kills a node: its ports close and its connections break. What it has stored is there when it is restarted. */
  kill(node: number): Promise<void> {
    return this.#operator.kill(node);
  }

  /**
   * Starts a killed node again, at the same ports, with what it had stored and the configuration of now. It serves when
   * this resolves, unless the options want it to come back in the order of a server: its process answers, its buckets load
   * their documents, and last it has a configuration and takes part in replication.
   * @throws ArgumentError for an option that is unknown or out of range.
   */
  restart(node: number, options: RestartOptions = {}): Promise<void> {
    return this.#operator.restart(node, options);
  }

  /**
   * Makes a node serve nothing, with its connections open, until `resume`. It neither sends nor takes mutations: durable
   * writes that need it wait, and fail as ambiguous when their time is up.
   */
  hang(node: number): void {
    this.#operator.hang(node);
  }

  /** Makes a node that hangs serve again, beginning with what it was sent. */
  resume(node: number): void {
    this.#operator.resume(node);
  }

  /** Gives a node up: replicas take over its vbuckets, with what they have. It is no longer part of the cluster. */
  failOver(node: number): void {
    this.#operator.failOver(node);
  }

  /** Tells clients of the network `external` where they find the node; undefined takes that back. */
  setAlternateAddress(node: number, address: AlternateAddress | undefined): void {
    this.#operator.setAlternateAddress(node, address);
  }

  /** Adds a node, which takes part from the next rebalance on; gives its index. */
  async addNode(): Promise<number> {
    const index = await this.#operator.add(this.#makeNode(`n_${this.members.length}`));
    this.faults.meet(index);
    return index;
  }

  /**
   * Spreads the vbuckets evenly over all nodes that are up, those that were added or failed over included, a batch at a
   * time; a configuration is handed out after each. Nodes in `without` are emptied and leave the cluster.
   * @throws ArgumentError for an option that is unknown or out of range, or a node that is not there; nothing has moved then.
   */
  rebalance(options: RebalanceOptions = {}): Promise<void> {
    return this.#operator.rebalance(options);
  }

  /** Tells the people in charge about something. @param kind what is told once; default the message itself */
  warn(message: string, kind?: string): void {
    this.#warnings.tell(message, kind);
  }

  /** Breaks every connection and frees the ports. May be called more than once. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(): Promise<void> {
    for (const bucket of this.#buckets.values()) bucket.stop();
    await this.#members.stop();
    await this.#sandbox.dispose();
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

  /** The buckets are there before anybody can connect, but their configurations need the ports. */
  async #listen(): Promise<void> {
    // On another network there are no view services.
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
