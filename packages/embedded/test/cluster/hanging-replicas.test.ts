import { setImmediate } from 'node:timers/promises';
import { Opcode, Status } from '@cb/protocol';
import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import { ManualClock } from '../../src/time/manual-clock.js';
import { storeExtras } from '../kv/conversation.js';
import { KvClient } from '../kv-client.js';

const TIMEOUT_MS = 700;
const MAJORITY = Buffer.from([0x13, 0x01, TIMEOUT_MS >> 8, TIMEOUT_MS & 0xff]);

interface Bed {
  readonly cluster: EmbeddedCluster;
  readonly clock: ManualClock;
  readonly client: KvClient;
}

/** A cluster of three nodes whose only vbucket is active on the first. */
async function bed(replicas: number): Promise<Bed & AsyncDisposable> {
  const clock = new ManualClock();
  const cluster = await EmbeddedCluster.start({ nodes: 3, replicas, vbuckets: 1, clock });
  const client = await KvClient.open(cluster, cluster.bucket('default').vbucketMap[0]![0]);
  return {
    cluster,
    clock,
    client,
    async [Symbol.asyncDispose]() {
      client.close();
      await cluster.stop();
    },
  };
}

function replicasOf({ cluster }: Bed): readonly number[] {
  return cluster.bucket('default').vbucketMap[0]!.slice(1);
}

/** The status of a durable write, once it has one. */
function durably({ client }: Bed, key: string): { status: number | undefined; readonly done: Promise<number> } {
  const done = client.ask(Opcode.Set, { key, value: '1', extras: storeExtras(), framing: MAJORITY });
  const write = {
    status: undefined as number | undefined,
    done: done.then(({ status }) => {
      write.status = status;
      return status;
    }),
  };
  return write;
}

/** Resolves when the write of the key has begun. */
async function isServed({ cluster }: Bed): Promise<void> {
  const { vbucketMap, parts } = cluster.bucket('default');
  const { syncWrites } = parts[vbucketMap[0]![0]!]!.vbuckets[0]!;
  while (!syncWrites.isPending(0, 'k')) await setImmediate();
}

test('a durable write waits for a replica that hangs, and succeeds when it goes on', async () => {
  await using one = await bed(1);
  const [replica] = replicasOf(one);
  one.cluster.hang(replica!);
  const write = durably(one, 'k');
  await isServed(one);
  await one.clock.advance(TIMEOUT_MS / 2);
  expect(write.status).toBeUndefined();
  one.cluster.resume(replica!);
  expect(await write.done).toBe(Status.Success);
});

test('it fails as ambiguous when its time is up', async () => {
  await using one = await bed(1);
  one.cluster.hang(replicasOf(one)[0]!);
  const write = durably(one, 'k');
  await isServed(one);
  await one.clock.advance(TIMEOUT_MS);
  expect(await write.done).toBe(Status.SyncWriteAmbiguous);
  expect(one.cluster.bucket('default').peek('k')).toBeUndefined();
});

test('one of two replicas that hangs holds up nothing', async () => {
  await using one = await bed(2);
  one.cluster.hang(replicasOf(one)[1]!);
  expect(await durably(one, 'k').done).toBe(Status.Success);
});

test('what is not durable is stored at once, and arrives at the replica when it goes on', async () => {
  await using one = await bed(1);
  const [replica] = replicasOf(one);
  const copy = one.cluster.members[replica!]!.buckets.get('default')!.vbuckets[0]!;
  one.cluster.hang(replica!);
  const { status } = await one.client.ask(Opcode.Set, { key: 'k', value: '1', extras: storeExtras() });
  expect([status, copy.read(0, 'k')]).toEqual([Status.Success, undefined]);
  one.cluster.resume(replica!);
  expect(copy.read(0, 'k')).toBeDefined();
});

test('a replica that was killed while it hung takes part again only when it is up', async () => {
  await using one = await bed(1);
  const [replica] = replicasOf(one);
  one.cluster.hang(replica!);
  await one.cluster.kill(replica!);
  one.cluster.resume(replica!);
  const write = durably(one, 'k');
  await isServed(one);
  expect(write.status).toBeUndefined();
  await one.cluster.restart(replica!);
  expect(await write.done).toBe(Status.Success);
});

test('a node that hangs sends no answer, not even one whose time has come', async () => {
  await using one = await bed(1);
  one.cluster.hang(replicasOf(one)[0]!);
  const write = durably(one, 'k');
  await isServed(one);
  const active = one.cluster.bucket('default').vbucketMap[0]![0]!;
  one.cluster.hang(active);
  await one.clock.advance(TIMEOUT_MS);
  expect(write.status).toBeUndefined();
  one.cluster.resume(active);
  expect(await write.done).toBe(Status.SyncWriteAmbiguous);
});
