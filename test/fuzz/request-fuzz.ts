import { EmbeddedCluster, ManualClock } from '@cb/embedded';
import { Feature, Magic, Opcode, Status } from '@cb/protocol';
import { SeededRandom } from '@cb/raw/simulation';
import { type FuzzOptions, type FuzzReport, messageOf } from './fuzz-report.js';
import { MemoryGuard } from './memory-guard.js';
import { type MemoryConnection, MemoryNetwork } from './memory-network.js';
import { Mutator } from './mutator.js';
import { readStream, takeApart } from './packet-parts.js';
import { storeFaults } from './store-state.js';
import { request, validRequests } from './valid-requests.js';

const REQUEST_MAGICS = [Magic.Request, Magic.AltRequest, Magic.ServerResponse];
const ANSWER_MAGICS = [Magic.Response, Magic.AltResponse, Magic.ServerRequest];
/** Those that leave some of their answers out. */
const QUIET: readonly number[] = Object.entries(Opcode).flatMap(([name, opcode]) =>
  name.endsWith('Q') ? [opcode] : [],
);
const FEATURES: readonly number[] = Object.values(Feature);
const VBUCKETS = 4;
const EPOCH_MS = Date.UTC(2024, 0, 1);
/** Longer than the longest time that a durable write may have. */
const PATIENCE_MS = 70_000;
const REQUESTS_MAX = 120;
const STREAM = 0x1_0000_0000;
/** The bucket of the sessions that misbehave has the name that recordings know. */
const BUCKETS = { default: { vbuckets: VBUCKETS }, calm: { vbuckets: VBUCKETS } };
const USERS = {
  Administrator: { password: 'password', roles: ['admin'] },
  writer: { password: 'writer', roles: ['data_reader[default]', 'data_writer[default]'] },
  calm: { password: 'calm', roles: ['data_reader[calm]', 'data_writer[calm]'] },
};
type UserName = keyof typeof USERS;

/**
 * One life of a cluster whose clients ask as nobody should: each request is answered or its session ended, what is
 * answered is well-formed and was asked for, what is stored stays in order, and a session that behaves is served as ever.
 */
export async function fuzzRequests({ seed, mutations, donors }: FuzzOptions): Promise<FuzzReport> {
  const memory = new MemoryGuard();
  const life = await Life.begin(seed, donors);
  const faults: string[] = [];
  try {
    faults.push(...life.run(mutations));
  } catch (thrown) {
    faults.push(`something was thrown: ${messageOf(thrown)}`);
  }
  faults.push(...memory.faults());
  await life.end();
  return { seed, mutations: life.mutations, calls: life.requests, faults };
}

class Life {
  mutations = 0;
  requests = 0;
  readonly #cluster: EmbeddedCluster;
  readonly #network: MemoryNetwork;
  readonly #clock: ManualClock;
  readonly #random: SeededRandom;
  readonly #mutator: Mutator;
  readonly #valid: readonly (() => Buffer)[];
  readonly #donors: readonly Buffer[];
  #turn = 0;

  private constructor(
    place: { readonly cluster: EmbeddedCluster; readonly network: MemoryNetwork; readonly clock: ManualClock },
    seed: number,
    donors: readonly Buffer[],
  ) {
    this.#cluster = place.cluster;
    this.#network = place.network;
    this.#clock = place.clock;
    this.#random = new SeededRandom(seed + STREAM);
    this.#mutator = new Mutator(new SeededRandom(seed + 2 * STREAM), donors);
    this.#valid = validRequests(this.#random, VBUCKETS);
    this.#donors = donors;
  }

  static async begin(seed: number, donors: readonly Buffer[]): Promise<Life> {
    const network = new MemoryNetwork();
    const clock = new ManualClock(EPOCH_MS);
    const cluster = await EmbeddedCluster.start({
      ...{ seed, network, clock, nodes: 2, replicas: 1, buckets: BUCKETS, users: USERS },
      scramIterations: 1,
      fallbackSalt: Buffer.alloc(16).toString('base64'),
      onWarning: () => {},
    });
    return new Life({ cluster, network, clock }, seed, donors);
  }

  end(): Promise<void> {
    return this.#cluster.stop();
  }

