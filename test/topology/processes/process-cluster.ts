import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { FEATURES } from '@cb/embedded';
import { vbucketOf } from '@cb/protocol';
import { bucketCapabilities } from '../../../packages/embedded/src/config/bucket-capabilities.js';
import { bucketConfig, clusterConfig } from '../../../packages/embedded/src/config/cluster-config.js';
import { NodeProcess, type NodeProcessOptions } from './node-process.js';
import { Replication } from './replication.js';
import { type Chain, VbucketCopies } from './vbucket-copies.js';

export interface ProcessClusterOptions {
  readonly nodes: number;
  /** Copies of each vbucket besides the active one. */
  readonly replicas: number;
  readonly vbuckets: number;
}

/** What a node has. */
export interface Census {
  /** Active vbuckets. */
  readonly active: number;
  /** Documents in all vbuckets, replicas included. */
  readonly documents: number;
}

/** Pace of a rebalance. */
export interface Pace {
  /** How many vbuckets move before the next configuration is handed out. */
  readonly batch: number;
  /** Milliseconds between two batches. */
  readonly delayMs: number;
}

/** Where all nodes are; their ports tell them apart. */
const HOST = '127.0.0.1';
const BUCKET = 'default';

/**
 * A cluster with one bucket, each of whose nodes is a process with sockets and memory of its own: killing it with
 * SIGKILL takes its documents away too. This process manages them, as the cluster manager does on a real cluster: it
 * decides which vbucket is where, carries replication, and hands out configurations.
 */
export class ProcessCluster implements AsyncDisposable {
  readonly #options: ProcessClusterOptions;
  readonly #nodes: NodeProcess[] = [];
  readonly #uuids: readonly string[];
  readonly #bucketUuid = uuid();
  readonly #replication = new Replication();
  readonly #copies: VbucketCopies;
  /** Indexes of the nodes that take part, in order. */
  #joined: number[];
  #revision = 0n;

  private constructor(options: ProcessClusterOptions) {
    this.#options = options;
    this.#joined = Array.from({ length: options.nodes }, (_none, index) => index);
    this.#uuids = this.#joined.map(uuid);
    this.#copies = new VbucketCopies(options.replicas, this.#replication, (index) => this.#nodes[index]!);
  }

  static async start(options: ProcessClusterOptions): Promise<ProcessCluster> {
    const cluster = new ProcessCluster(options);
    try {
      for (const index of cluster.#joined) cluster.#nodes.push(await NodeProcess.start(cluster.#nodeOptions(index)));
      await cluster.#copies.spread(options.vbuckets, cluster.#joined);
      await cluster.#publish();
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Every node, without a bucket and options. */
  get connectionString(): string {
    return `couchbase://${this.#nodes.map(({ ports }) => `${HOST}:${ports.kv}`).join(',')}`;
  }

  /** The processes that are the nodes now. */
  get nodes(): readonly NodeProcess[] {
    return this.#nodes;
  }

  census(node: number): Promise<Census> {
    return this.#nodes[node]!.ask('census');
  }

  /** The node that has the active copy of a key. */
  nodeOf(key: string): number {
    return this.#copies.map[this.vbucketOf(key)]![0]!;
  }

  /** The vbuckets whose active copy is on a node. */
  activesOf(node: number): number[] {
    return [...this.#copies.map.entries()].flatMap(([vbucket, chain]) => (chain[0] === node ? [vbucket] : []));
  }

  vbucketOf(key: string): number {
    return vbucketOf(Buffer.from(key), this.#options.vbuckets);
  }

  /** The stored documents, as text: what the processes with the active copies have. */
  peek(keys: readonly string[]): Promise<(string | undefined)[]> {
    return Promise.all(
      keys.map((key) =>
        this.#nodes[this.nodeOf(key)]!.ask<string | undefined>('peek', { vbucket: this.vbucketOf(key), key }),
      ),
    );
  }

  /** Kills a node, and does nothing about it. */
  async kill(node: number): Promise<void> {
    await this.#nodes[node]!.kill();
  }

  /** Gives a dead node up: replicas take over its vbuckets, with what they have. */
  async failOver(node: number): Promise<void> {
    this.#joined = this.#joined.filter((index) => index !== node);
    await this.#copies.failOver(node);
    await this.#publish();
  }

  /** Starts a node that was failed over again, at the same ports. It has nothing, and takes part from a rebalance on. */
  async restart(node: number): Promise<void> {
    this.#nodes[node] = await NodeProcess.startAt(this.#nodes[node]!.ports.kv, this.#nodeOptions(node));
    await this.#publish();
  }

  /** Spreads the vbuckets evenly over all nodes that are up. */
  async rebalance({ batch, delayMs }: Pace): Promise<void> {
    this.#joined = [...this.#nodes.keys()].filter((index) => this.#nodes[index]!.isUp);
    const moves = this.#copies.plan(this.#joined);
    const forward = [...this.#copies.map];
    for (const { vbucket, chain } of moves) forward[vbucket] = chain;
    for (let at = 0; at < moves.length; at += batch) {
      await Promise.all(moves.slice(at, at + batch).map((move) => this.#copies.move(move)));
      await this.#publish(forward);
      await setTimeout(delayMs);
    }
    await this.#publish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.end()));
  }

  #nodeOptions(index: number): NodeProcessOptions {
    return {
      name: `node-${index}`,
      vbuckets: this.#options.vbuckets,
      onItem: (from, stream, item) => this.#replication.carry(from, stream, item),
    };
  }

  /**
   * Hands out the configuration of now, of the cluster and of the bucket.
   * @param forward where the vbuckets will be when the rebalance that goes on is done
   */
  async #publish(forward?: readonly Chain[]): Promise<void> {
    this.#revision += 1n;
    const version = { epoch: 1n, revision: this.#revision };
    const joined = this.#joined;
    const entries = joined.map((index) => ({
      hostname: HOST,
      isUnnamed: false,
      ports: this.#nodes[index]!.ports,
      uuid: this.#uuids[index]!,
    }));
    // Configurations number the nodes that take part.
    const numbered = (map: readonly Chain[]): Chain[] =>
      map.map((chain) => chain.map((index) => joined.indexOf(index)));
    const bucket = {
      name: BUCKET,
      uuid: this.#bucketUuid,
      replicas: this.#options.replicas,
      manifestUid: '0',
      vbucketMap: numbered(this.#copies.map),
      forwardMap: forward && numbered(forward),
      capabilities: bucketCapabilities({ type: 'couchbase', storageBackend: 'couchstore' }, new Set(FEATURES)),
    };
    const told = [...this.#nodes.entries()].map(async ([index, node]) => {
      if (!node.isUp) return;
      const self = joined.indexOf(index);
      await node.ask('configure', { bucketName: '', config: clusterConfig(version, entries, self) });
      await node.ask('configure', { bucketName: BUCKET, config: bucketConfig(version, entries, self, bucket) });
    });
    await Promise.all(told);
  }
}

/** As clusters write them. */
function uuid(): string {
  return randomUUID().replaceAll('-', '');
}
