import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { EmbeddedCluster } from '@cb/embedded';
import { connect } from '@cb/promise';
import { type IOEvent, type IOSocket, NodeIOPS, type SocketTarget, type SrvTarget } from '@cb/raw';
import { connectTo, keyOn, until } from './clients.js';
import { Relay } from './relay.js';

describe('alternate addresses', () => {
  let cluster: EmbeddedCluster;
  let relays: Relay[];

  beforeEach(async () => {
    cluster = await EmbeddedCluster.start({ nodes: 2 });
    relays = await Promise.all(cluster.nodes.map(({ ports }) => Relay.start(ports.kv)));
    for (const [index, { port }] of relays.entries()) {
      cluster.setAlternateAddress(index, { hostname: 'localhost', ports: { kv: port } });
    }
  });

  afterEach(async () => {
    for (const relay of relays) await relay[Symbol.asyncDispose]();
    await cluster.stop();
  });

  test.each([
    ['127.0.0.1', 'external', 'localhost'],
    ['localhost', 'auto', 'localhost'],
    ['127.0.0.1', 'auto', '127.0.0.1'],
    ['localhost', 'default', '127.0.0.1'],
  ])('seed %s with network=%s uses %s', async (seed, network, host) => {
    const { username, password } = cluster;
    const ports = relays.map(({ port }) => port);
    const connectionString = `couchbase://${seed}:${ports[0]}/default?network=${network}`;
    await using bucket = await connect(connectionString, { username, password });
    const isOutside = host === 'localhost';
    const kv = isOutside ? ports : cluster.nodes.map((node) => node.ports.kv);
    expect(bucket.serverNodes).toEqual(kv.map((port) => `${host}:${port}`));
    await bucket.upsertMulti(Object.fromEntries(['a', 'b', 'c', 'd'].map((key) => [key, 1])));
    expect(relays[1]!.accepted > 0).toBe(isOutside);
    // What is decided at first holds for later maps too.
    await cluster.addNode();
    await cluster.rebalance();
    await until(() => bucket.serverNodes.length === 3);
    expect(bucket.serverNodes.slice(0, 2)).toEqual(kv.map((port) => `${host}:${port}`));
  });
});

test.each([1, 2, 5])('%d connections to a node, and the order of a key holds', async (count) => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2 });
  await using bucket = await connectTo(cluster, `num_kv_connections=${count}`);
  await until(() => cluster.members.every(({ connections }) => connections.size === count));
  const key = keyOn(bucket, cluster, 0);
  await bucket.upsert(key, -1);
  const writes = Array.from({ length: 50 }, (_none, index) => bucket.upsert(key, index));
  const read = bucket.get(key);
  const all = Array.from({ length: 200 }, (_none, index) => bucket.upsert(`k${index}`, index));
  expect((await read).value).toBe(49);
  await Promise.all([...writes, ...all]);
});

describe('DNS SRV', () => {
  /** Answers look-ups as the test says, knows what was looked up, and leads to the ports of the test only. */
  class NamingIOPS extends NodeIOPS {
    readonly asked: string[] = [];
    readonly #targets: readonly SrvTarget[] | undefined;

    constructor(targets: readonly SrvTarget[] | undefined) {
      super();
      this.#targets = targets;
    }

    override resolveSrv(name: string, resolved: (targets: readonly SrvTarget[]) => void): void {
      this.asked.push(name);
      const targets = this.#targets;
      if (targets !== undefined) setImmediate(() => resolved(targets));
    }

    override openSocket(event: IOEvent, target: SocketTarget): IOSocket {
      const isOfTest = this.#targets?.some(({ port }) => port === target.port) ?? false;
      return super.openSocket(event, isOfTest ? target : { ...target, host: '127.0.0.1', port: closing.port });
    }
  }

  let closing: AddressInfo;
  let server: Server;

  beforeAll(async () => {
    server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing = server.address() as AddressInfo;
  });

  afterAll(() => server.close());

  const credentials = { username: 'Administrator', password: 'password' };

  test('stands for the hosts that it names', async () => {
    await using cluster = await EmbeddedCluster.start({ nodes: 2 });
    const down = { host: '127.0.0.1', port: 1 };
    const iops = new NamingIOPS([down, ...cluster.nodes.map(({ ports }) => ({ host: '127.0.0.1', port: ports.kv }))]);
    await using bucket = await connect('couchbase://cb.example.test/default', { ...credentials, iops });
    expect((await bucket.upsert('a', 1)).success).toBe(true);
    expect(iops.asked).toEqual(['_couchbase._tcp.cb.example.test']);
  });

  test.each([
    ['there are no records', []],
    ['nobody answers', undefined],
  ])('leaves the host itself when %s', async (_name, targets) => {
    const iops = new NamingIOPS(targets);
    const connecting = connect('couchbases://cb.invalid/default', { ...credentials, iops, connectTimeout: 1000 });
    await expect(connecting).rejects.toMatchObject({ code: 'connect', seeds: [{ address: 'cb.invalid:11207' }] });
    expect(iops.asked).toEqual(['_couchbases._tcp.cb.invalid']);
  });

  test.each([
    'couchbase://cb.invalid:11210/default',
    'couchbase://a.invalid,b.invalid/default',
    'couchbase://cb.invalid/default?enable_dns_srv=false',
    'couchbase://127.0.0.1/default',
    'couchbase://[::1]/default',
    'couchbase://localhost/default',
  ])('is not asked for %s', async (connectionString) => {
    const iops = new NamingIOPS([]);
    await expect(connect(connectionString, { ...credentials, iops, connectTimeout: 1000 })).rejects.toThrow();
    expect(iops.asked).toEqual([]);
  });

  test('the resolver of the machine finds nothing under a name that cannot exist', async () => {
    const targets = await new Promise((resolve) => new NodeIOPS().resolveSrv('_couchbase._tcp.cb.invalid', resolve));
    expect(targets).toEqual([]);
  });
});
