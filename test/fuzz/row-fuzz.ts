import { setImmediate as turn } from 'node:timers/promises';
import type { CouchbaseError } from '@cb/protocol';
import { Magic } from '@cb/protocol';
import { type Endpoint, SeededRandom } from '@cb/raw/simulation';
import { AsyncViewBase, n1qlQueryAll, queryAll, queryEx, type ViewOptions } from '@cb/views';
import { World, type WorldClient } from '../simulation/world.js';
import { type FuzzOptions, type FuzzReport, messageOf } from './fuzz-report.js';
import { type HttpAnswer, rightAnswer, rightBody, wrongAnswer } from './http-answers.js';
import { MemoryGuard } from './memory-guard.js';
import { putTogether, readStream, takeApart } from './packet-parts.js';
import { faultOf, Settlements } from './settlements.js';

const PORTS = { capi: 8092, n1ql: 8093 };
const RESPONSE_MAGICS = [Magic.Response, Magic.AltResponse, Magic.ServerRequest];
const TIMEOUTS_MS = [100, 400, 1000] as const;
const QUERIES_MAX = 8;
const PAUSE_MS = 100;
/** By then every deadline has passed, with what a request may take to notice. */
const SETTLED_MS = 4000;
const CLOSED_MS = 10_000;
/** A life goes on for no more bursts than this. */
const BURSTS_MAX = 2000;
const WRONG_RATE = 0.8;
const STREAM = 0x1_0000_0000;

/** The HTTP services of a node, which answer as nobody should. */
class Services {
  mutations = 0;
  isWell = true;
  readonly #world: World;
  readonly #random: SeededRandom;

  constructor(world: World, random: SeededRandom) {
    this.#world = world;
    this.#random = random;
    for (const port of Object.values(PORTS)) world.network.listen('node-0', port, (endpoint) => this.#accept(endpoint));
  }

  #accept(endpoint: Endpoint): { readable(): void; writable(): void } {
    let received = '';
    const readable = (): void => {
      for (let piece = endpoint.read(); piece !== undefined; piece = endpoint.read())
        received += piece.toString('latin1');
      for (let end = endOf(received); end > 0; end = endOf(received)) {
        const [, path = ''] = received.split(' ', 2);
        received = received.slice(end);
        this.#answer(endpoint, path);
      }
    };
    return { readable, writable() {} };
  }

  #answer(endpoint: Endpoint, path: string): void {
    const { bytes, fate } = this.#next(path);
    if (bytes.length > 0) endpoint.write(bytes);
    if (fate === 'kept') return;
    // What was written arrives first.
    if (fate === 'ended') endpoint.end();
    else this.#world.network.schedule.after(this.#random.between(0, 2000), () => endpoint.destroy());
  }

  #next(path: string): HttpAnswer {
    const random = this.#random;
    const body = rightBody(path, random);
    if (this.isWell || !random.chance(WRONG_RATE)) return rightAnswer(body, random);
    this.mutations++;
    return wrongAnswer(body, random);
  }
}

/** Where the first request of a connection ends; 0 when it is not complete. */
function endOf(received: string): number {
  const head = received.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const length = Number(/content-length: *(\d+)/i.exec(received.slice(0, head))?.[1] ?? 0);
  const end = head + 4 + length;
  return end <= received.length ? end : 0;
}

/** Tells clients that the node has the services: the embedded cluster has none on a simulated network. */
function withServices(bytes: Buffer): Buffer {
  const { packets } = readStream(bytes, RESPONSE_MAGICS);
  return Buffer.concat(
    packets.map((packet) => {
      const parts = takeApart(packet);
      const text = parts.value.toString('latin1');
      if (!text.includes('"nodesExt"')) return packet;
      const services = `"capi":${PORTS.capi},"n1ql":${PORTS.n1ql}`;
      parts.value = Buffer.from(
        text.replace(/"capi":\d+,?/g, '').replaceAll('"services":{', `"services":{${services},`),
        'latin1',
      );
      return putTogether(parts);
    }),
  );
}

/**
 * One life of a client that asks for rows, of services that answer as none should: each request ends once and within its
 * time, with an error of ours or without, and nothing is delivered behind its end; right answers are read as ever.
 */
export async function fuzzRows({ seed, mutations }: FuzzOptions): Promise<FuzzReport> {
  const memory = new MemoryGuard();
  const faults: string[] = [];
  let done = 0;
  let calls = 0;
  try {
    const world = await World.start({ seed, nodes: 1, replicas: 0, vbuckets: 4, tamper: withServices });
    const client = world.addClient();
    const life = new Life(world, client, new Services(world, new SeededRandom(seed + 2 * STREAM)), seed);
    faults.push(...(await life.run(mutations)));
    done = life.services.mutations;
    calls = life.settlements.begun;
  } catch (thrown) {
    faults.push(`something was thrown: ${messageOf(thrown)}`);
  }
  faults.push(...memory.faults());
  return { seed, mutations: done, calls, faults };
}