  run(mutations: number): readonly string[] {
    const calm = this.#signIn(0, 'calm', 'calm', [Feature.Collections]);
    const faults: string[] = [];
    while (this.mutations < mutations && faults.length === 0) {
      if (!this.#isWhole) break;
      faults.push(...this.#session(), ...this.#calmTurn(calm));
      if (this.#isWhole) faults.push(...storeFaults(this.#cluster));
    }
    calm.leave();
    const left = this.#cluster.members.reduce((count, { sessions }) => count + sessions.size, 0);
    if (left > 0) faults.push(`${left} sessions are left when their connections are gone`);
    return faults;
  }

  /** False once an administrator has deleted the bucket, or given a vbucket two histories by making it active twice. */
  get #isWhole(): boolean {
    const parts = this.#cluster.members.map(({ buckets }) => buckets.get('default'));
    const actives = Array.from({ length: VBUCKETS }, (_none, id) =>
      parts.filter((part) => part?.vbuckets[id]?.state === 'active'),
    );
    return parts.every((part) => part !== undefined) && actives.every(({ length }) => length < 2);
  }

  #signIn(node: number, user: UserName, bucket: string, features: readonly number[]): MemoryConnection {
    const connection = this.#network.connect(node);
    const hello = Buffer.from(features.flatMap((code) => [code >> 8, code & 0xff]));
    const proof = `\0${user}\0${USERS[user].password}`;
    connection.send(request({ opcode: Opcode.Hello, key: 'fuzz', value: hello }));
    connection.send(request({ opcode: Opcode.SaslAuth, key: 'PLAIN', value: proof }));
    connection.send(request({ opcode: Opcode.SelectBucket, key: bucket }));
    connection.take();
    return connection;
  }

  /** A client that misbehaves, from its beginning to its end. */
  #session(): string[] {
    const random = this.#random;
    const user = random.pick(['Administrator', 'writer', 'writer'] as const);
    const agreed = [Feature.Collections, Feature.Xerror, ...FEATURES.filter(() => random.chance(0.5))];
    const connection = this.#signIn(random.between(0, 1), user, 'default', agreed);
    const sent: Buffer[] = [];
    for (let count = random.between(1, REQUESTS_MAX); count > 0 && connection.isOpen; count--) {
      const packet = this.#nextRequest();
      const isMutated = random.chance(0.85);
      if (isMutated) this.mutations++;
      for (const bytes of isMutated ? this.#mutator.mutate(packet) : [packet]) {
        sent.push(bytes);
        this.#sendCut(connection, bytes);
      }
      if (random.chance(0.02)) this.#clock.step(random.pick([1, 50, 2000]));
      this.#network.settle();
    }
    this.#bringToEnd();
    const faults = this.#sessionFaults(Buffer.concat(sent), connection);
    connection.leave();
    return faults;
  }

  #nextRequest(): Buffer {
    const random = this.#random;
    if (this.#donors.length === 0 || random.chance(0.6)) return random.pick(this.#valid)();
    const packet = Buffer.from(random.pick(this.#donors));
    if (random.chance(0.7)) packet.writeUInt16BE(random.between(0, VBUCKETS - 1), 6);
    return packet;
  }

  #sendCut(connection: MemoryConnection, bytes: Buffer): void {
    const at = this.#random.chance(0.3) ? this.#random.between(0, bytes.length) : 0;
    if (at > 0) connection.send(bytes.subarray(0, at));
    if (at < bytes.length) connection.send(bytes.subarray(at));
  }

  /** Lets all that waits come to its end: time passes, and no vbucket stays pending. */
  #bringToEnd(): void {
    for (const { buckets } of this.#cluster.members) {
      const part = buckets.get('default');
      for (const vbucket of part?.vbuckets ?? []) {
        if (vbucket?.state === 'pending') part!.setVbucketState(vbucket.id, 'active');
      }
    }
    this.#network.settle();
    this.#clock.step(PATIENCE_MS);
    this.#network.settle();
  }

  #sessionFaults(sent: Buffer, connection: MemoryConnection): string[] {
    const asked = readStream(sent, REQUEST_MAGICS);
    const answered = readStream(connection.take(), ANSWER_MAGICS);
    this.requests += asked.packets.length;
    if (answered.rest !== 'whole') return ['an answer is not well-formed'];
    const open = new Map<string, number>();
    for (const packet of asked.packets) {
      if (packet[0] === Magic.ServerResponse) continue;
      const name = nameOf(packet);
      open.set(name, (open.get(name) ?? 0) + 1);
    }
    const faults: string[] = [];
    const came = new Map<string, number>();
    for (const packet of answered.packets) {
      if (packet[0] === Magic.ServerRequest) continue;
      const name = nameOf(packet);
      came.set(name, (came.get(name) ?? 0) + 1);
      if (!open.has(name)) faults.push(`${name} is answered and was not asked`);
    }
    if (!connection.isOpen) return faults;
    if (asked.rest === 'broken')
      return [...faults, 'a stream that is not a sequence of requests does not end the session'];
    for (const [name, count] of open) {
      const isQuiet = QUIET.includes(Number(name.split(' ')[0]));
      if (!isQuiet && (came.get(name) ?? 0) < count) faults.push(`${name} is asked and not answered`);
    }
    return faults;
  }

  /** A session that behaves stores something, and reads it. */
  #calmTurn(calm: MemoryConnection): string[] {
    const value = `turn ${++this.#turn}`;
    const place = { key: '\0calm', vbucket: 0 };
    calm.send(request({ opcode: Opcode.Set, ...place, value, extras: Buffer.alloc(8) }, 1));
    calm.send(request({ opcode: Opcode.Get, ...place }, 2));
    this.#network.settle();
    const { packets } = readStream(calm.take(), ANSWER_MAGICS);
    const answers = packets.map(takeApart).filter(({ magic }) => magic !== Magic.ServerRequest);
    const isServed =
      calm.isOpen &&
      answers.length === 2 &&
      answers.every(
        ({ vbucketOrStatus, opaque }, index) => vbucketOrStatus === Status.Success && opaque === index + 1,
      ) &&
      answers[1]!.value.toString() === value;
    return isServed
      ? []
      : [
          `a session that behaves is not served: ${JSON.stringify(answers.map(({ vbucketOrStatus }) => vbucketOrStatus))}`,
        ];
  }
}

/** What an answer must have in common with its request. */
function nameOf(packet: Buffer): string {
  return `${packet[1]} #${packet.readUInt32BE(12)}`;
}
