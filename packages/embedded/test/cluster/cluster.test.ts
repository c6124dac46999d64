import { createServer } from 'node:net';
import { ArgumentError, ClusterMap, Feature, Opcode, Status } from '@cb/protocol';
import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import type { ClusterOptions } from '../../src/cluster/cluster-options.js';
import type { RebalanceOptions } from '../../src/cluster/topology.js';
import { ManualClock } from '../../src/time/manual-clock.js';
import { KvClient } from '../kv-client.js';

/** Below those that systems give to clients, and another one in each process of tests. */
const FIRST_PORT = 12_000 + 4 * (process.pid % 4096);

test('nodes have ports of their own, and the connection string names them all', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2 });
  const ports = cluster.nodes.flatMap(({ ports: { kv, mgmt, capi, n1ql } }) => [kv, mgmt, capi, n1ql]);
  expect(new Set(ports).size).toBe(8);
  expect(cluster.connectionString).toBe(`couchbase://127.0.0.1:${ports[0]},127.0.0.1:${ports[4]}`);
  expect([cluster.username, cluster.password]).toEqual(['Administrator', 'password']);
});

test('ports that are given are used, and stop frees them', async () => {
  const base = FIRST_PORT;
  const first = await EmbeddedCluster.start({ ports: base });
  expect(first.nodes[0]!.ports).toEqual({ kv: base, mgmt: base + 1, capi: base + 2, n1ql: base + 3 });
  await Promise.all([first.stop(), first.stop()]);
  await using second = await EmbeddedCluster.start({ ports: base });
  expect(second.nodes[0]!.ports.kv).toBe(base);
});

test('a taken port is an error, and leaves nothing open', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(FIRST_PORT + 2, '127.0.0.1', resolve);
  });
  await expect(EmbeddedCluster.start({ ports: FIRST_PORT })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await new Promise((resolve) => {
    taken.close(resolve);
  });
  await using cluster = await EmbeddedCluster.start({ ports: FIRST_PORT });
  expect(cluster.nodes[0]!.ports.capi).toBe(FIRST_PORT + 2);
});

test('an unknown option is refused before anything is opened', async () => {
  await expect(EmbeddedCluster.start({ bucket: 'x' } as object)).rejects.toThrow(/no option "bucket"/);
});

test('the configuration places every vbucket on the node that says it has it', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 3, replicas: 2, vbuckets: 6 });
  const client = await KvClient.open(cluster, 1);
  const { value } = await client.ask(Opcode.GetClusterConfig);
  const map = ClusterMap.parse(value, '127.0.0.1');
  expect(map.nodes).toHaveLength(3);
  for (let vbucket = 0; vbucket < 6; vbucket++) {
    for (const [index, node] of cluster.members.entries()) {
      const expected = map.activeOf(vbucket) === index ? 'active' : 'replica';
      expect(node.buckets.get('default')!.vbuckets[vbucket]!.state).toBe(expected);
    }
  }
  client.close();
});

test('a bucket that is dropped closes the connections that have it', async () => {
  await using cluster = await EmbeddedCluster.start({ buckets: ['a', 'b'] });
  const [a, b] = [await KvClient.open(cluster, 0, 'a'), await KvClient.open(cluster, 0, 'b')];
  expect(cluster.dropBucket('a')).toBe(true);
  await a.closed;
  expect((await b.ask(Opcode.Noop)).status).toBe(Status.Success);
  expect(cluster.dropBucket('a')).toBe(false);
  expect(() => cluster.bucket('a')).toThrow(/there is no bucket "a"/);
  b.close();
});

test('each warning is told once', async () => {
  const warnings: string[] = [];
  await using cluster = await EmbeddedCluster.start({ onWarning: (message) => warnings.push(message) });
  const client = await KvClient.open(cluster);
  expect((await client.ask(0xee)).status).toBe(Status.UnknownCommand);
  await client.ask(0xee);
  expect(warnings).toEqual([expect.stringContaining('0xee')]);
  client.close();
});

test('a seed decides the uuids', async () => {
  const uuidOf = async (seed: number): Promise<string> => {
    await using cluster = await EmbeddedCluster.start({ seed });
    return cluster.bucket('default').uuid;
  };
  expect(await uuidOf(5)).toBe(await uuidOf(5));
  expect(await uuidOf(5)).not.toBe(await uuidOf(6));
});

test.each([
  [false, true],
  [true, false],
])('with dedupeMaps %p the second refusal of a vbucket has its map: %p', async (dedupeMaps, hasMap) => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2, dedupeMaps });
  const client = await KvClient.open(cluster);
  const hello = Buffer.of(0, Feature.Xerror, 0, Feature.DedupeNotMyVbucketClustermap);
  await client.ask(Opcode.Hello, { value: hello });
  const vbucket = cluster.bucket('default').vbucketMap.findIndex(([active]) => active === 1);
  const ask = async (): Promise<boolean> => {
    const { status, valueLength } = await client.ask(Opcode.Get, { key: 'k', vbucket });
    expect(status).toBe(Status.NotMyVbucket);
    return valueLength > 0;
  };
  expect([await ask(), await ask()]).toEqual([true, hasMap]);
  client.close();
});

