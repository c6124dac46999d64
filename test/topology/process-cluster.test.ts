import { SyncWriteAmbiguousError } from '@cb/promise';
import { OurClient } from './processes/clients.js';
import { ProcessCluster } from './processes/process-cluster.js';

test('a write is durable when most of the processes have it, and not before', async () => {
  await using cluster = await ProcessCluster.start({ nodes: 3, replicas: 2, vbuckets: 4 });
  await using client = await OurClient.connect(cluster.connectionString);
  const key = 'key';
  const survivor = cluster.nodeOf(key);
  const others = [0, 1, 2].filter((node) => node !== survivor);
  await client.upsertDurably(key, 1);
  await cluster.kill(others[0]!);
  await client.upsertDurably(key, 2);
  await cluster.kill(others[1]!);
  await expect(client.upsertDurably(key, 3)).rejects.toThrow(SyncWriteAmbiguousError);
  expect(await client.get(key)).toBe(2);
  await client.upsert(key, 4);
  expect(await cluster.peek([key])).toEqual(['4']);
});

test('a killed process takes its documents along, and the copies of others take over', async () => {
  await using cluster = await ProcessCluster.start({ nodes: 3, replicas: 1, vbuckets: 4 });
  await using client = await OurClient.connect(cluster.connectionString);
  const keys = Array.from({ length: 20 }, (_none, index) => `key-${index}`);
  await Promise.all(keys.map((key, value) => client.upsertDurably(key, value)));
  for (const victim of [0, 1, 2]) {
    await cluster.kill(victim);
    await cluster.failOver(victim);
    await cluster.restart(victim);
    expect(await cluster.census(victim)).toEqual({ active: 0, documents: 0 });
    await cluster.rebalance({ batch: 1, delayMs: 0 });
    expect(await cluster.peek(keys)).toEqual(keys.map((_key, value) => String(value)));
  }
  expect(await Promise.all(keys.map((key) => client.get(key)))).toEqual(keys.map((_key, value) => value));
});
