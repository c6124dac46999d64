import threads from 'node:worker_threads';
import { ViewCluster } from './view-cluster.js';

/** Counts the threads and compilations that really happen. */
function counters(): { threads: jest.SpyInstance; compilations: jest.SpyInstance } {
  const { Worker } = threads;
  const webAssembly: { compile(bytes: Uint8Array): Promise<object> } = Reflect.get(globalThis, 'WebAssembly');
  return {
    threads: jest.spyOn(threads, 'Worker').mockImplementation((...given) => new Worker(...given)),
    compilations: jest.spyOn(webAssembly, 'compile'),
  };
}

/** A cluster with a view that was asked for its rows. */
async function askedCluster(): Promise<ViewCluster> {
  const one = await ViewCluster.start();
  one.fill(2);
  await one.define('d', { v: 'function (doc, meta) { emit(doc.n, null); }' });
  expect(await one.ids('d/v?stale=false')).toEqual(['d0', 'd1']);
  return one;
}

afterEach(() => jest.restoreAllMocks());

test('the first cluster of a process starts no thread before its first view, and the next has one ahead of it', async () => {
  const count = counters();
  await using first = await ViewCluster.start();
  expect([count.threads.mock.calls.length, count.compilations.mock.calls.length]).toEqual([0, 0]);
  await using second = await askedCluster();
  expect(second).not.toBe(first);
  expect([count.threads.mock.calls.length, count.compilations.mock.calls.length]).toEqual([1, 1]);
  await using third = await ViewCluster.start();
  expect(count.threads.mock.calls.length).toBe(2);
  await third.define('d', { v: 'function (doc, meta) { emit(doc.n, null); }' });
  expect([count.threads.mock.calls.length, count.compilations.mock.calls.length]).toEqual([2, 1]);
});

test('a cluster whose thread was started ahead stops at once, with a view in its answer or without any', async () => {
  await using first = await askedCluster();
  const idle = await ViewCluster.start();
  await idle.cluster.stop();
  const busy = await ViewCluster.start();
  const asked = busy.define('d', { v: 'function (doc, meta) { for (;;) {} }' }).catch(() => undefined);
  await busy.cluster.stop();
  await asked;
  expect(await first.ids('d/v')).toEqual(['d0', 'd1']);
});
