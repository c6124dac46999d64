import { setTimeout } from 'node:timers/promises';
import type { Client } from './clients.js';
import { type Ended, MixedLoad } from './mixed-load.js';
import { type Census, ProcessCluster } from './process-cluster.js';

/** What a client made of the death of a node. */
export interface Report {
  readonly operations: number;
  /** How many failed, by operation and the error's name. */
  readonly failures: Readonly<Record<string, number>>;
  readonly slowestMs: number;
  /** From the failover until every key was read or written with success again. */
  readonly recoveryMs: number;
  /** Keys whose stored value is older than one that was acknowledged as durable. */
  readonly lost: readonly string[];
  readonly staleReads: readonly string[];
  /** Keys that nothing succeeded on after the rebalance. */
  readonly dead: readonly string[];
  readonly victim: VictimReport;
}

/** What became of the node that was killed. */
export interface VictimReport {
  /** Process ids: those of the nodes as they were started, and last that of the victim's second process. */
  readonly pids: readonly number[];
  /** What ended its first process. */
  readonly signal: NodeJS.Signals | null;
  /** Whether there is no such process any more. */
  readonly isGone: boolean;
  /** What it had when it was killed, when it had been started again, and at the end. */
  readonly killed: Census;
  readonly restarted: Census;
  readonly rebalanced: Census;
  /** Keys that it served at the end, and those of them that could not be read. */
  readonly served: readonly string[];
  readonly unreadable: readonly string[];
}

const VICTIM = 1;
const KEYS = 48;

/**
 * Four nodes, each a process, under load: one is killed with SIGKILL, failed over, restarted with nothing in it, and
 * brought back by a rebalance.
 */
export async function nodeDeath(connect: (connectionString: string) => Promise<Client>): Promise<Report> {
  await using cluster = await ProcessCluster.start({ nodes: 4, replicas: 2, vbuckets: 64 });
  const pids = cluster.nodes.map(({ pid }) => pid);
  const first = cluster.nodes[VICTIM]!;
  await using client = await connect(cluster.connectionString);
  await using load = new MixedLoad(client, KEYS);
  await setTimeout(1000);
  const killed = await cluster.census(VICTIM);
  await cluster.kill(VICTIM);
  const isGone = !exists(first.pid);
  await setTimeout(1000);
  const failedOverAt = performance.now();
  await cluster.failOver(VICTIM);
  await setTimeout(1500);
  await cluster.restart(VICTIM);
  const restarted = await cluster.census(VICTIM);
  await setTimeout(500);
  await cluster.rebalance({ batch: 4, delayMs: 20 });
  const rebalancedAt = performance.now();
  await setTimeout(1000);
  await load.stop();
  const served = load.keys.filter((key) => cluster.nodeOf(key) === VICTIM);
  const unreadable = await unreadableOf(client, served);
  const stored = await cluster.peek(load.keys);
  const { ended, keys, acknowledged, staleReads } = load;
  return {
    operations: ended.length,
    failures: countFailures(ended),
    slowestMs: ended.reduce((slowest, { from, to }) => Math.max(slowest, to - from), 0),
    recoveryMs: recovery(ended, failedOverAt),
    lost: keys.filter((key, index) => Number(stored[index] ?? 0) < (acknowledged.get(key) ?? 0)),
    staleReads,
    dead: keys.filter((key) => firstSuccess(ended, key, rebalancedAt) === undefined),
    victim: {
      pids: [...pids, cluster.nodes[VICTIM]!.pid],
      signal: first.signal,
      isGone,
      killed,
      restarted,
      rebalanced: await cluster.census(VICTIM),
      served,
      unreadable,
    },
  };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // There is nobody to send a signal to.
    return false;
  }
}

async function unreadableOf(client: Client, keys: readonly string[]): Promise<string[]> {
  const read = await Promise.allSettled(keys.map((key) => client.get(key)));
  return keys.filter((_key, index) => read[index]!.status === 'rejected');
}

function countFailures(ended: readonly Ended[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, error } of ended) {
    if (error !== undefined) counts[`${kind} ${error}`] = (counts[`${kind} ${error}`] ?? 0) + 1;
  }
  return counts;
}

/** Milliseconds until the last of the keys had a success; infinite when one had none. */
function recovery(ended: readonly Ended[], from: number): number {
  const keys = [...new Set(ended.map(({ key }) => key))];
  return Math.max(...keys.map((key) => (firstSuccess(ended, key, from) ?? Number.POSITIVE_INFINITY) - from));
}

/** When the first operation on the key that ended after `from` succeeded. */
function firstSuccess(ended: readonly Ended[], key: string, from: number): number | undefined {
  return ended.find((each) => each.key === key && each.to >= from && each.error === undefined)?.to;
}
