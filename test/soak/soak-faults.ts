import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '@cb/raw/simulation';
import type { ProcessCluster } from '../topology/processes/process-cluster.js';
import type { ClientProcess } from './client-process.js';
import { nowUsecs } from './now.js';

export const FAULT_KINDS = ['kill', 'stop-node', 'cut', 'block-client', 'stop-client'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What goes wrong once. */
export interface Fault {
  readonly kind: FaultKind;
  readonly node: number;
  /** Milliseconds from the beginning of the episode, and how long it lasts. */
  readonly atMs: number;
  readonly forMs: number;
}

/** Faults of one episode: one of them may kill a node, others come and go at the same time. */
export function planFaults(random: SeededRandom, nodes: number): Fault[] {
  const count = random.between(1, 3);
  const kinds = Array.from({ length: count }, () => random.pick(FAULT_KINDS));
  const faults = kinds.map((kind) => ({
    kind,
    node: random.between(0, nodes - 1),
    atMs: random.between(100, 2500),
    // Below and above the deadlines of the calls.
    forMs: random.pick([60, 300, 1500, 3500]),
  }));
  // Two dead nodes at once may take the only copy of something with them, and nobody promises anything then.
  return faults.filter(({ kind }, index) => kind !== 'kill' || kinds.indexOf('kill') === index);
}

/** Makes processes die, stop and lose their connections, and notes what that may have taken away. */
export class SoakFaults {
  /** Microseconds at which copies took over, by vbucket. */
  readonly losses: { readonly at: number; readonly vbuckets: ReadonlySet<number> }[] = [];
  readonly moves: { readonly from: number; readonly to: number }[] = [];
  readonly #cluster: ProcessCluster;
  readonly #client: ClientProcess;

  constructor(cluster: ProcessCluster, client: ClientProcess) {
    this.#cluster = cluster;
    this.#client = client;
  }

  /** Does all of them, each at its time; afterwards all nodes are up and take part, and the client runs. */
  async happen(faults: readonly Fault[]): Promise<void> {
    await Promise.all(faults.map((fault) => this.#happen(fault)));
  }

  lossesOf(vbucket: number): number[] {
    return this.losses.filter(({ vbuckets }) => vbuckets.has(vbucket)).map(({ at }) => at);
  }

  async #happen({ kind, node, atMs, forMs }: Fault): Promise<void> {
    await sleep(atMs);
    switch (kind) {
      case 'kill':
        return await this.#kill(node, forMs);
      case 'stop-node':
        return await this.#stopNode(node, forMs);
      case 'cut':
        return await this.#cut(node);
      case 'block-client':
        return await this.#client.ask('block', forMs);
      case 'stop-client':
        this.#client.signal('SIGSTOP');
        await sleep(forMs);
        this.#client.signal('SIGCONT');
    }
  }

  /** A node dies with all that it had; after a while it is given up, started again, and gets its share. */
  async #kill(node: number, forMs: number): Promise<void> {
    const cluster = this.#cluster;
    await cluster.kill(node);
    const vbuckets = new Set(cluster.activesOf(node));
    await sleep(forMs);
    this.losses.push({ at: nowUsecs(), vbuckets });
    const from = nowUsecs();
    await cluster.failOver(node);
    await cluster.restart(node);
    await cluster.rebalance({ batch: 8, delayMs: 20 });
    this.moves.push({ from, to: nowUsecs() });
  }

  async #stopNode(node: number, forMs: number): Promise<void> {
    const process = this.#cluster.nodes[node]!;
    // It may be the one that is dead at the moment.
    if (!process.isUp) return;
    process.suspend();
    await sleep(forMs);
    process.resume();
  }

  async #cut(node: number): Promise<void> {
    const process = this.#cluster.nodes[node]!;
    // One that has died has lost its connections, too.
    if (process.isUp) await process.ask('cut').catch(() => {});
  }
}
