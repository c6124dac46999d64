import { setImmediate } from 'node:timers';
import { ManualClock } from '../../../src/index.js';
import { IndexedBucket, primary } from './indexed-bucket.js';

const NEVER = new AbortController().signal;

test('an index takes nothing until it is built, and then all that is there', async () => {
  await using bucket = await IndexedBucket.start();
  bucket.put('a', 'b');
  const index = bucket.indexes.create(primary('second'), 'beef', 0);
  expect([index.state, bucket.keys(index)]).toEqual(['deferred', []]);
  const built = bucket.indexes.build(index);
  expect(index.state).toBe('building');
  await built;
  expect([index.state, bucket.keys(index)]).toEqual(['online', ['a', 'b']]);
});

test('an index that is dropped while it is built does not become online', async () => {
  await using bucket = await IndexedBucket.start();
  for (let at = 0; at < 5000; at++) bucket.put(`k${at}`);
  const index = bucket.indexes.create(primary('second'), 'beef', 0);
  const built = bucket.indexes.build(index);
  bucket.indexes.drop('second');
  await built;
  expect([index.state, bucket.indexes.all.map(({ id }) => id)]).toEqual(['deferred', ['f00d']]);
});

test('an index follows writes and deletions', async () => {
  await using bucket = await IndexedBucket.start({ nodes: 2 });
  bucket.put('a', 'b', 'c');
  expect(bucket.keys()).toEqual(['a', 'b', 'c']);
  bucket.remove('b');
  bucket.put('d');
  expect(bucket.keys()).toEqual(['a', 'c', 'd']);
});

test('an index has the documents of its collection only', async () => {
  await using bucket = await IndexedBucket.start({ buckets: { b: { collections: { s: ['c'] } } } });
  bucket.bucket.put('in c', {}, { scope: 's', collection: 'c' });
  bucket.put('a');
  expect(bucket.keys()).toEqual(['a']);
});

test('an index loses documents when they expire, without a read of them', async () => {
  const clock = new ManualClock();
  await using bucket = await IndexedBucket.start({ clock });
  bucket.bucket.put('short', {}, { ttl: 10 });
  bucket.bucket.put('long', {}, { ttl: 100 });
  bucket.put('stays');
  expect(bucket.keys()).toEqual(['long', 'short', 'stays']);
  await clock.advance(11_000);
  expect(bucket.keys()).toEqual(['long', 'stays']);
  await clock.advance(100_000);
  expect(bucket.keys()).toEqual(['stays']);
});

test('a flushed bucket has empty indexes, which go on', async () => {
  await using bucket = await IndexedBucket.start();
  bucket.put('a', 'b');
  bucket.bucket.flush();
  expect(bucket.keys()).toEqual([]);
  bucket.put('c');
  expect(bucket.keys()).toEqual(['c']);
});