test('while a rebalance goes on, configurations say where vbuckets will be', async () => {
  const clock = new ManualClock();
  await using cluster = await EmbeddedCluster.start({ nodes: 2, vbuckets: 4, clock });
  const client = await KvClient.open(cluster);
  const map = async (): Promise<ClusterMap> =>
    ClusterMap.parse((await client.ask(Opcode.GetClusterConfig)).value, '127.0.0.1');
  await cluster.addNode();
  const rebalanced = cluster.rebalance({ batch: 1, delayMs: 100 });
  const during = await map();
  const forward = [0, 1, 2, 3].map((vbucket) => during.forwardActiveOf(vbucket));
  expect(forward).not.toEqual([0, 1, 2, 3].map((vbucket) => during.activeOf(vbucket)));
  await clock.advance(1000);
  await rebalanced;
  const after = await map();
  expect(after.hasForwardMap).toBe(false);
  expect([0, 1, 2, 3].map((vbucket) => after.activeOf(vbucket))).toEqual(forward);
  client.close();
});

test('alternate addresses are told until they are taken back', async () => {
  await using cluster = await EmbeddedCluster.start();
  const client = await KvClient.open(cluster);
  const external = async () =>
    ClusterMap.parse((await client.ask(Opcode.GetClusterConfig)).value, '127.0.0.1').nodes[0]!.alternateAddresses.get(
      'external',
    );
  expect(await external()).toBeUndefined();
  cluster.setAlternateAddress(0, { hostname: 'outside.example', ports: { kv: 12345 } });
  expect(await external()).toMatchObject({ hostname: 'outside.example', plain: { kv: 12345 } });
  cluster.setAlternateAddress(0, undefined);
  expect(await external()).toBeUndefined();
  client.close();
});

test('a bucket that is created later serves at once, with or without options', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2 });
  for (const [name, options] of [['plain'], ['empty', {}], ['some', { collections: { shop: ['orders'] } }]] as const) {
    const bucket = cluster.createBucket(name, options);
    expect(bucket.settings).toEqual({ ...cluster.bucket('default').settings });
    const client = await KvClient.open(cluster, 0, name);
    expect((await client.ask(Opcode.GetClusterConfig)).status).toBe(Status.Success);
    client.close();
  }
  cluster.bucket('some').put('k', 1, { scope: 'shop', collection: 'orders' });
  expect(() => cluster.createBucket('plain')).toThrow(/there is a bucket "plain" already/);
  expect(() => cluster.createBucket('wrong', { replica: 1 } as never)).toThrow(ArgumentError);
  expect(cluster.findBucket('wrong')).toBeUndefined();
});

test.each(['0.0.0.0', '::'])('a cluster that listens at %s tells clients no name of its own', async (host) => {
  const warnings: string[] = [];
  const users = { app: { password: 'sesame', roles: ['admin'] } };
  await using cluster = await EmbeddedCluster.start({ host, users, onWarning: (message) => warnings.push(message) });
  const { kv, mgmt } = cluster.nodes[0]!.ports;
  expect(cluster.connectionString).toBe(`couchbase://127.0.0.1:${kv}`);
  const client = await KvClient.open(cluster);
  const { value } = await client.ask(Opcode.GetClusterConfig);
  client.close();
  expect(JSON.parse(value.toString()).nodesExt).toEqual([expect.not.objectContaining({ hostname: expect.anything() })]);
  expect(ClusterMap.parse(value, 'db').nodes).toMatchObject([{ hostname: 'db' }]);
  const headers = { authorization: `Basic ${Buffer.from('app:sesame').toString('base64')}` };
  const response = await fetch(`http://localhost:${mgmt}/pools/nodes`, { headers });
  expect(await response.json()).toMatchObject({ nodes: [{ hostname: `localhost:${mgmt}` }] });
  expect(warnings).toEqual([]);
});

test('the default password is warned of where others than this machine can connect', async () => {
  const warningsOf = async (options: ClusterOptions): Promise<string[]> => {
    const warnings: string[] = [];
    await using _ = await EmbeddedCluster.start({ ...options, onWarning: (message) => warnings.push(message) });
    return warnings;
  };
  expect(await warningsOf({ host: '0.0.0.0' })).toEqual([expect.stringMatching(/0\.0\.0\.0.* default password/)]);
  expect(await warningsOf({})).toEqual([]);
  expect(await warningsOf({ host: 'localhost' })).toEqual([]);
});

test.each([
  [{ batch: 0 }, 'batch must be an integer from 1'],
  [{ batch: 1.5 }, 'batch must be an integer from 1'],
  [{ delayMs: -1 }, 'delayMs must be a number of milliseconds'],
  [{ takeoverMs: Number.POSITIVE_INFINITY }, 'takeoverMs must be a finite number'],
  [{ without: [2] }, 'node must be from 0 to 1'],
  [{ without: 1 as unknown as number[] }, 'without must be an array'],
  [{ batches: 1 } as RebalanceOptions, 'did you mean batch?'],
])('a rebalance with %j is refused before anything has moved', async (options, message) => {
  await using cluster = await EmbeddedCluster.start({ nodes: 1 });
  await cluster.addNode();
  const before = [...cluster.bucket('default').vbucketMap];
  await expect(cluster.rebalance(options)).rejects.toThrow(message);
  await expect(cluster.rebalance(options)).rejects.toBeInstanceOf(ArgumentError);
  expect(cluster.bucket('default').vbucketMap).toEqual(before);
});
