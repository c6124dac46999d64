import { setImmediate as turn } from 'node:timers/promises';
import { ArgumentError, HEADER_BYTES, Magic, Opcode, Status } from '@cb/protocol';
import { SeededRandom } from '@cb/raw/simulation';
import { World, type WorldClient } from '../simulation/world.js';
import { type FuzzOptions, type FuzzReport, messageOf } from './fuzz-report.js';
import { MemoryGuard } from './memory-guard.js';
import { Mutator } from './mutator.js';
import { readStream } from './packet-parts.js';
import { randomCall } from './random-call.js';
import { Settlements } from './settlements.js';

const RESPONSE_MAGICS = [Magic.Response, Magic.AltResponse, Magic.ServerRequest];
/** What an answer may change that outlives the operation: maps, features, what is known of collections. */
const LASTING_OPCODES: readonly number[] = [
  Opcode.Hello,
  Opcode.GetErrorMap,
  Opcode.SelectBucket,
  Opcode.GetClusterConfig,
  Opcode.GetCollectionId,
];
const HANDSHAKE_OPCODES: readonly number[] = [
  Opcode.Hello,
  Opcode.GetErrorMap,
  Opcode.SaslListMechs,
  Opcode.SaslAuth,
  Opcode.SaslStep,
  Opcode.SelectBucket,
  Opcode.GetClusterConfig,
];
/** One call for statistics brings hundreds of answers, which would leave no room for others. */
const STAT_SHARE = 0.02;
/** A burst of calls, and the time until the next. */
const BURST_MAX = 40;
const PAUSE_MS = 60;
/** By then every deadline has passed, with what a call may take to notice. */
const SETTLED_MS = 3000;
/** By then connections are made again, and the beats have found those that are silent. */
const CALM_MS = 12_000;
const CLOSED_MS = 10_000;
/** One life goes on for no more bursts than this, mutations or not. */
const BURSTS_MAX = 400;
const STREAM = 0x1_0000_0000;

/** Stands between nodes and client, and makes some of the answers into what they should not be. */
class Meddler {
  mutations = 0;
  /** How likely an answer is mutated. */
  rate = 0;
  /** How likely one is without which there is no connection, and nothing to be answered. */
  handshakeRate = 0;
  /** Whether what outlives its operation may be mutated. */
  mayLast = true;
  /** Something was mutated whose meaning outlives its operation, or could have been made into such a thing. */
  isLasting = false;
  readonly #random: SeededRandom;
  readonly #mutator: Mutator;

  constructor(random: SeededRandom, donors: readonly Buffer[]) {
    this.#random = random;
    this.#mutator = new Mutator(random, donors);
  }

  readonly tamper = (bytes: Buffer): Buffer => {
    if (this.rate + this.handshakeRate === 0) return bytes;
    const { packets } = readStream(bytes, RESPONSE_MAGICS);
    return Buffer.concat(packets.flatMap((packet) => this.#perhaps(packet)));
  };

  #rateOf(opcode: number): number {
    if (HANDSHAKE_OPCODES.includes(opcode)) return this.handshakeRate;
    return opcode === Opcode.Stat ? this.rate * STAT_SHARE : this.rate;
  }

  #perhaps(packet: Buffer): readonly Buffer[] {
    if (!this.#random.chance(this.#rateOf(packet[1]!))) return [packet];
    const out = this.#mutator.mutate(packet);
    // Behind a length that is too long, all that comes is taken for the rest of that packet.
    const isShifted = readStream(Buffer.concat(out), RESPONSE_MAGICS).rest === 'partial';
    if (isShifted || out.some((each) => isLasting(each)) || isLasting(packet)) {
      if (!this.mayLast) return [packet];
      this.isLasting = true;
    }
    this.mutations++;
    return out;
  }
}

function isLasting(packet: Buffer): boolean {
  if (packet.length < HEADER_BYTES) return false;
  const status = packet.readUInt16BE(6);
  const isRefusal = status === Status.NotMyVbucket || status === Status.UnknownCollection;
  return packet[0] === Magic.ServerRequest || LASTING_OPCODES.includes(packet[1]!) || isRefusal;
}

/**
 * One life of a client whose nodes answer as nobody should: it must go on, settle each call once and within its time,
 * fail with its own errors only, leave nothing behind when it is closed, and, where nothing lasting was told to it, work
 * again as soon as the answers are right.
 */
export async function fuzzAnswers({ seed, mutations, donors }: FuzzOptions): Promise<FuzzReport> {
  const random = new SeededRandom(seed + STREAM);
  const meddler = new Meddler(new SeededRandom(seed + 2 * STREAM), donors);
  const faults: string[] = [];
  const memory = new MemoryGuard();
  let calls = 0;
  try {
    const life = await Life.begin(seed, random, meddler);
    faults.push(...(await life.run(mutations, () => faults.push(...memory.faults()))));
    calls = life.calls;
  } catch (thrown) {
    faults.push(`something was thrown: ${messageOf(thrown)}`);
  }
  faults.push(...memory.faults());
  return { seed, mutations: meddler.mutations, calls, faults };
}

/** Whether more copies are demanded than the bucket has: a configuration that was changed on its way may tell of fewer. */
function isOfReplicas(error: unknown): boolean {
  return error instanceof ArgumentError && /^(persistTo|replicateTo) must be .* as the bucket has/.test(error.message);
}

class Life {
  readonly #world: World;
  readonly #client: WorldClient;
  readonly #random: SeededRandom;
  readonly #meddler: Meddler;
  readonly #settlements = new Settlements();
  readonly #faults: string[] = [];

