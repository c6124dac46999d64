import { EmbeddedCluster } from '@cb/embedded';
import {
  type Bucket,
  type BucketOptions,
  connect,
  MutateInSpec,
  ObjectDestroyedError,
  TemporaryFailError,
} from '@cb/promise';
import { Status } from '@cb/protocol';

/** A deadline that no machine is too slow for. */
const PATIENT = { timeout: 200_000 };

async function connectTo(cluster: EmbeddedCluster, options: BucketOptions = {}): Promise<Bucket> {
  const { connectionString, username, password } = cluster;
  return connect(`${connectionString}/default`, { username, password, ...options });
}

/** Writes that many values of that length, so many of them at a time; gives how many were refused for good. */
async function load(bucket: Bucket, count: number, bytes: number, inFlight: number): Promise<unknown[]> {
  const value = 'x'.repeat(bytes);
  const errors: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await bucket.upsert(`k${next++}`, value).catch((error: unknown) => errors.push(error));
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return errors;
}

test('a bulk load of many times the memory of a bucket gets through as fast as the disk drains', async () => {
  const disk = { limitMemory: true, diskWriteMsPerItem: 0.5 };
  await using cluster = await EmbeddedCluster.start({ ...disk, buckets: { default: { ramQuotaMb: 60 } } });
  await using bucket = await connectTo(cluster, PATIENT);
  const refused = cluster.faults.add({ opcode: 'Set', answer: { status: Status.TemporaryFailure }, times: 1 });
  expect(await load(bucket, 4000, 100_000, 128)).toEqual([]);
  expect(refused.hits).toBe(1);
  expect(cluster.bucket('default').itemCount).toBe(4000);
});

test('more operations than ever may wait for a node that takes nothing for a while, and all are carried out', async () => {
  await using cluster = await EmbeddedCluster.start();
  await using bucket = await connectTo(cluster, PATIENT);
  const busy = cluster.faults.add({ opcode: 'Set', answer: { status: Status.TemporaryFailure } });
  const keys = Array.from({ length: 5000 }, (_none, at) => `k${at}`);
  const writes = Promise.all(keys.map((key, at) => bucket.upsert(key, at)));
  // All are sent together, and refused.
  while (busy.hits < keys.length) await new Promise(setImmediate);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(busy.hits).toBeLessThan(keys.length + 100);
  busy.remove();
  await writes;
  expect((await bucket.getMulti(keys)).size).toBe(5000);
});

test('writes are held back while a node refuses them, and reads go past them', async () => {
  await using cluster = await EmbeddedCluster.start();
  await using bucket = await connectTo(cluster, PATIENT);
  await bucket.upsert('read', 1);
  const busy = cluster.faults.add({ opcode: 'Set', answer: { status: Status.TemporaryFailure } });
  const writes = Array.from({ length: 2000 }, (_none, at) => bucket.upsert(`k${at}`, at));
  const reads = async (count: number): Promise<number> => {
    const before = busy.hits;
    for (let at = 0; at < count; at++) await bucket.get('read');
    return busy.hits - before;
  };
  await reads(100);
  // All have been refused once, or wait; from now on one tries at a time.
  const begun = performance.now();
  const tries = await reads(300);
  expect(tries).toBeLessThan(5 + (performance.now() - begun) / 5);
  busy.remove();
  await Promise.all(writes);
});

describe.each([
  ['a passing failure', Status.TemporaryFailure],
  ['no memory', Status.NoMemory],
  ['a busy node', Status.Busy],
])('%s', (_name, status) => {
  test.each([
    ['counters', 'Increment', (bucket: Bucket, key: string) => bucket.counter(key, { initial: 1 })],
    [
      'sub-documents',
      'SubdocMultiMutation',
      (bucket: Bucket, key: string) => bucket.mutateIn(key, [MutateInSpec.upsert('a', 1)], { upsertDoc: true }),
    ],
    ['removals', 'Delete', (bucket: Bucket, key: string) => bucket.remove(key, { quiet: true })],
    ['durable writes', 'Set', (bucket: Bucket, key: string) => bucket.upsert(key, 1, { durability: 'majority' })],
  ] as const)('holds %s back, is tried now and then, and ends no call', async (_kind, opcode, write) => {
    await using cluster = await EmbeddedCluster.start({ nodes: 2, replicas: 1 });
    await using bucket = await connectTo(cluster, PATIENT);
    const refused = cluster.faults.add({ opcode, answer: { status } });
    const writes = Array.from({ length: 1500 }, (_none, at) => write(bucket, `k${at}`));
    while (refused.hits < writes.length) await new Promise(setImmediate);
    const begun = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 200));
    // Of each node, one at a time.
    expect(refused.hits).toBeLessThan(writes.length + 2 * (5 + (performance.now() - begun) / 5));
    refused.remove();
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
  });
});

