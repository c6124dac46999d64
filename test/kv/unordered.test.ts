import { type ClusterOptions, EmbeddedCluster } from '@cb/embedded';
import { type Bucket, LookupInSpec } from '@cb/promise';
import { vbucketOf } from '@cb/protocol';
import { connectTo } from '../topology/clients.js';

/** What waits in the server, and what does not. */

jest.setTimeout(60_000);

const PATIENT = { timeout: 30_000 };

let cluster: EmbeddedCluster;
let bucket: Bucket;

async function start(options: ClusterOptions = {}): Promise<void> {
  cluster = await EmbeddedCluster.start(options);
  bucket = await connectTo(cluster, '', PATIENT);
}

afterEach(async () => {
  bucket.raw.destroy();
  await cluster.stop();
});

/** Keys whose vbuckets are active on the first node, each in a vbucket of its own. */
function keysHere(count: number): string[] {
  const { vbucketMap } = cluster.bucket('default');
  const found = new Map<number, string>();
  for (let index = 0; found.size < count; index++) {
    const vbucket = vbucketOf(`key-${index}`, vbucketMap.length);
    if (vbucketMap[vbucket]![0] === 0 && !found.has(vbucket)) found.set(vbucket, `key-${index}`);
  }
  return [...found.values()];
}

/** What a call has ended with so far. */
function watched(call: Promise<unknown>): { isSettled: boolean } {
  const seen = { isSettled: false };
  const settled = (): void => {
    seen.isSettled = true;
  };
  call.then(settled, settled);
  return seen;
}

/** Reads again and again, one after the other, by all means that there are. */
async function readOften(key: string): Promise<void> {
  for (let count = 0; count < 50; count++) {
    expect((await bucket.get(key)).value).toEqual({ n: 1 });
    expect((await bucket.lookupIn(key, [LookupInSpec.get('n')])).content(0)).toBe(1);
  }
}

test('reads go on during a durable write that waits for a frozen replica; that of its key comes after it', async () => {
  await start({ nodes: 2, replicas: 1 });
  const [durable, other] = keysHere(2) as [string, string];
  await bucket.upsert(other, { n: 1 });
  cluster.hang(1);
  const write = bucket.upsert(durable, 'new', { ...PATIENT, durability: 'majority' });
  const read = bucket.get(durable);
  const seen = [watched(write), watched(read)];
  await readOften(other);
  expect(seen.map(({ isSettled }) => isSettled)).toEqual([false, false]);
  cluster.resume(1);
  expect((await write).success).toBe(true);
  expect((await read).value).toBe('new');
});

test('reads and writes go on during an operation that waits for a vbucket in takeover', async () => {
  await start();
  const [waiting, other] = keysHere(2) as [string, string];
  await bucket.upsert(other, { n: 1 });
  const part = cluster.bucket('default').parts[0]!;
  const vbucket = vbucketOf(waiting, cluster.bucket('default').vbucketMap.length);
  part.setVbucketState(vbucket, 'pending');
  const seen = [bucket.upsert(waiting, 1), bucket.get(waiting)];
  const states = seen.map(watched);
  await readOften(other);
  await bucket.upsert(other, { n: 2 });
  expect(states.map(({ isSettled }) => isSettled)).toEqual([false, false]);
  part.setVbucketState(vbucket, 'active');
  expect((await Promise.all(seen)).map(({ success }) => success)).toEqual([true, true]);
});

test('reads of what is in memory overtake those that need the disk', async () => {
  await start({ readLagMs: 500 });
  const [onDisk, inMemory] = keysHere(2) as [string, string];
  await Promise.all([bucket.upsert(onDisk, 'far'), bucket.upsert(inMemory, { n: 1 })]);
  expect(cluster.bucket('default').evict(onDisk)).toBe(true);
  const order: string[] = [];
  const far = bucket.get(onDisk).then(({ value }) => void order.push(String(value)));
  const near = bucket.get(inMemory).then(() => void order.push('near'));
  await Promise.all([far, near]);
  expect(order).toEqual(['near', 'far']);
});

test('many writers that wait for replicas and readers of the same keys see each key only go forward', async () => {
  await start({ nodes: 2, replicas: 1, replicationLagMs: 5 });
  const keys = ['a', 'b', 'c', 'd'];
  await bucket.upsertMulti(Object.fromEntries(keys.map((key) => [key, { n: 0 }])));
  const rounds = Array.from({ length: 40 }, (_none, index) => index + 1);
  const calls = keys.map((key) =>
    rounds.flatMap((n) => [
      // Nobody waits for any of them: each is called when all before it are on their way.
      bucket.get<{ n: number }>(key).then(({ value }) => ({ read: value.n, after: n - 1 })),
      bucket.upsert(key, { n }, { ...PATIENT, durability: 'majority' }).then(() => undefined),
      bucket.get<{ n: number }>(key).then(({ value }) => ({ read: value.n, after: n })),
    ]),
  );
  for (const ofKey of calls) {
    for (const each of await Promise.all(ofKey)) if (each !== undefined) expect(each.read).toBe(each.after);
  }
});
