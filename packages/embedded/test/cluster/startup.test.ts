import { ArgumentError, Feature, Opcode, Status } from '@cb/protocol';
import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import type { RestartOptions } from '../../src/cluster/startup.js';
import { ManualClock } from '../../src/time/manual-clock.js';
import { storeExtras } from '../kv/conversation.js';
import { KvClient } from '../kv-client.js';

interface Bed extends AsyncDisposable {
  readonly cluster: EmbeddedCluster;
  readonly clock: ManualClock;
}

/** A cluster of two nodes whose first was killed with a document on it, and started again. */
async function restarted(options: RestartOptions): Promise<Bed> {
  const clock = new ManualClock();
  const cluster = await EmbeddedCluster.start({ nodes: 2, replicas: 1, vbuckets: 1, clock });
  cluster.bucket('default').put('k', 1);
  await cluster.kill(0);
  await cluster.restart(0, options);
  return { cluster, clock, [Symbol.asyncDispose]: () => cluster.stop() };
}

async function greeted({ cluster }: Bed): Promise<KvClient> {
  const client = await KvClient.connect(cluster.nodes[0]!.ports.kv);
  await client.ask(Opcode.Hello, { value: Buffer.from([0, Feature.Xerror]) });
  return client;
}

async function login(client: KvClient, { cluster: { username, password } }: Bed): Promise<number> {
  const { status } = await client.ask(Opcode.SaslAuth, { key: 'PLAIN', value: `\0${username}\0${password}` });
  return status;
}

async function select(client: KvClient): Promise<number> {
  return (await client.ask(Opcode.SelectBucket, { key: 'default' })).status;
}

test('a node comes back without its bucket, then without its documents, then with everything and its map', async () => {
  await using bed = await restarted({ unavailableMs: 500, warmupMs: 300 });
  const client = await greeted(bed);
  expect(await login(client, bed)).toBe(Status.Success);
  expect(await select(client)).toBe(Status.KeyNotFound);
  expect((await client.ask(Opcode.GetClusterConfig)).status).toBe(Status.KeyNotFound);

  await bed.clock.advance(500);
  expect(await select(client)).toBe(Status.Success);
  expect((await client.ask(Opcode.Get, { key: 'k' })).status).toBe(Status.TemporaryFailure);
  expect((await client.ask(Opcode.Get, { key: 'missing' })).status).toBe(Status.TemporaryFailure);
  const set = await client.ask(Opcode.Set, { key: 'new', value: '1', extras: storeExtras() });
  expect(set.status).toBe(Status.TemporaryFailure);
  expect((await client.ask(Opcode.GetClusterConfig)).status).toBe(Status.KeyNotFound);

  await bed.clock.advance(300);
  expect((await client.ask(Opcode.Get, { key: 'k' })).status).toBe(Status.Success);
  expect((await client.ask(Opcode.GetClusterConfig)).status).toBe(Status.Success);
  client.close();
});

test.each([
  ['no-access', Status.Success, Status.Access],
  ['no-bucket', Status.Success, Status.KeyNotFound],
  ['no-user', Status.AuthError, undefined],
] as const)('as long as there is no bucket it may say %s', async (unavailableAs, loginStatus, selectStatus) => {
  await using bed = await restarted({ unavailableMs: 500, unavailableAs });
  const client = await greeted(bed);
  expect(await login(client, bed)).toBe(loginStatus);
  if (selectStatus !== undefined) expect(await select(client)).toBe(selectStatus);
  await bed.clock.advance(500);
  expect(await login(client, bed)).toBe(Status.Success);
  expect(await select(client)).toBe(Status.Success);
  client.close();
});

test('a durable write does not count on a node that is not done', async () => {
  await using bed = await restarted({ warmupMs: 300 });
  const { cluster, clock } = bed;
  const bucket = cluster.bucket('default');
  const [active, replica] = bucket.vbucketMap[0]!;
  const copy = bucket.parts[replica!]!.vbuckets[0]!;
  expect(active).toBe(0);
  bucket.put('later', 1);
  expect(copy.read(0, 'later')).toBeUndefined();
  await clock.advance(300);
  expect(copy.read(0, 'later')).toBeDefined();
});

test('a node that is killed on the way begins again', async () => {
  await using bed = await restarted({ unavailableMs: 500 });
  await bed.cluster.kill(0);
  await bed.cluster.restart(0, { unavailableMs: 500 });
  await bed.clock.advance(499);
  const client = await greeted(bed);
  await login(client, bed);
  expect(await select(client)).toBe(Status.KeyNotFound);
  await bed.clock.advance(1);
  expect(await select(client)).toBe(Status.Success);
  client.close();
});

test('without options it serves at once', async () => {
  await using bed = await restarted({});
  const client = await KvClient.open(bed.cluster);
  expect((await client.ask(Opcode.Get, { key: 'k' })).status).toBe(Status.Success);
  client.close();
});

test.each<[object, RegExp]>([
  [{ warmUpMs: 1 }, /no option "warmUpMs"/],
  [{ warmupMs: -1 }, /warmupMs must be/],
  [{ unavailableMs: Number.POSITIVE_INFINITY }, /unavailableMs must be a finite/],
  [{ unavailableAs: 'gone' }, /unavailableAs must be one of/],
])('%j is refused', async (options, message) => {
  await using cluster = await EmbeddedCluster.start();
  await cluster.kill(0);
  await expect(cluster.restart(0, options as RestartOptions)).rejects.toThrow(ArgumentError);
  await expect(cluster.restart(0, options as RestartOptions)).rejects.toThrow(message);
  await cluster.restart(0);
});
