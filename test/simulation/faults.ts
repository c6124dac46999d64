import type { EmbeddedCluster, FaultRule, OpcodeName, RestartOptions } from '@cb/embedded';
import { Status, vbucketOf } from '@cb/protocol';
import type { SeededRandom } from '@cb/raw/simulation';
import { BUSY_KINDS, isBusyKind } from './busy-loops.js';
import { beginServerFault, isServerFault, SERVER_FAULT_KINDS, type ServerFaultKind } from './server-faults.js';
import { BUCKET, type World } from './world.js';

/** What can go wrong. */
export const FAULT_KINDS = [
  'kill',
  'fail-over',
  'fail-over-alive',
  'rebalance',
  'add-node',
  'remove-node',
  'warm-up',
  'return',
  'blackout',
  'hang',
  'partition',
  'break',
  'slow',
  'replication-lag',
  'stale-config',
  'refuse',
  'stall',
  'cut',
  ...SERVER_FAULT_KINDS,
  ...BUSY_KINDS,
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** One fault of an episode, as data: leaving one out changes nothing about the others. */
export interface Fault {
  readonly kind: FaultKind;
  /** Milliseconds from the beginning of the episode. */
  readonly atMs: number;
  readonly lastsMs: number;
  readonly node: number;
  readonly client: number;
  /** Milliseconds: of slowness, of lag, between two steps of a rebalance. */
  readonly amountMs: number;
  /** Of the requests that are refused, cut or left without an answer. */
  readonly opcode: OpcodeName;
}

const OPCODES = ['Get', 'Set', 'Add', 'Replace', 'Delete', 'Increment', 'Append', 'SubdocMultiMutation'] as const;
/** Passing failures, none of which says that anything was done. */
const REFUSALS = [Status.TemporaryFailure, Status.NotMyVbucket, Status.SyncWriteInProgress, Status.Locked] as const;

/** What a node says whose buckets are not there yet. */
const UNAVAILABLE = ['no-bucket', 'no-access', 'no-user'] as const;
/** How often a node says that it has lost a vbucket, which it has all the same. */
const RETURN_PROBABILITY = 0.3;

/** Nodes that a cluster may have in the end. */
const NODES_MAX = 5;

/** Failovers with so much of an amount happen while the replicas lag behind, so that what is not durable is lost. */
const LOSSY_LAG_MS = 20;

/** Chooses the faults of one episode. */
export function planFaults(
  random: SeededRandom,
  lengthMs: number,
  clients: number,
  kinds: readonly FaultKind[],
): Fault[] {
  const among = kinds.filter((kind) => !isBusyKind(kind));
  const count = among.length === 0 ? 0 : random.between(0, 5);
  const faults = Array.from({ length: count }, (): Fault => {
    const atMs = random.between(0, lengthMs);
    return {
      kind: random.pick(among),
      atMs,
      lastsMs: random.between(1, Math.max(1, lengthMs - atMs)),
      node: random.between(0, NODES_MAX - 1),
      client: random.between(0, clients - 1),
      amountMs: random.pick([0, 1, 5, 20, 100, 400]),
      opcode: random.pick(OPCODES),
    };
  });
  return faults.sort((a, b) => a.atMs - b.atMs);
}

export function describeFault({ kind, atMs, lastsMs, node, client, amountMs, opcode }: Fault): string {
  return `${kind} at ${atMs} ms for ${lastsMs} ms (node ${node}, client ${client}, ${amountMs} ms, ${opcode})`;
}

/** What the faults of an episode did that checkers must know. Times are microseconds. */
export interface FaultLog {
  /** Vbuckets that may have lost what was not durable. */
  readonly losses: { readonly at: number; readonly vbuckets: ReadonlySet<number> }[];
  /** Times in which vbuckets changed their nodes. */
  readonly moves: { readonly from: number; to: number }[];
}

/** Makes faults happen, and ends them. Those that change the cluster's membership come one after the other. */
export class Faults {
  readonly log: FaultLog = { losses: [], moves: [] };
  readonly #world: World;
  readonly #cluster: EmbeddedCluster;
  #membership: Promise<void> = Promise.resolve();
  #isCalm = true;
  readonly #down = new Set<number>();
  readonly #hanging = new Set<number>();
  readonly #endings = new Set<() => void>();

  constructor(world: World) {
    this.#world = world;
    this.#cluster = world.cluster;
  }

  /** Lets the faults happen from now on, each at its time. */
  begin(faults: readonly Fault[]): void {
    this.#isCalm = false;
    for (const fault of faults) {
      this.#world.network.schedule.after(fault.atMs * 1000, () => {
        if (!this.#isCalm) this.#happen(fault);
      });
    }
  }

  /** Ends all faults; when this resolves, every node is up and has its share. */
  async calm(): Promise<void> {
    this.#isCalm = true;
    for (const end of [...this.#endings]) end();
    await this.#membership;
    this.#world.trace('all nodes are brought together again');
    for (const node of [...this.#down]) await this.#restart(node);
    await this.#rebalance(0);
    this.#world.trace('all faults have ended');
  }

  /** Whether a key may have fallen back to an earlier version, and when. */
  lossesOf(key: string): number[] {
    const vbucket = vbucketOf(Buffer.from(key), this.#bucket.vbucketMap.length);
    return this.log.losses.filter(({ vbuckets }) => vbuckets.has(vbucket)).map(({ at }) => at);
  }

  get #bucket(): ReturnType<EmbeddedCluster['bucket']> {
    return this.#cluster.bucket(BUCKET);
  }

  #happen(fault: Fault): void {
    const node = fault.node % this.#cluster.members.length;
    const { kind, lastsMs, amountMs } = fault;
    this.#world.trace(`fault: ${describeFault(fault)}`);
    switch (kind) {
      case 'kill':
        this.#inTurn(() => this.#killAndRestart([node], lastsMs));
        break;
      case 'warm-up':
        this.#inTurn(() => this.#warmUp(node, fault));
        break;
      case 'blackout':
        this.#inTurn(() => this.#killAndRestart([...this.#cluster.members.keys()], lastsMs));
        break;
      case 'fail-over':
        this.#inTurn(() => this.#failOver(node, fault, true));
        break;
      case 'fail-over-alive':
        this.#inTurn(() => this.#failOver(node, fault, false));
        break;
      case 'rebalance':
        this.#inTurn(() => this.#rebalance(amountMs, [], amountMs));
        break;
      case 'add-node':
        this.#inTurn(() => this.#addNode(amountMs));
        break;
      case 'remove-node':
        this.#inTurn(() => this.#rebalance(amountMs, [node]));
        break;
      case 'return':
        this.#inTurn(() => this.#rebalanceWithReturns(node, fault));
        break;
      default:
        this.#happenAside(fault, node);
    }
  }

  /** Faults that change nothing about the membership. */
  #happenAside(fault: Fault, node: number): void {
    const { kind, lastsMs, amountMs, client } = fault;
    const { network } = this.#world;
    const host = `node-${node}`;
    const clientHost = `client-${client}`;
    switch (kind) {
      case 'hang':
        this.#hang(node, lastsMs);
        break;
      case 'partition':
        network.partition(clientHost, host);
        this.#endAfter(lastsMs, () => network.heal(clientHost, host));
        break;
      case 'break':
        this.#breakAgain(host, amountMs > 5 ? clientHost : undefined, lastsMs);
        break;
      case 'slow':
        network.slow(amountMs > 5 ? host : clientHost, amountMs * 1000);
        this.#endAfter(lastsMs, () => network.slow(amountMs > 5 ? host : clientHost, 0));
        break;
      case 'replication-lag':
        this.#lag(lastsMs, amountMs);
        break;
      case 'stale-config':
        this.#rule({ node, config: { handsOut: 'stale' } }, lastsMs);
        break;
      default:
        if (isServerFault(kind)) this.#happenInServer({ ...fault, kind, node });
        else this.#happenToRequests(fault, node);
    }
  }

  #happenInServer(fault: Fault & { readonly kind: ServerFaultKind }): void {
    if (fault.kind === 'takeover') this.#moved();
    const end = beginServerFault(this.#world, fault);
    this.#endAfter(fault.lastsMs, () => {
      end();
      if (fault.kind === 'takeover') this.#moved();
    });
  }

  /** Faults that some requests of one kind meet. */
  #happenToRequests({ kind, lastsMs, amountMs, opcode }: Fault, node: number): void {
    const rule = { node, opcode, probability: 0.3 };
    if (kind === 'refuse') {
      const status = REFUSALS[amountMs % REFUSALS.length]!;
      this.#rule({ ...rule, answer: { status } }, lastsMs);
    } else if (kind === 'stall') {
      // A server that leaves an answer out and goes on would break the order of its answers, which it promises.
      this.#rule({ ...rule, truncate: amountMs }, lastsMs);
    } else {
      this.#rule({ ...rule, reset: amountMs > 5 ? true : amountMs }, lastsMs);
    }
  }

  /** Does something to the membership after what is being done to it already. */
  #inTurn(step: () => Promise<void>): void {
    this.#membership = this.#membership.then(() => (this.#isCalm ? undefined : step()));
  }

  /** Waits, but no longer than until the calm. */
  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.#endAfter(ms, resolve));
  }

  /** Ends something after so long, or when everything must end. */
  #endAfter(ms: number, end: () => void): void {
    const finish = (): void => {
      if (!this.#endings.delete(finish)) return;
      scheduled.cancel();
      end();
    };
    this.#endings.add(finish);
    const scheduled = this.#world.network.schedule.after(ms * 1000, finish);
  }

  async #killAndRestart(nodes: readonly number[], downMs: number): Promise<void> {
    for (const node of nodes) {
      this.#down.add(node);
      this.#world.trace(`node-${node} is killed`);
      await this.#cluster.kill(node);
    }
    await this.#wait(downMs);
    for (const node of nodes) await this.#restart(node);
  }

  async #restart(node: number, options: RestartOptions = {}): Promise<void> {
    this.#down.delete(node);
    this.#world.trace(`node-${node} is started again`);
    this.#moved();
    await this.#cluster.restart(node, options);
  }

  /** A node that was killed comes back in the order of a server. While it does, its replicas have nothing new. */
  async #warmUp(node: number, { lastsMs, amountMs, client }: Fault): Promise<void> {
    this.#down.add(node);
    this.#world.trace(`node-${node} is killed`);
    await this.#cluster.kill(node);
    await this.#wait(lastsMs / 4);
    const unavailableAs = UNAVAILABLE[(node + client) % UNAVAILABLE.length]!;
    await this.#restart(node, { unavailableMs: amountMs, unavailableAs, warmupMs: amountMs });
    await this.#wait(2 * amountMs);
  }

  async #failOver(node: number, { lastsMs, amountMs }: Fault, isKilled: boolean): Promise<void> {
    if (this.#joined.size < 2 || !this.#joined.has(node)) return;
    if (amountMs >= LOSSY_LAG_MS) {
      this.#lag(lastsMs, amountMs);
      await this.#wait(Math.min(lastsMs, amountMs));
    }
    if (isKilled) {
      this.#down.add(node);
      this.#world.trace(`node-${node} is killed`);
      await this.#cluster.kill(node);
      await this.#wait(lastsMs / 3);
    }
    this.#noteLoss(node);
    this.#world.trace(`node-${node} is failed over`);
    this.#moved();
    this.#cluster.failOver(node);
    await this.#wait(lastsMs / 3);
    if (isKilled) await this.#restart(node);
    await this.#rebalance(10);
  }

  async #addNode(delayMs: number): Promise<void> {
    if (this.#cluster.members.length >= NODES_MAX) return;
    const node = await this.#cluster.addNode();
    this.#world.trace(`node-${node} is added`);
    await this.#rebalance(delayMs);
  }

  async #rebalance(delayMs: number, without: readonly number[] = [], takeoverMs = 0): Promise<void> {
    const isPossible = this.#cluster.members.length - without.length >= 2;
    const leaving = isPossible ? without : [];
    this.#world.trace(`the cluster is rebalanced${leaving.map((node) => `, without node-${node}`).join('')}`);
    const move = this.#moved();
    move.to = Number.POSITIVE_INFINITY;
    await this.#cluster.rebalance({
      batch: 3,
      delayMs: this.#isCalm ? 0 : delayMs,
      takeoverMs: this.#isCalm ? 0 : takeoverMs,
      without: leaving,
    });
    move.to = this.#world.network.now;
  }

  /** A rebalance in which vbuckets leave the node, and come back: takeovers begin, and do not come about. */
  async #rebalanceWithReturns(node: number, { lastsMs, amountMs }: Fault): Promise<void> {
    const answer = { status: Status.NotMyVbucket };
    for (const opcode of OPCODES) this.#rule({ node, opcode, probability: RETURN_PROBABILITY, answer }, lastsMs);
    const leaving = amountMs % 2 === 0 ? [] : [node];
    await this.#rebalance(Math.max(amountMs, 20), leaving);
  }

  #hang(node: number, lastsMs: number): void {
    if (this.#hanging.has(node)) return;
    this.#hanging.add(node);
    this.#world.trace(`node-${node} hangs`);
    this.#cluster.hang(node);
    this.#endAfter(lastsMs, () => {
      this.#hanging.delete(node);
      this.#world.trace(`node-${node} goes on`);
      this.#cluster.resume(node);
    });
  }

  /** Breaks the connections of the host, to one client or to all, at irregular times. */
  #breakAgain(host: string, client: string | undefined, lastsMs: number): void {
    const { network } = this.#world;
    network.breakConnections(host, client);
    const waitMs = network.random.between(5, 150);
    if (this.#isCalm || waitMs > lastsMs) return;
    network.schedule.after(waitMs * 1000, () => {
      if (!this.#isCalm) this.#breakAgain(host, client, lastsMs - waitMs);
    });
  }

  #lag(lastsMs: number, lagMs: number): void {
    this.#bucket.setReplicationLag(lagMs);
    this.#endAfter(lastsMs, () => this.#bucket.setReplicationLag(0));
  }

  /** Lets a rule of the cluster's own act. */
  #rule(rule: FaultRule, lastsMs: number): void {
    const fault = this.#cluster.faults.add(rule);
    this.#endAfter(lastsMs, () => fault.remove());
  }

  /** A failover loses what no replica has yet. */
  #noteLoss(node: number): void {
    const bucket = this.#bucket;
    const vbuckets = new Set<number>();
    for (const [vbucket, [active, ...replicas]] of bucket.vbucketMap.entries()) {
      const seqnoOf = (index: number): number => bucket.parts[index]?.vbuckets[vbucket]?.highSeqno ?? 0;
      if (active === node && Math.max(0, ...replicas.map(seqnoOf)) < seqnoOf(node)) vbuckets.add(vbucket);
    }
    if (vbuckets.size > 0) this.log.losses.push({ at: this.#world.network.now, vbuckets });
  }

  #moved(): { readonly from: number; to: number } {
    const { now } = this.#world.network;
    const move = { from: now, to: now };
    this.log.moves.push(move);
    return move;
  }

  /** The members that have something of the bucket. */
  get #joined(): ReadonlySet<number> {
    return new Set(this.#bucket.vbucketMap.flat().filter((node) => node >= 0));
  }
}
