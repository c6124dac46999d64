import { EmbeddedCluster } from '@cb/embedded';
import {
  AmbiguousTimeoutError,
  CasMismatchError,
  type Collection,
  DeltaInvalidError,
  DocumentExistsError,
  DocumentNotFoundError,
  DurabilityLevel,
  LookupInSpec,
  MutateInSpec,
  PathNotFoundError,
  TimeoutError,
  ValueTooLargeError,
} from 'couchbase';
import { ManualClock } from '../../packages/embedded/test/store/manual-clock.js';
import { casNumber, OfficialSdk, rejection } from './official.js';

/** Milliseconds for what is known to be retried by the SDK until its time is over. */
const SHORT = 300;

describe.each([1, 3])('the official SDK on a cluster of %d nodes', (nodes) => {
  const clock = new ManualClock(Date.now());
  let cluster: EmbeddedCluster;
  let official: OfficialSdk;
  let documents: Collection;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start({ nodes, clock });
    official = await OfficialSdk.connect(cluster);
    documents = official.collection;
  });

  afterAll(async () => {
    await official[Symbol.asyncDispose]();
    await cluster.stop();
  });

  test('upserts and gets', async () => {
    const value = { name: 'ü', list: [1, 2.5, null, true], nested: { empty: {} } };
    const stored = await documents.upsert('upsert', value);
    expect(casNumber(stored.cas)).toBeGreaterThan(0n);
    expect(stored.token?.toJSON()).toMatchObject({ bucket_name: 'default' });
    const got = await documents.get('upsert');
    expect(got.content).toEqual(value);
    expect(casNumber(got.cas)).toBe(casNumber(stored.cas));
    const again = await documents.upsert('upsert', 2);
    expect(casNumber(again.cas)).toBeGreaterThan(casNumber(stored.cas));
    expect((await documents.get('upsert')).content).toBe(2);
  });

  test('keeps strings and bytes apart from JSON', async () => {
    for (const value of ['a string', '', Buffer.from([0, 1, 255]), Buffer.alloc(0), 12.5, false, null, []]) {
      await documents.upsert('types', value);
      expect((await documents.get('types')).content).toEqual(value);
    }
  });

  test('inserts once', async () => {
    const { cas } = await documents.insert('insert', 1);
    expect(await rejection(documents.insert('insert', 2))).toBeInstanceOf(DocumentExistsError);
    const got = await documents.get('insert');
    expect(got.content).toBe(1);
    expect(casNumber(got.cas)).toBe(casNumber(cas));
  });

  test('replaces what is there, as long as it has the CAS', async () => {
    expect(await rejection(documents.replace('replace', 1))).toBeInstanceOf(DocumentNotFoundError);
    const first = await documents.upsert('replace', 1);
    const second = await documents.replace('replace', 2, { cas: first.cas });
    expect(casNumber(second.cas)).not.toBe(casNumber(first.cas));
    expect(await rejection(documents.replace('replace', 3, { cas: first.cas }))).toBeInstanceOf(CasMismatchError);
    await documents.replace('replace', 4);
    expect((await documents.get('replace')).content).toBe(4);
  });

  test('removes', async () => {
    expect(await rejection(documents.remove('remove'))).toBeInstanceOf(DocumentNotFoundError);
    const { cas } = await documents.upsert('remove', 1);
    const changed = await documents.upsert('remove', 2);
    expect(await rejection(documents.remove('remove', { cas }))).toBeInstanceOf(CasMismatchError);
    const removed = await documents.remove('remove', { cas: changed.cas });
    expect(casNumber(removed.cas)).toBeGreaterThan(casNumber(changed.cas));
    expect(await rejection(documents.get('remove'))).toBeInstanceOf(DocumentNotFoundError);
    expect(casNumber((await documents.insert('remove', 3)).cas)).toBeGreaterThan(casNumber(removed.cas));
  });

  test('sees what exists', async () => {
    expect((await documents.exists('exists')).exists).toBe(false);
    const { cas } = await documents.upsert('exists', 1);
    const found = await documents.exists('exists');
    expect([found.exists, casNumber(found.cas!)]).toEqual([true, casNumber(cas)]);
    await documents.remove('exists');
    expect((await documents.exists('exists')).exists).toBe(false);
  });

  test('sets, changes, keeps and removes the expiry', async () => {
    const now = (): number => Math.floor(clock.now() / 1000);
    const expiry = async (): Promise<number | undefined> =>
      (await documents.get('expiry', { withExpiry: true })).expiryTime;
    await documents.upsert('expiry', 1, { expiry: 100 });
    expect(Math.abs((await expiry())! - now() - 100)).toBeLessThanOrEqual(1);
    await documents.touch('expiry', 200);
    expect(Math.abs((await expiry())! - now() - 200)).toBeLessThanOrEqual(1);
    expect((await documents.getAndTouch('expiry', 300)).content).toBe(1);
    expect(Math.abs((await expiry())! - now() - 300)).toBeLessThanOrEqual(1);
    await documents.upsert('expiry', 2, { preserveExpiry: true });
    expect(Math.abs((await expiry())! - now() - 300)).toBeLessThanOrEqual(1);
    await documents.upsert('expiry', 3);
    expect(await expiry()).toBeFalsy();
    expect(await rejection(documents.touch('none', 10))).toBeInstanceOf(DocumentNotFoundError);
    expect(await rejection(documents.getAndTouch('none', 10))).toBeInstanceOf(DocumentNotFoundError);
  });

  test('finds nothing once the expiry has come', async () => {
    await documents.upsert('expires', 1, { expiry: 10 });
    await documents.upsert('stays', 1, { expiry: 10 });
    await documents.touch('stays', 0);
    clock.advance(9_000);
    expect((await documents.get('expires')).content).toBe(1);
    clock.advance(2_000);
    expect(await rejection(documents.get('expires'))).toBeInstanceOf(DocumentNotFoundError);
    expect((await documents.exists('expires')).exists).toBe(false);
    expect((await documents.get('stays')).content).toBe(1);
    await documents.insert('expires', 2);
  });

  test('locks: only the CAS of the lock may change the document, until it is given back', async () => {
    const { cas } = await documents.upsert('lock', 1);
    const locked = await documents.getAndLock('lock', 15);
    expect(locked.content).toBe(1);
    expect(casNumber(locked.cas)).not.toBe(casNumber(cas));
    expect((await documents.get('lock')).content).toBe(1);
    // The SDK waits for locks to end, as long as its timeout lets it.
    expect(await rejection(documents.upsert('lock', 2, { timeout: SHORT }))).toBeInstanceOf(AmbiguousTimeoutError);
    expect(await rejection(documents.getAndLock('lock', 15, { timeout: SHORT }))).toBeInstanceOf(TimeoutError);
    expect(await rejection(documents.remove('lock', { timeout: SHORT }))).toBeInstanceOf(AmbiguousTimeoutError);
    await documents.unlock('lock', locked.cas);
    // Release 7.2, which is the one copied, answers with a temporary failure where 7.6 has a status of its own.
    const unlocked = documents.unlock('lock', locked.cas, { timeout: SHORT });
    expect(await rejection(unlocked)).toBeInstanceOf(AmbiguousTimeoutError);
    await documents.upsert('lock', 3);
    expect(await rejection(documents.getAndLock('none', 15))).toBeInstanceOf(DocumentNotFoundError);
    expect(await rejection(documents.unlock('none', locked.cas))).toBeInstanceOf(DocumentNotFoundError);
  });

  test('locks: a change with the CAS unlocks, and so does time', async () => {
    await documents.upsert('unlocks', 1);
    const locked = await documents.getAndLock('unlocks', 15);
    await documents.replace('unlocks', 2, { cas: locked.cas });
    await documents.upsert('unlocks', 3);
    await documents.getAndLock('unlocks', 15);
    clock.advance(16_000);
    await documents.upsert('unlocks', 4);
    expect((await documents.get('unlocks')).content).toBe(4);
  });

  test('counts', async () => {
    const counters = documents.binary();
    expect(await rejection(counters.increment('counter', 1))).toBeInstanceOf(DocumentNotFoundError);
    const created = await counters.increment('counter', 5, { initial: 10 });
    expect(created.value).toBe(10);
    const incremented = await counters.increment('counter', 5);
    expect(incremented.value).toBe(15);
    expect(casNumber(incremented.cas)).toBeGreaterThan(casNumber(created.cas));
    expect((await counters.decrement('counter', 4)).value).toBe(11);
    expect((await counters.decrement('counter', 100)).value).toBe(0);
    expect((await documents.get('counter')).content).toBe(0);
    await documents.upsert('words', { no: 'number' });
    expect(await rejection(counters.increment('words', 1))).toBeInstanceOf(DeltaInvalidError);
  });

  test('appends and prepends', async () => {
    const strings = documents.binary();
    expect(await rejection(strings.append('concat', 'x'))).toBeInstanceOf(DocumentNotFoundError);
    expect(await rejection(strings.prepend('concat', 'x'))).toBeInstanceOf(DocumentNotFoundError);
    const { cas } = await documents.upsert('concat', 'b');
    const appended = await strings.append('concat', 'c');
    expect(casNumber(appended.cas)).toBeGreaterThan(casNumber(cas));
    await strings.prepend('concat', 'a');
    expect((await documents.get('concat')).content).toBe('abc');
    // Large enough for the SDK to compress it, and what is added too.
    const large = 'compressible '.repeat(1000);
    await documents.upsert('concat', large);
    await strings.append('concat', large);
    expect((await documents.get('concat')).content).toBe(large + large);
  });

  test('projects', async () => {
    await documents.upsert('project', { a: 1, b: { c: 2, d: 3 }, e: [4, 5] });
    expect((await documents.get('project', { project: ['a', 'b.c'] })).content).toEqual({ a: 1, b: { c: 2 } });
    const { content } = await documents.get('project', { project: ['e', 'none'] });
    expect(content).toEqual({ e: [4, 5] });
  });

  test('looks into documents and changes parts of them', async () => {
    await documents.upsert('parts', { a: [1, 2] });
    const changed = await documents.mutateIn('parts', [
      MutateInSpec.arrayAppend('a', 3),
      MutateInSpec.upsert('b.c', 'x', { createPath: true }),
      MutateInSpec.increment('n', 7),
    ]);
    expect(changed.content[2]?.value).toBe(7);
    const looked = await documents.lookupIn('parts', [
      LookupInSpec.get('a'),
      LookupInSpec.count('a'),
      LookupInSpec.exists('none'),
      LookupInSpec.get('none'),
    ]);
    expect(looked.content[0]?.value).toEqual([1, 2, 3]);
    expect(looked.content[1]?.value).toBe(3);
    expect(looked.content[2]?.value).toBe(false);
    expect(looked.content[3]?.error).toBeInstanceOf(PathNotFoundError);
    expect((await documents.get('parts')).content).toEqual({ a: [1, 2, 3], b: { c: 'x' }, n: 7 });
  });

  test('has no room for values over 20 MiB', async () => {
    const tooLarge = Buffer.alloc(20 * 1024 * 1024 + 1, 0);
    tooLarge.forEach((_byte, at) => {
      if (at % 97 === 0) tooLarge[at] = at * 31;
    });
    expect(await rejection(documents.upsert('large', tooLarge))).toBeInstanceOf(ValueTooLargeError);
    expect(await rejection(documents.get('large'))).toBeInstanceOf(DocumentNotFoundError);
  });

  test('carries many operations at once', async () => {
    const keys = Array.from({ length: 1000 }, (_none, n) => `many-${n}`);
    await Promise.all(keys.map((key, n) => documents.upsert(key, { n })));
    const got = await Promise.all(keys.map((key) => documents.get(key)));
    expect(got.map(({ content }) => content.n)).toEqual(keys.map((_key, n) => n));
    const actives = cluster.members.map(
      (node) => node.buckets.get('default')!.vbuckets.filter((vbucket) => vbucket?.state === 'active').length,
    );
    expect(actives).toHaveLength(nodes);
    expect(Math.min(...actives)).toBeGreaterThan(0);
  });

  test('waits for durability where there are copies', async () => {
    const stored = await documents.upsert('durable', 1, {
      durabilityLevel: DurabilityLevel.MajorityAndPersistOnMaster,
    });
    expect(casNumber((await documents.get('durable')).cas)).toBe(casNumber(stored.cas));
  });
});
