import { setTimeout } from 'node:timers/promises';
import type { Client } from './clients.js';
import { ClusterProcess } from './cluster-process.js';
import { type Ended, MixedLoad } from './mixed-load.js';

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
}

const VICTIM = 1;
const KEYS = 48;

/** Four nodes under load: one is killed with SIGKILL, failed over, restarted, and brought back by a rebalance. */
export async function nodeDeath(connect: (connectionString: string) => Promise<Client>): Promise<Report> {
  await using cluster = await ClusterProcess.start({ nodes: 4, replicas: 2, vbuckets: 64, replicationLagMs: 2 });
  const client = await connect(cluster.connectionString);
  const load = new MixedLoad(client, KEYS);
  await setTimeout(1000);
  await cluster.kill(VICTIM);
  await setTimeout(1000);
  const failedOverAt = performance.now();
  await cluster.tell('failOver', VICTIM);
  await setTimeout(1500);
  await cluster.restart(VICTIM);
  await setTimeout(500);
  await cluster.tell('rebalance', { batch: 4, delayMs: 20 });
  const rebalancedAt = performance.now();
  await setTimeout(1000);
  await load.stop();
  await client.close();
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
  };
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