  private constructor(world: World, client: WorldClient, random: SeededRandom, meddler: Meddler) {
    this.#world = world;
    this.#client = client;
    this.#random = random;
    this.#meddler = meddler;
  }

  static async begin(seed: number, random: SeededRandom, meddler: Meddler): Promise<Life> {
    const { tamper } = meddler;
    const world = await World.start({ seed, nodes: 2, replicas: 1, vbuckets: 4, tamper });
    world.cluster.bucket('default').addCollections({ extra: ['things'] });
    world.cluster.publish('default');
    const connections = random.pick([1, 1, 2]);
    const compression = random.chance(0.3);
    const client = world.addClient({
      parameters: `num_kv_connections=${connections}&enable_compression=${compression}`,
      connectTimeout: 3000,
    });
    return new Life(world, client, random, meddler);
  }

  get calls(): number {
    return this.#settlements.begun;
  }

  async run(mutations: number, watch: () => void): Promise<readonly string[]> {
    const random = this.#random;
    const meddler = this.#meddler;
    const { bucket } = this.#client;
    meddler.mayLast = random.chance(0.7);
    meddler.handshakeRate = random.pick([0, 0, 0.02, 0.1]);
    this.#settlements.watch(bucket.connect());
    // What compresses is loaded in real time.
    while (bucket.state === 'connecting' && this.#client.iops.openSockets === 0) await turn();
    await this.#world.run(SETTLED_MS + 100);
    meddler.rate = random.pick([0.1, 0.4, 0.8, 1]);
    for (let bursts = 0; bucket.connected && bursts < BURSTS_MAX && meddler.mutations < mutations; bursts++) {
      for (let count = random.between(1, BURST_MAX); count > 0; count--) {
        this.#call();
      }
      await this.#world.run(PAUSE_MS);
      if (bursts % 16 === 0) watch();
    }
    meddler.rate = 0;
    meddler.handshakeRate = 0;
    await this.#world.run(SETTLED_MS);
    this.#expect(this.#settlements.open === 0, () => `${this.#settlements.open} calls are open after their deadline`);
    if (bucket.connected && !meddler.isLasting) await this.#recover();
    await this.#end();
    return [...this.#faults, ...this.#settlements.faults];
  }

  #call(): void {
    try {
      this.#settlements.watch(randomCall(this.#client.bucket, this.#random));
    } catch (error) {
      if (!(this.#meddler.isLasting && isOfReplicas(error))) throw error;
    }
  }

  async #recover(): Promise<void> {
    await this.#world.run(CALM_MS);
    for (let index = 0; index < 4; index++) {
      const calling = new Promise<void>((resolve, reject) => {
        const result = this.#client.bucket.get(`key-${index}`, { quiet: true, timeout: 1000 });
        result.setCallbacks(
          () => resolve(),
          (_result, _class, error) => reject(error),
        );
      });
      await this.#world
        .runUntil(calling, SETTLED_MS)
        .catch((error) => this.#faults.push(`a read fails when all is well again: ${messageOf(error)}`));
    }
  }

  async #end(): Promise<void> {
    const { bucket, iops } = this.#client;
    if (this.#random.chance(0.5)) bucket.destroy();
    else this.#settlements.watch(bucket.close());
    await this.#world.run(CLOSED_MS);
    this.#expect(this.#settlements.open === 0, () => `${this.#settlements.open} calls are open after the end`);
    this.#expect(iops.openSockets === 0, () => `${iops.openSockets} sockets are open after the end`);
    this.#expect(iops.armedTimers === 0, () => `${iops.armedTimers} timers are armed after the end`);
    await this.#world.runUntil(this.#world.cluster.stop(), 1000);
  }

  #expect(holds: boolean, message: () => string): void {
    if (!holds) this.#faults.push(message());
  }
}
