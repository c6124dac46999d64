import type { ClusterMap } from '@cb/protocol';
import type { IOPS } from '../iops/iops.js';
import type { Operation } from '../operation/operation.js';
import { type ConfigResult, clusterConfig } from './cluster-config.js';

/** The part of the router that polling needs. */
export interface ConfigPollerHost {
  readonly iops: IOPS;
  /** The map in use. */
  readonly map: ClusterMap | undefined;
  /** The nodes that have a connection now, as `host:port`. */
  readonly readyNodes: readonly string[];
  /** Sends the request. */
  accept(question: Operation): void;
  /** A node, reached through this host, sent a configuration. */
  configTold(json: Buffer, reachedBy: string): void;
}

/** Maximum time of a request, in milliseconds. */
const TIMEOUT_MS = 2500;
/** Microseconds after which another node is asked too: the first one may hang. */
const PATIENCE_USECS = 250_000;

/** Requests a newer map from nodes: one request at a time, unless a node is slow, and never faster than the floor. */
export class ConfigPoller {
  readonly #host: ConfigPollerHost;
  readonly #floorUsecs: number;
  /** By node, since when it has been asked. */
  readonly #asked = new Map<string, number>();
  #askAt = 0;
  #next = 0;

  constructor(host: ConfigPollerHost, floorMs: number) {
    this.#host = host;
    this.#floorUsecs = floorMs * 1000;
  }

  /** @param told a node that has just shown that it knows better; any other when it cannot be asked. */
  ask(told?: string): void {
    const now = this.#host.iops.now();
    if (now < this.#askAt) return;
    for (const since of this.#asked.values()) if (now - since < PATIENCE_USECS) return;
    const node = this.#choose(told);
    if (node === undefined) return;
    this.#askAt = now + this.#floorUsecs;
    this.#asked.set(node, now);
    this.#question(node, () => this.#asked.delete(node));
  }

  /** Probes this node, whatever requests to others are outstanding. */
  probe(node: string): void {
    // What there is to conclude from silence, the endpoint concludes at the next beat.
    this.#question(node, () => {});
  }

  #question(node: string, answered: () => void): void {
    const question = clusterConfig(TIMEOUT_MS, this.#host.map);
    question.node = node;
    const told = ({ json }: ConfigResult): void => {
      answered();
      if (json.length > 0) this.#host.configTold(json, node.slice(0, node.lastIndexOf(':')));
    };
    // After a failure, the next operation that needs a newer map asks again.
    question.setCallbacks(told, answered);
    this.#host.accept(question);
  }

  /** Returns a node that can be asked and has no request outstanding; else undefined. */
  #choose(told: string | undefined): string | undefined {
    const ready = this.#host.readyNodes.filter((node) => !this.#asked.has(node));
    if (told !== undefined && ready.includes(told)) return told;
    return ready[this.#next++ % ready.length];
  }
}
