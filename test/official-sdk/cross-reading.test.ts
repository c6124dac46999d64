import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, FMT_AUTO, FMT_BYTES, FMT_JSON, FMT_UTF8 } from '@cb/promise';
import { DocumentLockedError, KeyExistsError, NotFoundError } from '@cb/protocol';
import {
  AmbiguousTimeoutError,
  CasMismatchError,
  type Collection,
  DocumentExistsError,
  DurabilityLevel,
} from 'couchbase';
import fc from 'fast-check';
import { ManualClock } from '../../packages/embedded/test/store/manual-clock.js';
import { casNumber, OfficialSdk, rejection } from './official.js';

const clock = new ManualClock(Date.now());
let cluster: EmbeddedCluster;
let official: OfficialSdk;
let theirs: Collection;
let ours: Bucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 3, clock });
  official = await OfficialSdk.connect(cluster);
  theirs = official.collection;
  const { connectionString, username, password } = cluster;
  ours = await connect(`${connectionString}/default`, { username, password });
});

afterAll(async () => {
  await ours.close();
  await official[Symbol.asyncDispose]();
  await cluster.stop();
});

const large = {
  text: 'ein grüner Zweig 🌿 '.repeat(20_000),
  numbers: Array.from({ length: 10_000 }, (_none, n) => n / 7),
};
const values: readonly (readonly [string, unknown, typeof FMT_JSON | typeof FMT_UTF8 | typeof FMT_BYTES])[] = [
  ['an object', { a: { b: [1, { c: null }] }, '': true, ключ: '値' }, FMT_JSON],
  ['an array', [[], [[]], {}], FMT_JSON],
  ['null', null, FMT_JSON],
  ['false', false, FMT_JSON],
  ['zero', 0, FMT_JSON],
  ['a fraction', -1.5e-300, FMT_JSON],
  ['the largest safe integer', Number.MAX_SAFE_INTEGER, FMT_JSON],
  ['a large object', large, FMT_JSON],
  ['text', 'grüße, \u0000 and "quotes" \u2028 𝄞', FMT_UTF8],
  ['empty text', '', FMT_UTF8],
  ['text that looks like JSON', '{"a":1}', FMT_UTF8],
  ['bytes', Buffer.from(Array.from({ length: 256 }, (_none, n) => n)), FMT_BYTES],
  ['no bytes', Buffer.alloc(0), FMT_BYTES],
  ['many bytes', Buffer.alloc(1_000_000, 'compressible'), FMT_BYTES],
];

/** Bytes are compared as a whole, as one after the other takes seconds. */
function expectSame(got: unknown, value: unknown): void {
  if (Buffer.isBuffer(value)) expect(value.equals(got as Buffer)).toBe(true);
  else expect(got).toEqual(value);
}

test.each(values)('%s that we write reads as the same there, with the same CAS', async (_what, value, format) => {
  const stored = await ours.upsert('to them', value, { format });
  const got = await theirs.get('to them');
  expectSame(got.content, value);
  expect(casNumber(got.cas)).toBe(stored.cas);
});

test.each(values)('%s that they write reads as the same here, with the same CAS', async (_what, value, format) => {
  const stored = await theirs.upsert('to us', value);
  const got = await ours.get('to us');
  expectSame(got.value, value);
  expect(got.flags).toBe(format);
  expect(got.cas).toBe(casNumber(stored.cas));
});

test('any JSON value survives the way there and back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      await ours.upsert('there', value, { format: FMT_AUTO });
      await theirs.upsert('back', (await theirs.get('there')).content);
      expect((await ours.get('back')).value).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 100 },
  );
});

test('a string written as JSON reads as a string', async () => {
  await ours.upsert('string', 'as JSON', { format: FMT_JSON });
  expect((await theirs.get('string')).content).toBe('as JSON');
});

test('keys of every kind lead both to the same document', async () => {
  const keys = [
    'k',
    'ключ',
    '🔑',
    'a b/c?d#e',
    '\u0001',
    'x'.repeat(246),
    ...Array.from({ length: 64 }, (_n, n) => `key-${n}`),
  ];
  await Promise.all(keys.map((key, n) => (n % 2 === 0 ? ours.upsert(key, n) : theirs.upsert(key, n))));
  expect(await Promise.all(keys.map(async (key) => (await theirs.get(key)).content))).toEqual([...keys.keys()]);
  expect(await Promise.all(keys.map(async (key) => (await ours.get(key)).value))).toEqual([...keys.keys()]);
});

test('one counts on where the other stopped', async () => {
  expect((await ours.counter('count', { initial: 5 })).value).toBe(5);
  expect((await theirs.binary().increment('count', 10)).value).toBe(15);
  expect((await ours.counter('count', { delta: -3 })).value).toBe(12);
  expect((await theirs.binary().decrement('count', 2)).value).toBe(10);
  expect((await theirs.get('count')).content).toBe(10);
  expect((await ours.get('count')).value).toBe(10);
  await theirs.binary().increment('theirs', 1, { initial: 7 });
  expect((await ours.counter('theirs')).value).toBe(8);
  await ours.upsert('number', 41);
  expect((await theirs.binary().increment('number', 1)).value).toBe(42);
});

test('a counter beyond what a number can hold is exact here', async () => {
  const large = 2n ** 63n;
  expect((await ours.counter('large', { initial: large })).value).toBe(large);
  await theirs.binary().increment('large', 1);
  expect((await ours.counter('large', { delta: 1 })).value).toBe(large + 2n);
});

