import { vbucketOf } from '@cb/protocol';
import type { AsyncResult, OperationResult } from '@cb/raw';
import { BUCKET, World, type WorldClient } from './world.js';

/** What the simulator once found, each as small as it gets. */

interface Scene {
  readonly world: World;
  readonly client: WorldClient;
  readonly trace: string[];
}

async function start(parameters = ''): Promise<Scene> {
  const trace: string[] = [];
  const world = await World.start({
    seed: 1,
    nodes: 2,
    replicas: 1,
    vbuckets: 4,
    onTrace: (line) => trace.push(line),
  });
  const client = world.addClient({ parameters });
  await world.connect(client);
  await world.run(1000);
  return { world, client, trace };
}

test('an idle client keeps all of its connections', async () => {
  const { world, client, trace } = await start('num_kv_connections=3');
  const before = client.iops.openSockets;
  expect(before).toBe(6);
  trace.length = 0;
  await world.run(60_000);
  expect(trace.filter((line) => line.includes('connects to'))).toEqual([]);
  expect(client.iops.openSockets).toBe(before);
});

/** A key whose vbucket is active on the node. */
function keyOn(world: World, node: number): string {
  const { vbucketMap } = world.cluster.bucket(BUCKET);
  for (let index = 0; ; index++) {
    const key = `key-${index}`;
    if (vbucketMap[vbucketOf(Buffer.from(key), vbucketMap.length)]![0] === node) return key;
  }
}

function cas(result: AsyncResult<OperationResult>): Promise<bigint> {
  return new Promise((resolve, reject) => {
    result.setCallbacks(
      (found) => resolve(found.cas),
      (_result, _errorClass, error) => reject(error),
    );
  });
}

test('a key that moves away and back keeps its order, with an operation under way to a slow node', async () => {
  const { world, client } = await start();
  const key = keyOn(world, 0);
  world.network.slow('node-0', 100_000);
  const first = cas(client.bucket.upsert(key, 1));
  await world.run(10);
  await world.runUntil(world.cluster.rebalance({ without: [0] }), 1000);
  await world.run(10);
  const second = cas(client.bucket.upsert(key, 2));
  await world.run(30);
  await world.runUntil(world.cluster.rebalance(), 1000);
  await world.run(5000);
  expect(await first).toBeLessThan(await second);
  const { value } = world.cluster.bucket(BUCKET).peek(key)!;
  expect(String(value)).toBe('2');
});

test('what waits for a node moves on at once when its vbucket does', async () => {
  const { world, client } = await start();
  const key = keyOn(world, 0);
  await world.runUntil(world.cluster.kill(0), 1000);
  await world.run(10);
  const stored = cas(client.bucket.upsert(key, 1));
  await world.run(100);
  await world.runUntil(world.cluster.rebalance(), 1000);
  await expect(world.runUntil(stored, 50)).resolves.toBeGreaterThan(0n);
});
