import { setTimeout } from 'node:timers/promises';
import { Opcode, Status, vbucketOf } from '@cb/protocol';
import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import { storeExtras } from '../kv/conversation.js';
import { KvClient } from '../kv-client.js';

const COUNT = 200;
const VALUE = Buffer.alloc(100_000, 'v');

test('a bulk load into little memory meets back-pressure, and gets through as the disk drains', async () => {
  await using cluster = await EmbeddedCluster.start({
    vbuckets: 4,
    diskWriteMsPerItem: 10,
    limitMemory: true,
    buckets: { default: { ramQuotaMb: 3 } },
  });
  const client = await KvClient.open(cluster);
  let refused = 0;
  const store = async (key: string): Promise<void> => {
    const request = { key, value: VALUE, vbucket: vbucketOf(Buffer.from(key), 4), extras: storeExtras() };
    for (;;) {
      const { status } = await client.ask(Opcode.Set, request);
      if (status === Status.Success) return;
      expect(status).toBe(Status.TemporaryFailure);
      refused++;
      await setTimeout(5);
    }
  };
  await Promise.all(Array.from({ length: COUNT }, (_none, index) => store(`k-${index}`)));
  const bucket = cluster.bucket('default');
  const { residency, diskQueue } = bucket.parts[0]!;
  expect(refused).toBeGreaterThan(0);
  expect(residency!.refusals).toBe(refused);
  while (diskQueue.length > 0) await setTimeout(5);
  expect(bucket.itemCount).toBe(COUNT);
  expect(residency!.onDisk).toBeGreaterThan(COUNT / 2);
  client.close();
});
