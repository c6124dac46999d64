import type { EmbeddedCluster } from '@cb/embedded';
import { Opcode } from '@cb/protocol';
import type { GoldenExchange } from '../data/golden.js';
import { ReplayClient } from './client.js';
import { difference } from './compare.js';
import { opaqueOf, splitPackets } from './packet.js';
import type { ReplayClock } from './replay-clock.js';
import { Substitution } from './substitution.js';
import { createBucketRequest, prepareSdkSession, startTestBed } from './test-bed.js';
import { Timeline } from './timeline.js';

/** Out of scope: change streams are not served. */
const GROUPS_LEFT_OUT: readonly string[] = ['dcp'];

/** Longest wait for a connection to be closed; only a wrong server makes anybody wait so long. */
const ANSWER_MS = 3000;
/** How long we listen for what must not come, and for answers whose number is not known. */
const SILENCE_MS = 30;
/** What a request adds to that by its size. */
const BYTES_PER_MS = 10_000;
/** How long we wait for an answer before the clock moves on, and how often it does. */
const STEP_MS = 100;
const CLOCK_STEPS_MAX = 10;

/** What became of one exchange: equal when there is no difference. */
export interface Outcome {
  readonly group: string;
  readonly name: string;
  readonly difference: string | undefined;
}

/** Sends every recorded request, in order, each on its own connection, and compares the answers. */
export async function replay(
  exchanges: readonly GoldenExchange[],
  clock: ReplayClock,
  wanted: (group: string) => boolean = () => true,
): Promise<Outcome[]> {
  const cluster = await startTestBed(clock);
  const run = new Run(cluster, clock, exchanges);
  const outcomes: Outcome[] = [];
  try {
    for (const [index, exchange] of exchanges.entries()) {
      if (GROUPS_LEFT_OUT.includes(exchange.group)) continue;
      const found = await run.play(index, exchange);
      if (exchange.heldOut || !wanted(exchange.group)) continue;
      outcomes.push({ group: exchange.group, name: exchange.name, difference: found });
    }
  } finally {
    await cluster.stop();
  }
  return outcomes;
}

class Run {
  readonly #cluster: EmbeddedCluster;
  readonly #clock: ReplayClock;
  readonly #timeline: Timeline;
  readonly #lastOf = new Map<number | string, number>();
  readonly #clients = new Map<number | string, ReplayClient>();
  readonly #substitution = new Substitution();
  /** The opaques of the held-out requests that came last on each connection. */
  readonly #unanswered = new Map<number | string, number[]>();
  #isPreparedForSdk = false;

  constructor(cluster: EmbeddedCluster, clock: ReplayClock, exchanges: readonly GoldenExchange[]) {
    this.#cluster = cluster;
    this.#clock = clock;
    this.#timeline = new Timeline(exchanges);
    for (const [index, { conn }] of exchanges.entries()) this.#lastOf.set(conn, index);
  }

  /** Plays one exchange; returns how its answer differs from the recorded one. */
  async play(index: number, exchange: GoldenExchange): Promise<string | undefined> {
    if (exchange.group === 'sdk-session' && !this.#isPreparedForSdk) {
      this.#isPreparedForSdk = true;
      await prepareSdkSession(this.#cluster);
    }
    const client = await this.#client(exchange.conn);
    const former = this.#unanswered.get(exchange.conn) ?? [];
    this.#clock.set(this.#timeline.timeOf(index));
    const request =
      exchange.name === 'create bucket tmp' ? leftOutRequest(exchange) : this.#substitution.request(exchange);
    // A late answer to an earlier request, which the recording does not tell, is not taken for one to this.
    if (request.length > 0) client.ignore(former);
    if (exchange.heldOut) this.#unanswered.set(exchange.conn, splitPackets(request).map(opaqueOf));
    client.send(request);
    await this.#listen(client, exchange, request);
    const came = client.take();
    this.#substitution.learn(exchange, request, came);
    const found = exchange.heldOut ? undefined : (difference(exchange, came) ?? closeDifference(exchange, client));
    if (this.#lastOf.get(exchange.conn) === index) client.close();
    return found;
  }

  async #client(conn: number | string): Promise<ReplayClient> {
    let client = this.#clients.get(conn);
    if (client === undefined) {
      client = await ReplayClient.open(this.#cluster.nodes[0]!.ports.kv);
      this.#clients.set(conn, client);
    }
    return client;
  }

  /** Waits for what is expected; an answer that takes time is given some, a millisecond of the clock at a time. */
  async #listen(client: ReplayClient, exchange: GoldenExchange, request: Buffer): Promise<void> {
    const done = endsWith(exchange, request);
    if (exchange.heldOut) {
      await client.waitFor(done, SILENCE_MS + request.length / BYTES_PER_MS);
      return;
    }
    for (let step = 0; step < CLOCK_STEPS_MAX; step++) {
      await client.waitFor(done, STEP_MS + request.length / BYTES_PER_MS);
      if (exchange.timeout || exchange.closed || done(client.packets)) break;
      this.#clock.set(this.#clock.now() + 1);
    }
    if (exchange.closed) await client.waitClosed(ANSWER_MS);
    // One more than there should be, to be sure that there is none.
    else if (exchange.timeout) await client.waitFor(() => false, SILENCE_MS);
  }
}

/** Tells whether all answers to an exchange are there. */
function endsWith(exchange: GoldenExchange, request: Buffer): (came: readonly Buffer[]) => boolean {
  // Statistics end with an empty packet.
  if (request[1] === Opcode.Stat)
    return (came) => came.some((packet) => packet.readUInt32BE(8) === 0 || packet.readUInt16BE(6) !== 0);
  const count = exchange.responses?.length ?? Math.max(1, splitPackets(request).length);
  return (came) => came.length >= count;
}

function leftOutRequest(exchange: GoldenExchange): Buffer {
  return createBucketRequest(opaqueOf(Buffer.from(exchange.responses![0]!, 'hex')));
}

function closeDifference(exchange: GoldenExchange, client: ReplayClient): string | undefined {
  if (exchange.closed && !client.isClosed) return 'the connection stayed open';
  return !exchange.closed && client.isClosed ? 'the connection was closed' : undefined;
}
