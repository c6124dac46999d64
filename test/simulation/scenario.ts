import { SeededRandom } from '@cb/raw/simulation';
import { BusyLoops, isBusyKind, planBusyLoops } from './busy-loops.js';
import { KeyHistories } from './checkers/key-histories.js';
import { checkOrder } from './checkers/order.js';
import { checkReceived } from './checkers/received.js';
import { checkSettling } from './checkers/settling.js';
import type { Violation } from './checkers/violation.js';
import { describeFault, FAULT_KINDS, type Fault, type FaultKind, Faults, planFaults } from './faults.js';
import { describeCall, describeOutcome, History } from './history.js';
import { Actor, keysOf, SHAPE } from './workloads.js';
import { World, type WorldClient } from './world.js';

export interface ScenarioOptions {
  readonly seed: number;
  /** Times of load and faults, each followed by calm. Default 8. */
  readonly episodes?: number;
  /** Kinds of faults that may happen. Default all. */
  readonly kinds?: readonly FaultKind[];
  /** Faults, counted from 0 over all episodes, that are left out. */
  readonly without?: ReadonlySet<number>;
  readonly onTrace?: (line: string) => void;
}

export interface ScenarioReport {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** Searches for an order, and those of them that were given up. */
  readonly searches: number;
  readonly undecided: number;
  readonly simulatedMs: number;
  readonly calls: number;
  readonly succeeded: number;
  readonly faults: readonly Fault[];
  /** Those that were begun. */
  readonly episodes: number;
}

const EPISODES = 8;
const CLIENTS = 2;
const VBUCKETS = 16;
/** Nodes near, in the next building, and far away. */
const LATENCIES_USECS = [
  [100, 500],
  [500, 4000],
  [2000, 15_000],
] as const;
/** From the end of the last fault until everything must work again: three beats find a connection that is silent. */
const RECOVERY_MS = 9000;
/** Deadlines are at most this long; none of the load is under way afterwards. */
const SETTLED_MS = 2600;
/** Less than from one beat to the next. */
const QUIET_MS = 1000;
const IDLE_MS = 200_000;
/** A stream of choices of its own for each purpose, so that one more choice here changes nothing there. */
const STREAM = 0x1_0000_0000;

/**
 * One life of a cluster and its clients, decided by a seed: episodes of load and faults, after each of which everything
 * must work again and the checkers look at what the clients saw.
 */
export async function runScenario(options: ScenarioOptions): Promise<ScenarioReport> {
  const { seed, onTrace } = options;
  const world = await World.start({
    seed,
    nodes: 3,
    replicas: 1 + (seed % 2),
    vbuckets: VBUCKETS,
    latencyUsecs: LATENCIES_USECS[seed % LATENCIES_USECS.length]!,
    ...(onTrace === undefined ? {} : { onTrace }),
  });
  const scenario = new Scenario(world, options);
  await scenario.run();
  return scenario.report();
}

class Scenario {
  readonly #world: World;
  readonly #options: ScenarioOptions;
  readonly #random: SeededRandom;
  readonly #history: History;
  readonly #faults: Faults;
  readonly #busyLoops: BusyLoops;
  readonly #busyRandom: SeededRandom;
  readonly #actors: Actor[] = [];
  readonly #histories = new KeyHistories();
  /** Those that have the server carry out what they send in order. */
  readonly #orderedClients = new Set<string>();
  readonly #violations: Violation[] = [];
  readonly #happened: Fault[] = [];
  #episodes = 0;
  #calls = 0;
  #succeeded = 0;

