import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SeededRandom } from '@cb/raw/simulation';
import { History } from './history.js';
import { Actor, SHAPE } from './workloads.js';
import { World } from './world.js';

jest.setTimeout(120_000);

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const GROWTH_BYTES_MAX = 8 * 1024 * 1024;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test('memory does not grow with the work that was done', async () => {
  const world = await World.start({ seed: 1, nodes: 3, replicas: 1, vbuckets: 16 });
  const { network } = world;
  const { bucket } = await connected(world);
  const history = new History(() => network.now);
  const random = new SeededRandom(1);
  const after = (ms: number, action: () => void): void => void network.schedule.after(ms * 1000, action);
  const actor = new Actor('client-0', bucket, history, { random, after }, SHAPE);
  const heap: number[] = [];
  for (let round = 0; round < 4; round++) {
    actor.start();
    for (let hang = 0; hang < 5; hang++) {
      world.cluster.hang(hang % 3);
      await world.run(3000);
      world.cluster.resume(hang % 3);
      await world.run(1000);
      network.breakConnections(`node-${(hang + 1) % 3}`);
    }
    actor.stop();
    await world.run(6000);
    expect(history.take().length).toBeGreaterThan(500);
    expect(history.calls).toEqual([]);
    heap.push(heapBytes());
  }
  expect(heap[3]! - heap[1]!).toBeLessThan(GROWTH_BYTES_MAX);
});

test('a queue is full at its limit, and says so', async () => {
  const world = await World.start({ seed: 1, nodes: 1, replicas: 0, vbuckets: 4 });
  const { bucket } = await connected(world, 100);
  await world.runUntil(world.cluster.kill(0), 1000);
  await world.run(10);
  const codes = new Map<string, number>();
  for (let index = 0; index < 1000; index++) {
    bucket.upsert(`key-${index}`, index).setCallbacks(
      () => codes.set('success', (codes.get('success') ?? 0) + 1),
      (_result, _errorClass, { code }) => codes.set(code, (codes.get(code) ?? 0) + 1),
    );
  }
  await world.run(10);
  expect([...codes]).toEqual([['queue_full', 900]]);
  await world.runUntil(world.cluster.restart(0), 1000);
  await world.run(3000);
  expect(codes.get('success')).toBe(100);
});

async function connected(world: World, queueMax = 10_000): Promise<ReturnType<World['addClient']>> {
  const client = world.addClient({ queueMax });
  await world.connect(client);
  await world.run(100);
  return client;
}
