import { Status, vbucketOf } from '@cb/protocol';
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
  return keyIn((vbucket) => vbucketMap[vbucket]![0] === node, vbucketMap.length);
}

function keyIn(isWanted: (vbucket: number) => boolean, vbuckets: number): string {
  for (let index = 0; ; index++) {
    const key = `key-${index}`;
    if (isWanted(vbucketOf(Buffer.from(key), vbuckets))) return key;
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

const astray = ['is slow', 'is not connected'].flatMap((trouble) =>
  ['', 'enable_unordered_execution=false'].map((parameters) => ({ trouble, parameters })),
);

test.each(astray)(
  'what the forward map leads astray, to a node that $trouble, is not overtaken by what is called later ($parameters)',
  async ({ trouble, parameters }) => {
    const { world, client } = await start(parameters);
    const added = await world.cluster.addNode();
    await world.run(10);
    const rebalanced = world.cluster.rebalance({ batch: 1, delayMs: 1000 });
    await world.run(100);
    // Its vbucket moves to the new node in the end, and is where it was until then.
    const map = client.bucket.clusterMap!;
    const key = keyIn((vbucket) => map.activeOf(vbucket) === 0 && map.forwardActiveOf(vbucket) === added, map.vbuckets);
    // For a moment the node says that it has it no more, as when a takeover begins, and does not come about.
    world.cluster.faults.add({ node: 0, opcode: 'Set', times: 1, answer: { status: Status.NotMyVbucket } });
    world.network.slow(`node-${added}`, 50_000);
    if (trouble === 'is not connected') world.network.breakConnections(client.name, `node-${added}`);
    const first = cas(client.bucket.upsert(key, 1));
    await world.run(20);
    const second = cas(client.bucket.upsert(key, 2));
    await world.run(10_000);
    expect(await first).toBeLessThan(await second);
    expect(String(world.cluster.bucket(BUCKET).peek(key)!.value)).toBe('2');
    await world.runUntil(rebalanced, 60_000);
  },
);

test('after a sleep in which its connections were lost, a client is back as soon as one second was waited for answers', async () => {
  const { world, client } = await start();
  world.network.loopOf(client.name).keepBusy(60_000_000, 1);
  await world.run(10_000);
  world.network.loseConnections(client.name);
  await world.run(50_000);
  const awake = world.nowMs;
  await world.runUntil(
    Promise.all(
      [0, 1].map((node) => cas(client.bucket.upsert(keyOn(world, node), 1, { timeout: 10_000 })).catch(() => 0n)),
    ),
    10_000,
  );
  const key = keyOn(world, 0);
  await world.runUntil(cas(client.bucket.upsert(key, 2, { timeout: 10_000 })), 10_000);
  expect(world.nowMs - awake).toBeLessThan(1100);
});

test('a client that was asleep keeps the connections that still answer', async () => {
  const { world, client, trace } = await start();
  trace.length = 0;
  for (let times = 0; times < 3; times++) {
    world.network.loopOf(client.name).keepBusy(60_000_000, 1);
    await world.run(65_000);
  }
  expect(trace.filter((line) => line.includes('connects to'))).toEqual([]);
});
