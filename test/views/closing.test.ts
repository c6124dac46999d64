import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { EmbeddedCluster } from '@cb/embedded';
import { connect, rangeScan } from '@cb/promise';
import { ObjectDestroyedError } from '@cb/protocol';
import { n1qlQuery, query, queryEx } from '@cb/views';
import { outcome } from '../../packages/raw/test/held-node.js';
import { Recorder } from './recorder.js';
import { json, ServiceBed, viewRows } from './service-bed.js';

/** Begins to read rows. */
type Begin = (bed: ServiceBed) => AsyncIterator<unknown>;

const BEGINNINGS: readonly (readonly [string, string, Begin])[] = [
  ['a view', 'rows', ({ bucket }) => query(bucket, 'd', 'v')[Symbol.asyncIterator]()],
  ['batches of a view', 'rows', ({ bucket }) => query(bucket, 'd', 'v').batches()],
  ['a statement', 'results', ({ bucket }) => n1qlQuery(bucket, 'SELECT 1')[Symbol.asyncIterator]()],
];

/** A bed that sends rows as long as somebody takes them. */
async function endlessBed(member: string): Promise<ServiceBed> {
  const row = JSON.stringify({ id: 'd', key: 1, value: 'x'.repeat(10_000) });
  const bed = await ServiceBed.start({
    script: async (response) => {
      response.write(`{"${member}":[${row}`);
      while (!response.destroyed) {
        if (!response.write(`,${row}`)) await once(response, 'drain');
      }
    },
  });
  await outcome(bed.bucket.connect());
  return bed;
}

test.each(BEGINNINGS)('closing ends %s whose loop does not read on', async (_name, member, begin) => {
  await using bed = await endlessBed(member);
  const rows = begin(bed);
  expect((await rows.next()).done).toBe(false);
  await outcome(bed.bucket.close());
  // What was received before is still there, and then comes the reason.
  const readToTheEnd = async (): Promise<void> => {
    while ((await rows.next()).done !== true);
  };
  await expect(readToTheEnd()).rejects.toThrow(ObjectDestroyedError);
  expect((await rows.next()).done).toBe(true);
});

test('closing ends a handler that is paused, and one that pauses later', async () => {
  await using bed = await endlessBed('rows');
  const [paused, reading] = [queryEx(bed.bucket, Recorder, 'd', 'v'), queryEx(bed.bucket, Recorder, 'd', 'v')];
  while (paused.received === 0 || reading.received === 0) await pause(5);
  paused.pause();
  const closed = outcome(bed.bucket.close());
  await paused.ended;
  expect(paused.failure).toBeInstanceOf(ObjectDestroyedError);
  expect(paused.failure?.message).toContain('closed, and its rows held back');
  expect(reading.failure).toBeUndefined();
  reading.pause();
  await reading.ended;
  expect(reading.failure).toBeInstanceOf(ObjectDestroyedError);
  await closed;
});

test('closing waits for rows that are read', async () => {
  let go: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    go = resolve;
  });
  await using bed = await ServiceBed.start({
    script: async (response) => {
      await asked;
      json(response, { total_rows: 500, rows: viewRows(500) });
    },
  });
  await outcome(bed.bucket.connect());
  const recorder = queryEx(bed.bucket, Recorder, 'd', 'v');
  recorder.pause();
  recorder.resume();
  while (bed.requests.length === 0) await pause(5);
  const closed = outcome(bed.bucket.close());
  go();
  await closed;
  await recorder.ended;
  expect(recorder).toMatchObject({ received: 500, failure: undefined });
});

test('closing ends scans that are not read on, and not statistics', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2 });
  const { connectionString, username, password } = cluster;
  const bucket = await connect(`${connectionString}/default`, { username, password });
  await bucket.upsertMulti(Object.fromEntries(Array.from({ length: 500 }, (_none, at) => [`k${at}`, at])));
  const items = bucket.scan(rangeScan())[Symbol.asyncIterator]();
  expect((await items.next()).done).toBe(false);
  const stats = bucket.stats();
  await bucket.close();
  expect(Object.keys(await stats)).not.toEqual([]);
  const readToTheEnd = async (): Promise<void> => {
    while ((await items.next()).done !== true);
  };
  await expect(readToTheEnd()).rejects.toThrow(ObjectDestroyedError);
});
