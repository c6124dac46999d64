import { ArgumentError } from '@cb/protocol';
import type { AlternateAddress } from '../config/cluster-config.js';
import type { Clock } from '../time/clock.js';
import type { ClusterBucket } from './cluster-bucket.js';
import type { ConfigPublisher } from './config-publisher.js';
import type { Members } from './members.js';
import type { Node } from './node.js';
import { type RestartOptions, restartPlan } from './startup.js';
import { forwardMap, type RebalanceOptions, rebalanceOptions, rebalancePlan } from './topology.js';

export interface OperatorSetup {
  readonly members: Members;
  /** By name. */
  readonly buckets: ReadonlyMap<string, ClusterBucket>;
  readonly publisher: ConfigPublisher;
  readonly clock: Clock;
}

/** The operations on the nodes of a cluster; the methods of `EmbeddedCluster` describe each. */
export class Operator {
  readonly #members: Members;
  readonly #buckets: ReadonlyMap<string, ClusterBucket>;
  readonly #publisher: ConfigPublisher;
  readonly #clock: Clock;

  constructor({ members, buckets, publisher, clock }: OperatorSetup) {
    this.#members = members;
    this.#buckets = buckets;
    this.#publisher = publisher;
    this.#clock = clock;
  }

  async kill(node: number): Promise<void> {
    const membership = this.#members.of(node);
    if (!membership.isUp) return;
    membership.isUp = false;
    this.#node(node).shutDown();
    this.#pauseStreams();
    await this.#members.close(node);
  }

  async restart(node: number, options: RestartOptions): Promise<void> {
    const plan = restartPlan(options);
    const membership = this.#members.of(node);
    if (membership.isUp) return;
    this.#node(node).startUp(plan, () => this.#pauseStreams());
    await this.#members.reopen(node);
    membership.isUp = true;
    this.#pauseStreams();
    this.#publisher.publishAll();
  }

  hang(node: number): void {
    this.#node(node).hang();
    this.#pauseStreams();
  }

  resume(node: number): void {
    this.#node(node).goOn();
    this.#pauseStreams();
  }

  failOver(node: number): void {
    const membership = this.#members.of(node);
    if (!membership.isJoined) return;
    if (this.#members.joined.length === 1) throw new ArgumentError('the last node of a cluster cannot be failed over');
    membership.isJoined = false;
    for (const bucket of this.#buckets.values()) bucket.failOver(node, this.#members.joined);
    this.#publisher.publishAll();
  }

  setAlternateAddress(node: number, address: AlternateAddress | undefined): void {
    this.#members.of(node);
    const { entries } = this.#members;
    entries[node] = { ...entries[node]!, alternate: address };
    this.#publisher.publishAll();
  }

  /** Returns the index of the node. */
  async add(node: Node): Promise<number> {
    const index = await this.#members.add(node);
    for (const [name, bucket] of this.#buckets) node.buckets.set(name, bucket.addPart(node));
    return index;
  }

  async rebalance(options: RebalanceOptions): Promise<void> {
    const { batch, delayMs, takeoverMs, without } = rebalanceOptions(options);
    for (const index of without) this.#members.of(index);
    const taking = [...this.#members.nodes.keys()].filter((index) => this.#members.isUp(index));
    const staying = taking.filter((index) => !without.includes(index));
    for (const index of staying) this.#members.of(index).isJoined = true;
    for (const [name, bucket] of this.#buckets) {
      const moves = rebalancePlan(bucket, staying);
      this.#publisher.announce(name, forwardMap(bucket, moves));
      for (let at = 0; at < moves.length; at += batch) {
        for (const { vbucket, chain } of moves.slice(at, at + batch)) bucket.move(vbucket, chain, takeoverMs);
        this.#publisher.publish(name);
        if (delayMs > 0) await new Promise<void>((resolve) => this.#clock.after(delayMs, resolve));
      }
    }
    this.#publisher.endAnnouncements();
    for (const index of without) this.#members.of(index).isJoined = false;
    this.#publisher.publishAll();
  }

  /** @throws ArgumentError when there is no such node. */
  #node(index: number): Node {
    this.#members.of(index);
    return this.#members.nodes[index]!;
  }

  #pauseStreams(): void {
    for (const bucket of this.#buckets.values()) bucket.pauseStreams();
  }
}