class Life {
  readonly services: Services;
  readonly settlements = new Settlements();
  readonly #world: World;
  readonly #client: WorldClient;
  readonly #random: SeededRandom;
  readonly #faults: string[] = [];

  constructor(world: World, client: WorldClient, services: Services, seed: number) {
    this.#world = world;
    this.#client = client;
    this.services = services;
    this.#random = new SeededRandom(seed + STREAM);
  }

  async run(mutations: number): Promise<readonly string[]> {
    const world = this.#world;
    const { bucket, iops } = this.#client;
    await world.connect(this.#client);
    await this.#load();
    this.services.isWell = false;
    for (let bursts = 0; bursts < BURSTS_MAX && this.services.mutations < mutations; bursts++) {
      for (let count = this.#random.between(1, QUERIES_MAX); count > 0; count--) this.#query();
      await world.run(PAUSE_MS);
    }
    await world.run(SETTLED_MS);
    this.#expect(this.settlements.open === 0, () => `${this.settlements.open} requests are open after their deadline`);
    this.services.isWell = true;
    await this.#recover();
    this.settlements.watch(bucket.close());
    await world.run(CLOSED_MS);
    this.#expect(this.settlements.open === 0, () => `${this.settlements.open} requests are open after the end`);
    this.#expect(iops.openSockets === 0, () => `${iops.openSockets} sockets are open after the end`);
    this.#expect(iops.armedTimers === 0, () => `${iops.armedTimers} timers are armed after the end`);
    await world.runUntil(world.cluster.stop(), 1000);
    return [...this.#faults, ...this.settlements.faults];
  }

  /** What speaks HTTP and reads rows is loaded with the first requests, in real time. */
  async #load(): Promise<void> {
    const { bucket } = this.#client;
    let isLoaded = false;
    const first = Promise.allSettled([queryAll(bucket, 'd', 'v'), n1qlQueryAll(bucket, 'SELECT 1')]);
    void first.then(() => {
      isLoaded = true;
    });
    while (!isLoaded) {
      await turn();
      await this.#world.run(1);
    }
  }

  #query(): void {
    const random = this.#random;
    const { bucket } = this.#client;
    const options: ViewOptions = { timeout: random.pick(TIMEOUTS_MS), rowsPerCall: random.pick([0, 0, -1, 3]) };
    switch (random.between(0, 3)) {
      case 0:
        this.settlements.watchPromise(n1qlQueryAll(bucket, 'SELECT 1', { timeout: options.timeout }));
        break;
      case 1:
        this.settlements.watchPromise(queryAll(bucket, 'd', 'v', { ...options, onError: 'continue' }));
        break;
      case 2:
        this.settlements.watchPromise(queryAll(bucket, 'd', 'v', options));
        break;
      default:
        this.#handle(options);
    }
  }

  /** A request whose rows go to a handler. */
  #handle(options: ViewOptions): void {
    const { settlements } = this;
    const settle = settlements.begin();
    let errors = 0;
    let isOver = false;
    class Handler extends AsyncViewBase {
      onRows(rows: Iterable<unknown>): void {
        if (isOver || errors > 0) settlements.faults.push('rows came behind the end');
        if ([...rows].length === 0) settlements.faults.push('rows came that are none');
      }

      onError(error: CouchbaseError): void {
        if (++errors > 1 || isOver) settlements.faults.push('an error came too many');
        const fault = faultOf(error);
        if (fault !== undefined) settlements.faults.push(fault);
      }

      onDone(): void {
        isOver = true;
        settle();
      }
    }
    queryEx(this.#client.bucket, Handler, 'd', 'v', options);
  }

  /** What is right is read again; a connection that was left in the middle of an answer is found out by the first. */
  async #recover(): Promise<void> {
    for (let count = 0; count < 4; count++) {
      await this.#world
        .runUntil(queryAll(this.#client.bucket, 'd', 'v', { timeout: 1000 }), SETTLED_MS)
        .catch((error) =>
          this.#expect(
            faultOf(error) === undefined && /errors|a reason/.test(messageOf(error)),
            () => `a right answer is not read: ${messageOf(error)}`,
          ),
        );
    }
  }

  #expect(holds: boolean, message: () => string): void {
    if (!holds) this.#faults.push(message());
  }
}
