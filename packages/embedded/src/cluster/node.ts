import type { Users } from '../auth/users.js';
import type { Random } from '../base/random.js';
import type { FaultyNode } from '../faults/faults.js';
import type { NodeFaults } from '../faults/node-faults.js';
import type { Command } from '../kv/command.js';
import type { KvNode, KvTrace, Session } from '../kv/context.js';
import { commandsWith } from '../kv/registry.js';
import { Bucket } from '../store/bucket.js';
import type { ConfigText } from '../store/config-text.js';
import type { LocalBucket } from '../store/local-bucket.js';
import type { Clock } from '../time/clock.js';
import { type RestartPlan, Startup } from './startup.js';

/** The part of a node that all nodes of its cluster share. */
export interface NodeSetup {
  readonly clock: Clock;
  readonly random: Random;
  readonly users: Users;
  /** The answer to VERSION. */
  readonly version: string;
  /** The HELLO features that are granted. */
  readonly features: ReadonlySet<number>;
  /** Omits the map from NOT_MY_VBUCKET when the client negotiated that and has it. */
  readonly dedupesMaps: boolean;
  /** The user as which connections start. Default none. */
  readonly anonymous?: string | undefined;
  /**
   * Whether a cluster manager defines each user's privileges in each bucket; without it, missing buckets are reported
   * as missing.
   */
  readonly hasClusterManager: boolean;
  /** Emits a warning about a request that is not supported. */
  warn(message: string): void;
}

/** Called when the node publishes another configuration of a bucket. */
export type ConfigListener = (config: ConfigText) => void;

const NO_BUCKETS: ReadonlyMap<string, Bucket> = new Map();

/** One node of the cluster, without its sockets: its part of each bucket, its configurations, its sessions. */
export class Node implements KvNode, FaultyNode {
  /** The name of the node in the topologies of vbuckets. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly users: Users;
  readonly version: string;
  readonly dedupesMaps: boolean;
  readonly anonymous: string | undefined;
  readonly hasClusterManager: boolean;
  /** By name, in the order in which they were created. */
  readonly buckets = new Map<string, Bucket>();
  readonly sessions = new Set<Session>();
  readonly connections = new Set<{ goOn(): void }>();
  /** Number of connections so far. */
  connectionsTotal = 0;
  /** Milliseconds since the epoch. */
  startedAtMs: number;
  /** The faults of this node; undefined while there are none, so that requests only cost this check. */
  faults: NodeFaults | undefined;
  /** Receives requests and answers while the node is traced. */
  trace: KvTrace | undefined;
  /** The state of a restart; undefined once it serves. */
  startup: Startup | undefined;
  /** By opcode; undefined is a command that the node does not know. */
  readonly commands: readonly (Command | undefined)[];
  readonly #features: ReadonlySet<number>;
  readonly #warn: (message: string) => void;
  readonly #configListeners = new Map<string, Set<ConfigListener>>();
  #globalConfig: ConfigText | undefined;
  #isHanging = false;

  constructor(name: string, setup: NodeSetup) {
    this.name = name;
    this.clock = setup.clock;
    this.startedAtMs = setup.clock.now();
    this.random = setup.random;
    this.users = setup.users;
    this.version = setup.version;
    this.dedupesMaps = setup.dedupesMaps;
    this.anonymous = setup.anonymous;
    this.hasClusterManager = setup.hasClusterManager;
    this.#features = setup.features;
    this.commands = commandsWith((feature) => this.grants(feature));
    this.#warn = (message) => setup.warn(message);
  }

  /**
   * Returns the published configuration of a bucket, or with the empty name that of the cluster; undefined when there
   * is none.
   */
  configOf(bucketName: string): ConfigText | undefined {
    if (this.startup !== undefined) return undefined;
    const config = bucketName === '' ? this.#globalConfig : this.buckets.get(bucketName)?.config;
    return this.faults === undefined ? config : this.faults.configOf(bucketName, config);
  }

  /** Goes through the phases of a start before it serves, and calls back then. */
  startUp(plan: RestartPlan, onDone: () => void): void {
    this.startedAtMs = this.clock.now();
    if (plan.unavailableMs === 0 && plan.warmupMs === 0) return;
    this.startup = new Startup(this.clock, plan, () => {
      this.startup = undefined;
      this.tellConfigs();
      onDone();
    });
  }

  /** Takes the node down. */
  shutDown(): void {
    this.startup?.cancel();
    this.startup = undefined;
  }

  /** The buckets that clients can select now, by name. */
  get selectable(): ReadonlyMap<string, Bucket> {
    return this.startup?.hasBuckets === false ? NO_BUCKETS : this.buckets;
  }

  /** While it hangs, the node serves nothing; connections stay, and what they send waits. */
  get isHanging(): boolean {
    return this.#isHanging;
  }

  hang(): void {
    this.#isHanging = true;
  }

  goOn(): void {
    if (!this.#isHanging) return;
    this.#isHanging = false;
    for (const connection of [...this.connections]) connection.goOn();
  }

  /** Whether the version of the node is this one or a later one. */
  isAtLeast(major: number, minor: number): boolean {
    const [ownMajor = 0, ownMinor = 0] = this.version.split('.').map(Number);
    return ownMajor > major || (ownMajor === major && ownMinor >= minor);
  }

  /** Whether HELLO grants the feature. */
  grants(feature: number): boolean {
    return this.#features.has(feature);
  }

  warn(message: string): void {
    this.#warn(message);
  }

  /**
   * Publishes this configuration, and pushes it to the clients that registered for that. The empty name stands for the
   * cluster's. Returns false when there is no such bucket.
   */
  setConfig(bucketName: string, config: ConfigText): boolean {
    const bucket = this.buckets.get(bucketName);
    if (bucketName === '') this.#globalConfig = config;
    else if (bucket === undefined) return false;
    else bucket.config = config;
    this.#tell(bucketName, bucket);
    return true;
  }

  /** Pushes the configurations again, because clients may have missed some. */
  tellConfigs(): void {
    this.#tell('', undefined);
    for (const [name, bucket] of this.buckets) this.#tell(name, bucket);
  }

  /** Returns a function that removes the listener. */
  onConfig(bucketName: string, listener: ConfigListener): () => void {
    const listeners = this.#configListeners.get(bucketName) ?? new Set();
    this.#configListeners.set(bucketName, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  /** Creates a bucket on this node alone, without vbuckets. False when the name is taken. */
  createBucket(name: string, type: LocalBucket['type']): boolean {
    if (this.buckets.has(name)) return false;
    const random = (): number => this.random.u32() / 0x1_0000_0000;
    this.buckets.set(name, new Bucket({ name, type, clock: this.clock, compressionMode: 'off', random }));
    return true;
  }

  /** Deletes this node's part of a bucket; the sessions that have it selected are closed. */
  deleteBucket(name: string): boolean {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) return false;
    this.buckets.delete(name);
    for (const session of [...this.sessions]) if (session.bucket === bucket) session.close();
    bucket.stop();
    return true;
  }

  #tell(bucketName: string, bucket: Bucket | undefined): void {
    const config = this.configOf(bucketName);
    if (config === undefined) return;
    for (const session of this.sessions) if (session.bucket === bucket) session.pushConfig(bucketName, config);
    for (const listener of this.#configListeners.get(bucketName) ?? []) listener(config);
  }

  /** Closes all sessions and timers. */
  stop(): void {
    this.shutDown();
    for (const session of [...this.sessions]) session.close();
    for (const bucket of this.buckets.values()) bucket.stop();
  }
}
