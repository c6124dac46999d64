import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '@cb/raw/simulation';
import { KeyHistories } from '../simulation/checkers/key-histories.js';
import { checkOrder } from '../simulation/checkers/order.js';
import type { Violation } from '../simulation/checkers/violation.js';
import { type Call, describeCall, describeOutcome } from '../simulation/history.js';
import { ProcessCluster } from '../topology/processes/process-cluster.js';
import { ClientProcess } from './client-process.js';
import { nowUsecs } from './now.js';
import { type Fault, planFaults, SoakFaults } from './soak-faults.js';

const NODES = 4;
const EPISODE_MS = 4000;
/** By then the longest lock is over, and what was to be done with it done or forgotten. */
const UNLOCKED_MS = 3200;
/** Deadlines are at most this long. */
const DEADLINE_MS = 2500;
/** What a busy machine may add to a deadline: more than that, and nobody looks at it. */
const HANG_MS = 10_000;
/** From the last fault until every key can be read again. */
const RECOVERY_MS = 30_000;

/** What a soak came to. */
export interface SoakReport {
  readonly seed: number;
  readonly episodes: number;
  readonly calls: number;
  readonly succeeded: number;
  /** How often each kind happened. */
  readonly faults: Readonly<Record<string, number>>;
  readonly searches: number;
  readonly undecided: number;
  readonly violations: readonly Violation[];
}

/**
 * Four nodes and a client, each a process, under load, for so long: nodes are killed and stopped, connections are cut, the
 * client is blocked and stopped. What the client saw must have an order in which nothing that was acknowledged is lost
 * (but for what a dead node had alone), calls on one key take effect in their order, and all of them settle.
 */
export async function soak(seed: number, forMs: number): Promise<SoakReport> {
  const cluster = await ProcessCluster.start({ nodes: NODES, replicas: 2, vbuckets: 64 });
  try {
    await using client = ClientProcess.start();
    const connectionString = `${cluster.connectionString}/default`;
    await client.ask('start', { connectionString, username: 'Administrator', password: 'password', seed });
    return await new Soak(seed, cluster, client).run(forMs);
  } finally {
    await cluster[Symbol.asyncDispose]();
  }
}

class Soak {
  readonly #seed: number;
  readonly #random: SeededRandom;
  readonly #cluster: ProcessCluster;
  readonly #client: ClientProcess;
  readonly #histories = new KeyHistories();
  readonly #faults: Fault[] = [];
  readonly #violations: Violation[] = [];
  #episodes = 0;
  #calls = 0;
  #succeeded = 0;

  constructor(seed: number, cluster: ProcessCluster, client: ClientProcess) {
    this.#seed = seed;
    this.#random = new SeededRandom(seed);
    this.#cluster = cluster;
    this.#client = client;
  }

  async run(forMs: number): Promise<SoakReport> {
    const end = performance.now() + forMs;
    while (performance.now() < end && this.#violations.length === 0) await this.#episode();
    await this.#client.ask('close');
    const faults: Record<string, number> = {};
    for (const { kind } of this.#faults) faults[kind] = (faults[kind] ?? 0) + 1;
    return {
      seed: this.#seed,
      episodes: this.#episodes,
      calls: this.#calls,
      succeeded: this.#succeeded,
      faults,
      searches: this.#histories.searches,
      undecided: this.#histories.undecided,
      violations: this.#violations,
    };
  }

  async #episode(): Promise<void> {
    const client = this.#client;
    this.#episodes++;
    const planned = planFaults(this.#random, NODES);
    const faults = new SoakFaults(this.#cluster, client);
    await client.ask('work');
    await Promise.all([faults.happen(planned), sleep(EPISODE_MS)]);
    await client.ask('rest');
    this.#faults.push(...planned);
    await this.#settle(planned);
    await sleep(UNLOCKED_MS);
    const unreadable = await client.ask<string[]>('readAll', RECOVERY_MS);
    for (const message of unreadable) this.#violated('recovery', message);
    const calls = await client.ask<Call[]>('take');
    this.#calls += calls.length;
    this.#succeeded += calls.filter(({ outcome }) => outcome?.ok === true).length;
    this.#check(calls, faults, planned);
  }

  /** Waits for what is under way, as long as it may take. */
  async #settle(planned: readonly Fault[]): Promise<void> {
    const end = performance.now() + DEADLINE_MS + HANG_MS;
    let open = await this.#client.ask<number>('open');
    for (; open > 0 && performance.now() < end; open = await this.#client.ask<number>('open')) await sleep(50);
    if (open > 0) this.#violated('settling', `${open} calls are not settled after ${JSON.stringify(planned)}`);
  }

  #check(calls: readonly Call[], faults: SoakFaults, planned: readonly Fault[]): void {
    const losses = (key: string): number[] => faults.lossesOf(this.#cluster.vbucketOf(key));
    const found = [
      ...calls.flatMap((call) => settlingFault(call, planned)),
      ...checkOrder(calls, losses, () => false),
      ...this.#histories.check(calls, { losses, moves: faults.moves }, nowUsecs()),
    ];
    for (const { checker, message } of found) this.#violated(checker, `${message}\nafter ${JSON.stringify(planned)}`);
  }

  #violated(checker: string, message: string): void {
    this.#violations.push({ checker, message: `episode ${this.#episodes}: ${message}`, at: nowUsecs() });
  }
}

/** Each call settles once, not from inside itself, and no later than the client could. */
function settlingFault(call: Call, planned: readonly Fault[]): Violation[] {
  const { settlements, isReentrant, invokedAt, settledAt, timeoutMs, outcome } = call;
  const heldUpMs = planned.reduce((sum, { kind, forMs }) => sum + (/client/.test(kind) ? forMs : 0), 0);
  const lateMs = ((settledAt ?? 0) - invokedAt) / 1000 - timeoutMs - heldUpMs;
  if (settlements === 1 && !isReentrant && lateMs < HANG_MS) return [];
  const message = `${describeCall(call)} settled ${settlements} times, ${Math.round(lateMs)} ms late: ${describeOutcome(outcome)}`;
  return [{ checker: 'settling', message, at: settledAt ?? 0 }];
}
