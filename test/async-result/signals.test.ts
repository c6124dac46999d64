import { getEventListeners } from 'node:events';
import { EmbeddedCluster } from '@cb/embedded';
import { connect } from '@cb/promise';

const COUNT = 10_000;

let cluster: EmbeddedCluster;
const warnings: Error[] = [];
const note = (warning: Error): void => void warnings.push(warning);

beforeAll(async () => {
  process.on('warning', note);
  cluster = await EmbeddedCluster.start();
});

afterAll(async () => {
  await cluster.stop();
  process.off('warning', note);
});

function open(): ReturnType<typeof connect> {
  const { connectionString, username, password } = cluster;
  return connect(`${connectionString}/default`, { username, password });
}

/** Warnings come with the next tick. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('one signal is heeded by ten thousand operations at once, with one listener and without a warning', async () => {
  await using bucket = await open();
  await bucket.upsert('k', 1);
  const { signal } = new AbortController();
  const reads = Array.from({ length: COUNT }, () => bucket.get('k', { signal }));
  const others = [
    bucket.getMulti(['k'], { signal }),
    bucket.upsert('durable', 1, { persistTo: 1, signal }),
    bucket.ping({ signal }),
    bucket.waitUntilReady({ signal }),
    bucket.queryAll('d', 'v', { signal }).catch(() => undefined),
  ];
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  await Promise.all([...reads, ...others]);
  await turn();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(warnings).toEqual([]);
});

test('when it is aborted, all of them are cancelled, and those that were settled before are not', async () => {
  await using bucket = await open();
  await bucket.upsert('k', 1);
  const fault = cluster.faults.add({ key: 'silent', drop: 'request' });
  const controller = new AbortController();
  const { signal } = controller;
  const settled = await bucket.get('k', { signal });
  const silent = Array.from({ length: COUNT }, () => bucket.get('silent', { signal }));
  const outcomes = Promise.allSettled(silent);
  await turn();
  controller.abort(new Error('no longer needed'));
  const names = new Set((await outcomes).map((each) => (each.status === 'rejected' ? each.reason.name : each.status)));
  expect([...names]).toEqual(['CancelledError']);
  expect(settled.value).toBe(1);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  fault.remove();
  await expect(bucket.get('k', { signal })).rejects.toMatchObject({ code: 'cancelled' });
  await turn();
  expect(warnings).toEqual([]);
});

test('a signal can be used again after all calls that it could cancel have ended', async () => {
  await using bucket = await open();
  const fault = cluster.faults.add({ key: 'silent', drop: 'request' });
  const controller = new AbortController();
  const { signal } = controller;
  await bucket.upsert('k', 1, { signal });
  await bucket.get('k', { signal });
  const read = bucket.get('silent', { signal });
  controller.abort();
  await expect(read).rejects.toMatchObject({ code: 'cancelled' });
  fault.remove();
});
