import type { EmbeddedCluster } from '@cb/embedded';

jest.setTimeout(180_000);

/** A test that hangs says so in seconds of Node's own, as those of the runner stand still. */
const { setTimeout: inRealTime } = process.getBuiltinModule('node:timers');
const HANG_MS = 60_000;

async function within<T>(work: Promise<T>): Promise<T> {
  let guard: NodeJS.Timeout | undefined;
  const hangs = new Promise<never>((_resolve, reject) => {
    guard = inRealTime(() => reject(new Error('it hangs')), HANG_MS);
  });
  try {
    return await Promise.race([work, hangs]);
  } finally {
    guard?.unref();
  }
}

/** Loads the packages as a test file of its own would. */
async function load(): Promise<{
  readonly promise: typeof import('@cb/promise');
  readonly embedded: typeof import('@cb/embedded');
}> {
  return { promise: await import('@cb/promise'), embedded: await import('@cb/embedded') };
}

type Connect = typeof import('@cb/promise').connect;

/** Some of everything that waits for something: answers, deadlines, ticks, queues, the view engine. */
async function useEverything(cluster: EmbeddedCluster, connect: Connect): Promise<void> {
  const { connectionString, username, password } = cluster;
  const bucket = await connect(`${connectionString}/default`, { username, password });
  await bucket.upsert('a', 1);
  expect((await bucket.get('a')).value).toBe(1);
  expect([...(await bucket.getMulti(['a']))]).toHaveLength(1);
  await expect(bucket.get('')).rejects.toThrow('key');
  await expect(bucket.get('missing')).rejects.toMatchObject({ code: 'not_found' });
  const fault = cluster.faults.add({ key: 'silent', drop: 'request' });
  await expect(bucket.get('silent', { timeout: 100 })).rejects.toMatchObject({ code: 'timeout' });
  fault.remove();
  const refusal = cluster.faults.add({ key: 'a', answer: { status: 0x86 }, times: 2 });
  await bucket.upsert('a', { n: 2 }, { persistTo: 1 });
  refusal.remove();
  await bucket.designDocuments.upsert('d', { views: { v: { map: 'function (doc, meta) { emit(meta.id, null); }' } } });
  // More than there are connections, so that some wait for others.
  const queries = Array.from({ length: 30 }, () => bucket.queryAll('d', 'v', { stale: false, includeDocs: true }));
  for (const { rows } of await Promise.all(queries)) expect(rows).toHaveLength(1);
  const endless = 'SELECT COUNT(*) FROM ARRAY_RANGE(0, 1000000) a, ARRAY_RANGE(0, 1000000) b';
  await expect(cluster.query(endless, { timeoutMs: 100 })).rejects.toMatchObject({ code: 1080 });
  expect((await bucket.n1qlQueryAll<number>('SELECT RAW COUNT(*) FROM `default`')).rows).toEqual([1]);
  await bucket.waitUntilReady();
  await bucket.close();
}

afterEach(() => {
  jest.useRealTimers();
});

test('fake timers that are started after the packages were loaded stop nothing', async () => {
  const { promise, embedded } = await load();
  jest.useFakeTimers();
  const cluster = await within(embedded.EmbeddedCluster.start());
  await within(useEverything(cluster, promise.connect));
  await within(cluster.stop());
});

test('nor do those that are started before', async () => {
  jest.useFakeTimers();
  jest.resetModules();
  const { promise, embedded } = await load();
  const cluster = await within(embedded.EmbeddedCluster.start());
  await within(useEverything(cluster, promise.connect));
  await within(cluster.stop());
});

test('nor those that begin and end while an operation is under way', async () => {
  const { promise, embedded } = await load();
  const cluster = await embedded.EmbeddedCluster.start();
  const { connectionString, username, password } = cluster;
  const bucket = await promise.connect(`${connectionString}/default`, { username, password });
  await bucket.upsert('a', 1);
  jest.useFakeTimers();
  const read = bucket.get('a');
  jest.useRealTimers();
  expect((await within(read)).value).toBe(1);
  expect((await within(bucket.get('a'))).value).toBe(1);
  await within(bucket.close());
  await within(cluster.stop());
});
