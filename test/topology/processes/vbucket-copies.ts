import { spreadVbuckets } from '../../../packages/embedded/src/config/vbucket-map.js';
import type { NodeProcess } from './node-process.js';
import type { Replication } from './replication.js';

/** The indexes of the nodes that have a vbucket, the active first; -1 for a copy that there is no node for. */
export type Chain = readonly number[];

/** The nodes that a vbucket is to have. */
export interface Move {
  readonly vbucket: number;
  readonly chain: Chain;
}

/**
 * Which node has which copy of the vbuckets, and how copies come, go and take over.
 *
 * Nothing that was acknowledged as durable is lost, as a majority of the copies has it, and
 * - in a failover the copy that has most takes over, once nothing of the dead active can arrive any more;
 * - in a move the active stops first, then all new copies get all that it has, and then one of them goes on. When the
 *   active stays, a durable write needs a majority of the old and of the new copies, until the new ones have the rest.
 */
export class VbucketCopies {
  readonly #replicas: number;
  readonly #replication: Replication;
  readonly #node: (index: number) => NodeProcess;
  #map: Chain[] = [];

  /** @param node the process that is that node now */
  constructor(replicas: number, replication: Replication, node: (index: number) => NodeProcess) {
    this.#replicas = replicas;
    this.#replication = replication;
    this.#node = node;
  }

  get map(): readonly Chain[] {
    return this.#map;
  }

  /** Makes the copies of vbuckets that nobody has yet. */
  async spread(vbuckets: number, nodes: readonly number[]): Promise<void> {
    this.#map = Array.from({ length: vbuckets }, () => []);
    await Promise.all(this.#evenly(nodes).map((move) => this.#take(move)));
  }

  /** What is to be moved so that the vbuckets are spread evenly over the nodes. */
  plan(nodes: readonly number[]): Move[] {
    return this.#evenly(nodes).filter(({ vbucket, chain }) => String(chain) !== String(this.#map[vbucket]));
  }

  /** Puts the copies of a vbucket on other nodes. */
  async move({ vbucket, chain }: Move): Promise<void> {
    const former = this.#map[vbucket]!;
    const active = this.#node(former[0]!);
    const additional = present(chain).filter((index) => !former.includes(index));
    await Promise.all(additional.map((index) => this.#replication.open(vbucket, active, this.#node(index))));
    // The bulk of it, before anybody has to wait.
    await this.#replication.drain(vbucket);
    if (chain[0] === former[0]) await this.#setActive(vbucket, [former, chain]);
    else await active.ask('setVbucket', { vbucket, state: 'dead' });
    await this.#replication.drain(vbucket);
    await this.#take({ vbucket, chain });
  }

  /** Gives a dead node up, when all others are up and have a copy of each vbucket: they go on without it. */
  async failOver(node: number): Promise<void> {
    const affected = [...this.#map.entries()].filter(([, chain]) => chain.includes(node));
    await Promise.all(
      affected.map(async ([vbucket, chain]) => {
        const left = present(chain).filter((index) => index !== node);
        const candidates = chain[0] === node ? await this.#byProgress(vbucket, left) : left;
        await this.#take({ vbucket, chain: this.#padded(candidates) });
      }),
    );
  }

  #evenly(nodes: readonly number[]): Move[] {
    return spreadVbuckets(this.#map.length, nodes.length, this.#replicas).map((spread, vbucket) => ({
      vbucket,
      chain: spread.map((at) => nodes[at] ?? -1),
    }));
  }

  /** The replicas of a dead active, the one that has most first. */
  async #byProgress(vbucket: number, replicas: readonly number[]): Promise<number[]> {
    await Promise.all(this.#replication.of(vbucket).map((stream) => this.#replication.close(stream)));
    const found = await Promise.all(
      replicas.map(async (index) => ({ index, seqno: await this.#node(index).ask<number>('highSeqno', vbucket) })),
    );
    return found.sort((a, b) => b.seqno - a.seqno).map(({ index }) => index);
  }

  /** Has the first of the chain go on as the active, the others follow it, and all others forget the vbucket. */
  async #take({ vbucket, chain }: Move): Promise<void> {
    const former = this.#map[vbucket]!;
    this.#map[vbucket] = chain;
    const active = this.#node(chain[0]!);
    const replicas = present(chain.slice(1)).map((index) => this.#node(index));
    const streams = this.#replication.of(vbucket);
    const kept = streams.filter(({ source, target }) => source === active && replicas.includes(target));
    await Promise.all(streams.filter((one) => !kept.includes(one)).map((one) => this.#replication.close(one)));
    await this.#setActive(vbucket, [chain]);
    const unfed = replicas.filter((replica) => !kept.some(({ target }) => target === replica));
    await Promise.all(unfed.map((replica) => this.#replication.open(vbucket, active, replica)));
    const leaving = present(former)
      .filter((index) => !chain.includes(index))
      .map((index) => this.#node(index));
    await Promise.all(leaving.map((node) => node.isUp && node.ask('deleteVbucket', vbucket)));
  }

  /** Makes the first node's copy the active one, if it is not yet; durable writes need a majority of each of the chains. */
  async #setActive(vbucket: number, chains: readonly Chain[]): Promise<void> {
    const topology = chains.map((chain) => chain.map((index) => (index < 0 ? null : this.#node(index).name)));
    await this.#node(chains[0]![0]!).ask('setVbucket', { vbucket, state: 'active', topology });
  }

  #padded(chain: Chain): Chain {
    return Array.from({ length: this.#replicas + 1 }, (_none, at) => chain[at] ?? -1);
  }
}

/** The nodes of a chain that are there. */
function present(chain: Chain): Chain {
  return chain.filter((index) => index >= 0);
}