test('an index loses the mutations that are lost with a node', async () => {
  await using bucket = await IndexedBucket.start({ nodes: 2, vbuckets: 8, replicas: 1 });
  bucket.put('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  bucket.bucket.setReplicationLag(Number.POSITIVE_INFINITY);
  for (const key of ['a', 'c', 'e', 'g']) bucket.remove(key);
  bucket.put('i', 'j', 'k', 'l', 'm', 'n', 'o', 'p');
  const before = bucket.keys();
  await bucket.cluster.kill(1);
  bucket.cluster.failOver(1);
  const after = bucket.keys();
  expect(after).toEqual(bucket.stored());
  expect(after).not.toEqual(before);
  bucket.put('q', 'r', 's', 't');
  expect(bucket.keys()).toEqual(bucket.stored());
});

test('an index follows vbuckets to other nodes, also to one that comes later', async () => {
  await using bucket = await IndexedBucket.start({ nodes: 2, vbuckets: 8 });
  bucket.put('a', 'b', 'c', 'd');
  await bucket.cluster.addNode();
  await bucket.cluster.rebalance({ without: [0] });
  bucket.put('e', 'f', 'g', 'h');
  bucket.remove('a');
  expect(bucket.keys()).toEqual(['b', 'c', 'd', 'e', 'f', 'g', 'h']);
});

test('a scan goes on with what there was when the bucket is flushed', async () => {
  await using bucket = await IndexedBucket.start();
  const keys = Array.from({ length: 3000 }, (_, at) => `k${at}`);
  bucket.put(...keys);
  const batches = bucket.index.scan([{ ranges: [] }], {})[Symbol.iterator]();
  const first = batches.next().value?.length ?? 0;
  bucket.bucket.flush();
  expect(bucket.keys()).toEqual([]);
  let rest = 0;
  for (let next = batches.next(); next.done !== true; next = batches.next()) rest += next.value.length;
  expect(first + rest).toBe(keys.length);
});

test('a scan yields what there was when it began, although the index changes', async () => {
  await using bucket = await IndexedBucket.start();
  const keys = Array.from({ length: 1000 }, (_, at) => `k${at}`).sort();
  bucket.put(...keys);
  const scan = bucket.index.scan([{ ranges: [] }], {})[Symbol.iterator]();
  const yielded = [...(scan.next().value ?? [])];
  for (const key of keys.slice(500)) bucket.remove(key);
  bucket.put('z1', 'z2');
  expect(bucket.keys()).toEqual([...keys.slice(0, 500), 'z1', 'z2']);
  for (let next = scan.next(); next.done !== true; next = scan.next()) yielded.push(...next.value);
  expect(yielded.map(({ id }) => id)).toEqual(keys);
});

test('changes of an index that nobody scans do not pile up', async () => {
  await using bucket = await IndexedBucket.start();
  for (let at = 0; at < 40_000; at++) {
    bucket.put(`k${at}`);
    bucket.remove(`k${at}`);
    while (bucket.indexes.waiting > 10_000) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(bucket.indexes.waiting).toBeLessThanOrEqual(10_000);
  expect(bucket.keys()).toEqual([]);
});

describe('with a lag', () => {
  test('a change is not in the index before its time, and is then', async () => {
    const clock = new ManualClock();
    await using bucket = await IndexedBucket.start({ clock, queries: { indexLagMs: 100 } });
    bucket.put('a');
    await clock.advance(60);
    bucket.put('a', 'b');
    expect(bucket.keys()).toEqual([]);
    await clock.advance(50);
    expect(bucket.keys()).toEqual(['a']);
    await clock.advance(50);
    expect(bucket.keys()).toEqual(['a', 'b']);
  });

  test('one who waits for what was written sees that, and does not wait for what comes later', async () => {
    const clock = new ManualClock();
    await using bucket = await IndexedBucket.start({ clock, queries: { indexLagMs: 100 } });
    bucket.put('a');
    const waiting = bucket.indexes.untilNow(NEVER);
    await clock.advance(60);
    bucket.put('b');
    await clock.advance(40);
    await waiting;
    expect(bucket.keys()).toEqual(['a']);
  });

  test('one who waits for a seqno waits for that of its vbucket', async () => {
    const clock = new ManualClock();
    await using bucket = await IndexedBucket.start({ clock, vbuckets: 1, queries: { indexLagMs: 100 } });
    bucket.put('a');
    await clock.advance(50);
    bucket.put('b');
    const { seqno = 0 } = bucket.bucket.peek('a') ?? {};
    const waiting = bucket.indexes.untilSeqnos(new Map([[0, seqno]]), NEVER);
    await clock.advance(50);
    await waiting;
    expect(bucket.keys()).toEqual(['a']);
    await bucket.indexes.untilSeqnos(new Map(), NEVER);
  });

  test('a wait ends with its signal', async () => {
    const clock = new ManualClock();
    await using bucket = await IndexedBucket.start({ clock, queries: { indexLagMs: 100 } });
    bucket.put('a');
    const gone = new AbortController();
    const waiting = Promise.all([
      bucket.indexes.untilNow(gone.signal),
      bucket.indexes.untilSeqnos(new Map([[0, 1e9]]), gone.signal),
    ]);
    gone.abort();
    await waiting;
    expect(bucket.keys()).toEqual([]);
  });
});