test('a node that takes nothing slows no other one down', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2 });
  await using bucket = await connectTo(cluster, { timeout: 1000 });
  const busy = cluster.faults.add({ node: 1, opcode: 'Set', answer: { status: Status.TemporaryFailure } });
  const keys = Array.from({ length: 2000 }, (_none, at) => `k${at}`);
  const isRefused = await Promise.all(
    keys.map((key) =>
      bucket.upsert(key, 1).then(
        () => false,
        () => true,
      ),
    ),
  );
  expect(busy.hits).toBeGreaterThan(0);
  const free = keys.filter((_key, at) => !isRefused[at]);
  expect(free.length).toBeGreaterThan(800);
  // Its own are held back still, as others are being written: there is no attempt of these but the first.
  const hits = busy.hits;
  const held = keys.filter((_key, at) => isRefused[at]).map((key) => bucket.upsert(key, 2).catch(() => undefined));
  const results = await Promise.all(free.map((key) => bucket.upsert(key, 2)));
  expect(results).toHaveLength(free.length);
  await Promise.all(held);
  expect(busy.hits - hits).toBeLessThan(held.length);
});

test('operations on one key keep their order, however often they are refused', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2 });
  await using bucket = await connectTo(cluster, PATIENT);
  cluster.faults.add({ opcode: 'Set', probability: 0.5, answer: { status: Status.TemporaryFailure }, times: 300 });
  const keys = Array.from({ length: 20 }, (_none, at) => `k${at}`);
  const seen = new Map<string, unknown[]>(keys.map((key) => [key, []]));
  const calls: Promise<unknown>[] = [];
  for (let round = 0; round < 50; round++) {
    for (const key of keys) {
      calls.push(bucket.upsert(key, round));
      calls.push(bucket.get(key).then(({ value }) => seen.get(key)!.push(value)));
    }
  }
  await Promise.all(calls);
  const rounds = Array.from({ length: 50 }, (_none, round) => round);
  for (const values of seen.values()) expect(values).toEqual(rounds);
});

test('what a node refuses until the deadline fails with that, also when it was never sent', async () => {
  await using cluster = await EmbeddedCluster.start();
  await using bucket = await connectTo(cluster, { timeout: 400 });
  const busy = cluster.faults.add({ opcode: 'Set', answer: { status: Status.TemporaryFailure } });
  const refused = await bucket.upsert('first', 1).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(TemporaryFailError);
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_none, at) => bucket.upsert(`k${at}`, 1)));
  for (const outcome of outcomes) {
    if (outcome.status === 'fulfilled') throw new Error('the node took a write');
    expect(outcome.reason).toMatchObject({ retryable: true, ambiguous: false });
    const isRefusal = outcome.reason instanceof TemporaryFailError;
    expect(isRefusal || outcome.reason.retryReasons.includes('kv_temporary_failure')).toBe(true);
  }
  busy.remove();
  await bucket.upsert('k', 1, PATIENT);
});

test('writes that are held back follow their keys to another node, can be cancelled, and end with the bucket', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2, replicas: 1 });
  const bucket = await connectTo(cluster, PATIENT);
  const busy = cluster.faults.add({ node: 1, opcode: 'Set', answer: { status: Status.TemporaryFailure } });
  const writes = Array.from({ length: 300 }, (_none, at) => bucket.upsert(`k${at}`, at));
  while (busy.hits === 0) await new Promise(setImmediate);
  await cluster.kill(1);
  cluster.failOver(1);
  const outcomes = await Promise.allSettled(writes);
  // Those on the wire when the node died are ambiguous; all others were carried out.
  const stored = outcomes.filter(({ status }) => status === 'fulfilled').length;
  expect(stored).toBeGreaterThan(200);
  busy.remove();

  cluster.faults.add({ opcode: 'Set', answer: { status: Status.TemporaryFailure } });
  const abort = new AbortController();
  const cancelled = Array.from({ length: 20 }, (_none, at) => bucket.upsert(`c${at}`, 1, { signal: abort.signal }));
  const ended = Array.from({ length: 20 }, (_none, at) => bucket.upsert(`e${at}`, 1));
  const names = (calls: readonly Promise<unknown>[]): Promise<string[]> =>
    Promise.all(calls.map((call) => call.then(String, (error: Error) => error.name)));
  const both = Promise.all([names(cancelled), names(ended)]);
  await bucket.get('nowhere', { quiet: true });
  abort.abort();
  bucket.destroy();
  const [first, second] = await both;
  expect(new Set(first)).toEqual(new Set(['CancelledError']));
  expect(new Set(second)).toEqual(new Set([ObjectDestroyedError.name]));
});