  constructor(world: World, options: ScenarioOptions) {
    this.#world = world;
    this.#options = options;
    this.#random = new SeededRandom(options.seed + 2 * STREAM);
    const onTrace = options.onTrace === undefined ? undefined : (line: string) => world.trace(line);
    this.#history = new History(
      () => world.network.now,
      onTrace,
      (client) => world.clients.find(({ name }) => name === client)?.iops.unreadSince,
    );
    this.#busyLoops = new BusyLoops(world);
    this.#busyRandom = new SeededRandom(options.seed + 20 * STREAM);
    this.#faults = new Faults(world);
  }

  async run(): Promise<void> {
    const { episodes = EPISODES } = this.#options;
    try {
      for (let index = 0; index < CLIENTS; index++) await this.#addClient(index);
      for (let episode = 0; episode < episodes && this.#violations.length === 0; episode++) {
        await this.#episode(episode);
      }
      await this.#close();
    } catch (thrown) {
      this.#violated('crash', thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
    }
    await this.#world.runUntil(this.#world.cluster.stop(), 1000);
  }

  report(): ScenarioReport {
    return {
      seed: this.#options.seed,
      violations: this.#violations,
      searches: this.#histories.searches,
      undecided: this.#histories.undecided,
      simulatedMs: this.#world.nowMs,
      calls: this.#calls,
      succeeded: this.#succeeded,
      faults: this.#happened,
      episodes: this.#episodes,
    };
  }

  async #addClient(index: number): Promise<void> {
    const isOrdered = index === 1 && this.#options.seed % 2 === 1;
    const parameters = `num_kv_connections=${1 + index}&enable_unordered_execution=${!isOrdered}`;
    const client = this.#world.addClient({ queueMax: 500, parameters });
    if (isOrdered) this.#orderedClients.add(client.name);
    await this.#world.connect(client);
    const random = new SeededRandom(this.#options.seed + (10 + index) * STREAM);
    const { schedule } = this.#world.network;
    const host = { random, after: (ms: number, action: () => void) => void schedule.after(ms * 1000, action) };
    this.#actors.push(new Actor(client.name, client.bucket, this.#history, host, SHAPE));
  }

  async #episode(episode: number): Promise<void> {
    const world = this.#world;
    this.#episodes++;
    const { kinds = FAULT_KINDS, without = new Set() } = this.#options;
    const lengthMs = this.#random.pick([500, 1500, 3000, 6000]);
    const planned = planFaults(this.#random, lengthMs, CLIENTS, kinds);
    const busy = planBusyLoops(this.#busyRandom, lengthMs, CLIENTS, kinds);
    const faults = [...planned, ...busy].filter((_fault, index) => !without.has(this.#happened.length + index));
    this.#happened.push(...planned, ...busy);
    world.trace(`episode ${episode}: ${lengthMs} ms of load, ${faults.map(describeFault).join('; ') || 'no faults'}`);
    this.#faults.begin(faults.filter(({ kind }) => !isBusyKind(kind)));
    this.#busyLoops.begin(faults.filter(({ kind }) => isBusyKind(kind)));
    for (const actor of this.#actors) actor.start();
    await world.run(lengthMs);
    for (const actor of this.#actors) actor.stop();
    await this.#busyLoops.calm();
    await world.runUntil(this.#faults.calm(), 60_000);
    await this.#recover();
    this.#check();
    await world.run(this.#random.between(0, 2 * IDLE_MS));
    await this.#checkIdle();
  }

  /** After a while of calm, everything must work, at the first call. */
  async #recover(): Promise<void> {
    await this.#world.run(RECOVERY_MS);
    const calls = keysOf(SHAPE).map((key, index) => this.#actors[index % CLIENTS]!.read(key));
    for (const actor of this.#actors) {
      // One key for each vbucket, more or less.
      for (let index = 0; index < VBUCKETS; index++) calls.push(actor.store(`probe-${index}`, index % 2 === 0));
    }
    await this.#world.run(SETTLED_MS);
    for (const call of calls) {
      const { outcome } = call;
      if (outcome?.ok === true || outcome?.code === 'not_found') continue;
      const after = `${RECOVERY_MS} ms after the last fault`;
      this.#violated('recovery', `${after}, ${describeCall(call)} ${describeOutcome(outcome)}`);
    }
  }

  #check(): void {
    const now = this.#world.network.now;
    const calls = this.#history.take();
    this.#calls += calls.length;
    this.#succeeded += calls.filter(({ outcome }) => outcome?.ok === true).length;
    this.#found(checkSettling(calls, now, (client) => this.#world.network.loopOf(client).holdUps));
    this.#found(checkReceived(calls));
    // Where reads are on the wire together, one that must be repeated comes after the later ones.
    const swapsReads = (client: string): boolean => this.#orderedClients.has(client);
    this.#found(checkOrder(calls, (key) => this.#faults.lossesOf(key), swapsReads));
    const circumstances = { losses: (key: string) => this.#faults.lossesOf(key), moves: this.#faults.log.moves };
    this.#found(this.#histories.check(calls, circumstances, now));
    this.#faults.log.losses.length = 0;
    this.#faults.log.moves.length = 0;
  }

  /** When nothing was asked for a while, nothing is waited for: the beat is the only timer, but for right after a beat. */
  async #checkIdle(): Promise<void> {
    const busy = new Map(this.#world.clients.map(({ name, iops }) => [name, iops]));
    for (let waitedMs = 0; waitedMs < QUIET_MS && busy.size > 0; waitedMs += 10) {
      for (const [name, iops] of busy) if (iops.armedTimers <= 1) busy.delete(name);
      await this.#world.run(10);
    }
    for (const [name, { armedTimers }] of busy)
      this.#violated('leftovers', `${name} idles, and has ${armedTimers} timers`);
  }

  async #close(): Promise<void> {
    const world = this.#world;
    for (const actor of this.#actors) actor.start();
    await world.run(this.#random.between(1, 200));
    for (const actor of this.#actors) actor.stop();
    const closed = world.clients.map((client, index) =>
      (index === 0 ? closing(client) : destroying(client)).then(() => this.#checkClosed(client)),
    );
    await world.runUntil(Promise.all(closed), SETTLED_MS);
    await world.run(1000);
    const { length } = world.network.openEndpoints;
    if (length > 0) this.#violated('leftovers', `${length} ends of connections are open after all clients closed`);
    this.#found(checkSettling(this.#history.take(), world.network.now));
  }

  #checkClosed({ name, iops: { openSockets, armedTimers } }: WorldClient): void {
    if (openSockets === 0 && armedTimers === 0) return;
    this.#violated('leftovers', `${name} is closed, with ${openSockets} sockets and ${armedTimers} timers`);
  }

  #violated(checker: string, message: string): void {
    this.#found([{ checker, message, at: this.#world.network.now }]);
  }

  #found(violations: readonly Violation[]): void {
    for (const { checker, message } of violations) this.#world.trace(`VIOLATION (${checker}): ${message}`);
    this.#violations.push(...violations);
  }
}

/** Without waiting for anything. */
function destroying({ bucket }: WorldClient): Promise<void> {
  bucket.destroy();
  return Promise.resolve();
}

function closing({ bucket }: WorldClient): Promise<void> {
  return new Promise((resolve, reject) => {
    bucket.close().setCallbacks(
      () => resolve(),
      (_result, _errorClass, error) => reject(error),
    );
  });
}
