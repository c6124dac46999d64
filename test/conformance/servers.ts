import { EmbeddedCluster } from '@cb/embedded';
import { ManualClock } from '../../packages/embedded/test/store/manual-clock.js';
import { CbServe } from '../peers/cb-serve.js';
import { Memcached } from '../peers/memcached.js';
import type { Driver } from './driver.js';
import { EMBEDDED, EMBEDDED_ALONE, MEMCACHED, type Supports } from './manifest.js';
import { officialDriver } from './official-driver.js';
import { ourDriver } from './our-driver.js';
import type { Need, Setting } from './scenario.js';

export type Client = 'our client' | 'the official SDK';

/** For what a server is known not to answer. */
const SHORT_MS = 300;

/** What the official SDK has no calls for. */
const NOT_OFFICIAL: readonly Need[] = ['statistics', 'randomDocuments', 'observing', 'quiet', 'pipelines', 'items'];

/** A server that runs, with a client that is connected to it. */
export interface Running extends AsyncDisposable {
  readonly setting: Setting;
  /** One more connection of our client, which waits a short time at most for what the server does not answer. */
  impatient(): Promise<Driver>;
}

/** A server that the scenarios run against. */
export interface Server {
  readonly name: string;
  readonly supports: Supports;
  /** The clients that can talk to it, each with what it cannot use there. */
  readonly clients: Partial<Readonly<Record<Client, readonly Need[]>>>;
  /** The families of scenarios to run. Default all. */
  readonly families?: readonly string[];
  start(client: Client): Promise<Running>;
}

function embedded(nodes: number, supports: Supports): Server {
  return {
    name: `the embedded cluster, ${nodes === 1 ? 'one node' : `${nodes} nodes`}`,
    supports,
    // A scan of the official SDK blocks the thread until the server has answered, which is on the same one here.
    clients: { 'our client': [], 'the official SDK': [...NOT_OFFICIAL, 'scans'] },
    start: (client) => startEmbedded(nodes, client),
  };
}

async function startEmbedded(nodes: number, client: Client): Promise<Running> {
  const clock = new ManualClock(Date.now());
  const buckets = { default: { collections: { shop: ['orders', 'items'], _default: ['flat'] } } };
  const cluster = await EmbeddedCluster.start({ nodes, clock, buckets });
  const { connectionString, username, password } = cluster;
  const spec = `${connectionString}/default`;
  const driver =
    client === 'our client'
      ? await ourDriver(spec, { username, password })
      : await officialDriver(connectionString, 'default', { username, password });
  const addresses = cluster.nodes.map(({ hostname, ports }) => `${hostname}:${ports.kv}`);
  const pass = async (seconds: number): Promise<void> => clock.advance(seconds * 1000);
  const setting = { driver, documents: driver.documents, nodes: addresses, lifetime: 20, pass };
  const impatient = (): Promise<Driver> => ourDriver(spec, { username, password, timeout: SHORT_MS });
  return running(setting, impatient, () => cluster.stop());
}

const memcached: Server = {
  name: 'the memcached of the operating system',
  supports: MEMCACHED,
  clients: { 'our client': [] },
  async start() {
    const server = await Memcached.start();
    const node = `127.0.0.1:${server.port}`;
    const spec = `memcached://${node}`;
    const driver = await ourDriver(spec, {});
    // Its clock has whole seconds, and nobody can move it.
    const pass = (seconds: number): Promise<void> =>
      new Promise((resolve) => setTimeout(resolve, seconds * 1000 + 100));
    const setting = { driver, documents: driver.documents, nodes: [node], lifetime: 1, pass };
    const impatient = (): Promise<Driver> => ourDriver(spec, { timeout: SHORT_MS });
    return running(setting, impatient, () => server[Symbol.asyncDispose]());
  },
};

const ownProcess: Server = {
  name: 'the embedded cluster, in a process of its own',
  supports: EMBEDDED,
  clients: { 'the official SDK': NOT_OFFICIAL },
  families: ['scans'],
  async start() {
    const server = await CbServe.start('--nodes', '2');
    const { connectionString, username, password, ports } = server.served;
    const driver = await officialDriver(connectionString, 'default', { username, password });
    const pass = (): never => {
      throw new Error('nobody can move its clock');
    };
    const nodes = ports.map(({ kv }) => `127.0.0.1:${kv}`);
    const setting = { driver, documents: driver.documents, nodes, lifetime: 1, pass };
    const impatient = (): Promise<Driver> => ourDriver(`${connectionString}/default`, { username, password });
    return running(setting, impatient, () => server[Symbol.asyncDispose]());
  },
};

function running(setting: Setting, impatient: () => Promise<Driver>, stop: () => Promise<void>): Running {
  return {
    setting,
    impatient,
    async [Symbol.asyncDispose]() {
      await setting.driver[Symbol.asyncDispose]();
      await stop();
    },
  };
}

export const SERVERS: readonly Server[] = [embedded(1, EMBEDDED_ALONE), embedded(4, EMBEDDED), ownProcess, memcached];
