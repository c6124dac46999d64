import { Bucket, connect, KeyExistsError, NotFoundError } from '@cb/promise';
import { DeltaBadvalError, NotStoredError } from '@cb/protocol';
import { FMT_BYTES, FMT_UTF8 } from '@cb/raw';
import { Memcached } from './memcached.js';

const suite = Memcached.isInstalled ? describe : describe.skip;

suite('against the memcached of the operating system', () => {
  let memcached: Memcached;
  let bucket: Bucket;

  beforeAll(async () => {
    memcached = await Memcached.start();
    bucket = await connect(`memcached://127.0.0.1:${memcached.port}`);
  });

  afterAll(async () => {
    await bucket.close();
    await memcached[Symbol.asyncDispose]();
  });

  test('stores and reads JSON, text and bytes', async () => {
    const stored = await bucket.upsert('m:json', { a: [1, 'ü', null] });
    expect(stored.cas).toBeGreaterThan(0n);
    expect(await bucket.get('m:json')).toMatchObject({ success: true, value: { a: [1, 'ü', null] }, cas: stored.cas });
    await bucket.upsert('m:text', 'grüße', { format: FMT_UTF8 });
    expect(await bucket.get('m:text')).toMatchObject({ value: 'grüße', flags: FMT_UTF8 });
    await bucket.upsert('m:bytes', Uint8Array.of(0, 255), { format: FMT_BYTES });
    expect((await bucket.get('m:bytes')).value).toEqual(Buffer.from([0, 255]));
  });

  test('tells missing, existing and changed documents apart', async () => {
    await expect(bucket.get('m:none')).rejects.toThrow(NotFoundError);
    expect(await bucket.get('m:none', { quiet: true })).toMatchObject({ success: false, rc: 0x0d, value: undefined });
    await expect(bucket.replace('m:none', 1)).rejects.toThrow(NotFoundError);
    await expect(bucket.remove('m:none')).rejects.toThrow(NotFoundError);
    await expect(bucket.append('m:none', 'x')).rejects.toThrow(NotStoredError);
    const { cas } = await bucket.insert('m:new', 1);
    await expect(bucket.insert('m:new', 2)).rejects.toThrow(KeyExistsError);
    await expect(bucket.upsert('m:new', 3, { cas: cas + 1n })).rejects.toThrow(KeyExistsError);
    await expect(bucket.remove('m:new', { cas: cas + 1n })).rejects.toThrow(KeyExistsError);
    await bucket.replace('m:new', 4, { cas });
    expect((await bucket.get('m:new')).value).toBe(4);
    await bucket.remove('m:new');
    await expect(bucket.get('m:new')).rejects.toThrow(NotFoundError);
  });

  test('appends, prepends and counts', async () => {
    await bucket.upsert('m:text', 'b', { format: FMT_UTF8 });
    await bucket.append('m:text', 'c');
    await bucket.prepend('m:text', 'a');
    expect((await bucket.get('m:text')).value).toBe('abc');
    await expect(bucket.counter('m:count')).rejects.toThrow(NotFoundError);
    expect((await bucket.counter('m:count', { initial: 10 })).value).toBe(10);
    expect((await bucket.counter('m:count', { delta: 5 })).value).toBe(15);
    expect((await bucket.counter('m:count', { delta: -100 })).value).toBe(0);
    await expect(bucket.counter('m:text')).rejects.toThrow(DeltaBadvalError);
  });

  test('touches, and answers a noop', async () => {
    await bucket.upsert('m:touch', 1);
    await bucket.touch('m:touch', { ttl: 100 });
    expect((await bucket.get('m:touch', { ttl: 200 })).value).toBe(1);
    await expect(bucket.touch('m:none', { ttl: 1 })).rejects.toThrow(NotFoundError);
    expect((await bucket.noop()).success).toBe(true);
  });

  test('carries many operations at once, large values among them', async () => {
    const keys = Array.from({ length: 2000 }, (_none, index) => `m:many:${index}`);
    await Promise.all(keys.map((key, index) => bucket.upsert(key, { index, text: 'x'.repeat(index) })));
    const results = await Promise.all(keys.map((key) => bucket.get<{ index: number }>(key)));
    expect(results.map(({ value }) => value.index)).toEqual(keys.map((_key, index) => index));
    const large = 'y'.repeat(900_000);
    await Promise.all(keys.slice(0, 20).map((key) => bucket.upsert(key, large)));
    const back = await Promise.all(keys.slice(0, 20).map((key) => bucket.get(key)));
    expect(back.every(({ value }) => value === large)).toBe(true);
  });

  test('keeps operations on one key in the order of the calls', async () => {
    const values = Array.from({ length: 100 }, (_none, index) => index);
    const reads = values.map((value) => {
      void bucket.upsert('m:order', value);
      return bucket.get('m:order');
    });
    expect((await Promise.all(reads)).map(({ value }) => value)).toEqual(values);
  });

  test('can be used before it is connected', async () => {
    const early = new Bucket(`memcached://127.0.0.1:${memcached.port}`);
    const stored = early.upsert('m:early', 'first');
    const read = early.get('m:early');
    expect(early.connected).toBe(false);
    await stored;
    expect((await read).value).toBe('first');
    await early.close();
  });
});
