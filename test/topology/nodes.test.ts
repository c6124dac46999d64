import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect } from '@cb/promise';
import { connectTo, keyOn, until } from './clients.js';
import { Relay } from './relay.js';

/** No map is polled for, and no silent node given up, within a test: pushes and refusals must do. */
const NO_POLL = 'config_poll_interval=600000';

/** Reads and writes without a pause until it is told to stop; gives what failed. */
function load(bucket: Bucket, keys: readonly string[]): () => Promise<unknown[]> {
  const failures: unknown[] = [];
  let goesOn = true;
  const worker = async (key: string): Promise<void> => {
    for (let value = 0; goesOn; value++) {
      try {
        await bucket.upsert(key, value);
        expect((await bucket.get(key)).value).toBe(value);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  const workers = keys.map(worker);
  return async () => {
    goesOn = false;
    await Promise.all(workers);
    return failures;
  };
}

const KEYS = Array.from({ length: 32 }, (_none, index) => `load-${index}`);

test('nodes join and leave under load, and nothing fails', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2 });
  await using bucket = await connectTo(cluster, NO_POLL);
  const stop = load(bucket, KEYS);
  const added = await cluster.addNode();
  await cluster.rebalance({ batch: 4, delayMs: 5 });
  await until(() => bucket.serverNodes.length === 3);
  await until(() => cluster.members[added]!.connections.size > 0);
  expect(bucket.serverNodes).toContain(`127.0.0.1:${cluster.nodes[added]!.ports.kv}`);
  await cluster.rebalance({ batch: 4, delayMs: 5, without: [0] });
  await until(() => bucket.serverNodes.length === 2);
  // The connection to the node that left is closed when its last answer is in.
  await until(() => cluster.members[0]!.connections.size === 0);
  expect(await stop()).toEqual([]);
});

test('operations that wait for a dead node go to the one that takes over, as soon as that is known', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 3, replicas: 1 });
  await using bucket = await connectTo(cluster, NO_POLL);
  await bucket.waitUntilReady();
  const key = keyOn(bucket, cluster, 1);
  await bucket.upsert(key, 'kept');
  await cluster.kill(1);
  await until(() => bucket.diagnostics().services['kv']!.some(({ state }) => state !== 'connected'));
  const [before, written, after] = [bucket.get(key), bucket.upsert(key, 'new'), bucket.get(key)];
  cluster.failOver(1);
  expect((await before).value).toBe('kept');
  expect((await written).success).toBe(true);
  expect((await after).value).toBe('new');
  expect(bucket.serverNodes).toHaveLength(2);
});

test('a node that was restarted is used again', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2 });
  await using bucket = await connectTo(cluster, NO_POLL);
  const key = keyOn(bucket, cluster, 1);
  await bucket.upsert(key, 1);
  await cluster.kill(1);
  const read = bucket.get(key);
  await cluster.restart(1);
  expect((await read).value).toBe(1);
  expect((await bucket.upsert(key, 2)).success).toBe(true);
});

test('a lost connection is made again before anybody needs it', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2 });
  await using bucket = await connectTo(cluster, 'config_poll_interval=50');
  await until(() => cluster.members[1]!.connections.size > 0);
  await cluster.kill(1);
  await cluster.restart(1);
  await until(() => cluster.members[1]!.connections.size > 0);
  expect(bucket.connected).toBe(true);
});

test('all nodes are lost, and found again', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2 });
  await using bucket = await connectTo(cluster, 'config_poll_interval=50');
  const keys = [keyOn(bucket, cluster, 0), keyOn(bucket, cluster, 1)];
  await bucket.upsertMulti(Object.fromEntries(keys.map((key) => [key, 1])));
  await Promise.all([cluster.kill(0), cluster.kill(1)]);
  const reads = Promise.all(keys.map((key) => bucket.get(key)));
  await Promise.all([cluster.restart(0), cluster.restart(1)]);
  expect((await reads).map(({ value }) => value)).toEqual([1, 1]);
});

test('a cluster that took the place of a lost one is found by the seeds', async () => {
  const first = await EmbeddedCluster.start({ seed: 1 });
  await using second = await EmbeddedCluster.start({ seed: 2 });
  second.bucket('default').put('where', 'second');
  await using relay = await Relay.start(first.nodes[0]!.ports.kv);
  const { username, password } = first;
  const connectionString = `couchbase://127.0.0.1:${relay.port}/default?${NO_POLL}`;
  await using bucket = await connect(connectionString, { username, password, timeout: 10_000 });
  for (let change = 0; change < 5; change++) first.publish('default');
  await until(() => bucket.clusterMap!.rev >= 6);
  await first.stop();
  relay.target = second.nodes[0]!.ports.kv;
  relay.breakAll();
  expect((await bucket.get('where')).value).toBe('second');
  expect(bucket.clusterMap!.rev).toBeLessThan(6);
});

test('a hung node costs what it was asked and nothing else', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2 });
  await using bucket = await connectTo(cluster, NO_POLL);
  const [there, here] = [keyOn(bucket, cluster, 1), keyOn(bucket, cluster, 0)];
  await bucket.upsertMulti({ [there]: 1, [here]: 1 });
  cluster.hang(1);
  const slow = bucket.get(there, { timeout: 200 });
  expect((await bucket.get(here)).value).toBe(1);
  await expect(slow).rejects.toMatchObject({ code: 'timeout', ambiguous: false, attempts: 1 });
  await expect(bucket.upsert(there, 2, { timeout: 100 })).rejects.toMatchObject({ code: 'timeout', ambiguous: true });
  cluster.resume(1);
  expect((await bucket.get(there)).success).toBe(true);
});