test('one appends to what the other stored, and the flags stay', async () => {
  await ours.upsert('text', 'b', { format: FMT_UTF8 });
  await theirs.binary().append('text', 'c');
  await ours.prepend('text', 'a');
  expect((await theirs.get('text')).content).toBe('abc');
  expect(await ours.get('text')).toMatchObject({ value: 'abc', flags: FMT_UTF8 });
  await theirs.upsert('bytes', Buffer.from([1]));
  await ours.append('bytes', Uint8Array.of(255));
  expect((await theirs.get('bytes')).content).toEqual(Buffer.from([1, 255]));
});

test('each sees the expiry that the other set', async () => {
  const seconds = Math.floor(clock.now() / 1000);
  await ours.upsert('expiry', 1, { ttl: 60 });
  const { expiryTime } = await theirs.get('expiry', { withExpiry: true });
  expect(Math.abs(expiryTime! - seconds - 60)).toBeLessThanOrEqual(1);
  await theirs.upsert('theirs expire', 1, { expiry: 20 });
  await ours.touch('expiry', { ttl: new Date(clock.now() + 20_000) });
  await theirs.getAndTouch('count', 20);
  clock.advance(19_000);
  expect((await ours.get('theirs expire', { ttl: 1 })).value).toBe(1);
  expect((await theirs.exists('expiry')).exists).toBe(true);
  clock.advance(3_000);
  for (const key of ['theirs expire', 'expiry', 'count']) await expect(ours.get(key)).rejects.toThrow(NotFoundError);
});

test('each keeps the expiry that the other set, when it is told to', async () => {
  const seconds = Math.floor(clock.now() / 1000);
  const far = seconds + 60 * 24 * 60 * 60;
  const expiryTime = async (key: string): Promise<number | undefined> =>
    (await theirs.get(key, { withExpiry: true })).expiryTime;
  await ours.upsert('keep', 1, { ttl: far });
  await theirs.upsert('keep', 2, { preserveExpiry: true });
  await ours.replace('keep', 3, { preserveExpiry: true });
  await ours.counter('keep');
  expect(await expiryTime('keep')).toBe(far);
  await theirs.upsert('theirs keep', 1, { expiry: new Date(far * 1000) });
  await ours.upsert('theirs keep', 2, { preserveExpiry: true });
  expect(await expiryTime('theirs keep')).toBe(far);
  await ours.upsert('theirs keep', 3);
  expect(await expiryTime('theirs keep')).toBeFalsy();
});

test('what one writes as many, the other reads one by one, and the other way round', async () => {
  const keys = Array.from({ length: 100 }, (_none, n) => `many-${n}`);
  await ours.upsertMulti(new Map(keys.map((key, n) => [key, { n }])));
  expect(await Promise.all(keys.map(async (key) => (await theirs.get(key)).content.n))).toEqual([...keys.keys()]);
  await Promise.all(keys.map((key, n) => theirs.upsert(key, [n])));
  expect([...(await ours.getMulti(keys)).values()].map(({ value }) => value)).toEqual(keys.map((_key, n) => [n]));
});

test('what one wrote durably, the other reads', async () => {
  await ours.upsert('durable', 'ours', { durability: 'majority' });
  expect((await theirs.get('durable')).content).toBe('ours');
  await theirs.upsert('durable', 'theirs', { durabilityLevel: DurabilityLevel.PersistToMajority });
  expect((await ours.get('durable')).value).toBe('theirs');
});

test('the CAS of one is good for the other', async () => {
  const first = await theirs.upsert('cas', 1);
  const second = await ours.replace('cas', 2, { cas: casNumber(first.cas) });
  await expect(ours.replace('cas', 3, { cas: casNumber(first.cas) })).rejects.toThrow(KeyExistsError);
  expect(await rejection(theirs.replace('cas', 3, { cas: first.cas }))).toBeInstanceOf(CasMismatchError);
  await theirs.replace('cas', 4, { cas: second.cas.toString() });
  expect((await ours.get('cas')).value).toBe(4);
  expect(await rejection(theirs.insert('cas', 5))).toBeInstanceOf(DocumentExistsError);
  await expect(ours.insert('cas', 5)).rejects.toThrow(KeyExistsError);
});

test('the lock of one holds for the other, and its CAS opens it', async () => {
  await ours.upsert('lock', 1);
  const locked = await theirs.getAndLock('lock', 10);
  await expect(ours.upsert('lock', 2, { timeout: 200 })).rejects.toThrow(DocumentLockedError);
  await ours.unlock('lock', { cas: casNumber(locked.cas) });
  const { cas } = await ours.lock('lock', { ttl: 10 });
  expect(await rejection(theirs.upsert('lock', 3, { timeout: 300 }))).toBeInstanceOf(AmbiguousTimeoutError);
  await theirs.unlock('lock', cas.toString());
  await theirs.upsert('lock', 4);
  expect((await ours.get('lock')).value).toBe(4);
});

test('what one removes is gone for the other', async () => {
  await ours.upsert('gone', 1);
  await theirs.remove('gone');
  await expect(ours.get('gone')).rejects.toThrow(NotFoundError);
  expect((await ours.exists('gone')).exists).toBe(false);
  await theirs.upsert('gone', 2);
  await ours.remove('gone');
  expect((await theirs.exists('gone')).exists).toBe(false);
});
