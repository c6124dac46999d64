import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, NotFoundError } from '@cb/promise';

describe('random documents', () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start({
      nodes: 4,
      replicas: 0,
      seed: 1,
      buckets: { default: { collections: { s: ['c', 'empty'] } } },
    });
    const { username, password } = cluster;
    bucket = await connect(`${cluster.connectionString}/default`, { username, password });
  });

  afterAll(async () => {
    await bucket.close();
    await cluster.stop();
  });

  test('there is none in an empty collection', async () => {
    await expect(bucket.scope('s').collection('empty').randomKey()).rejects.toThrow(NotFoundError);
    await expect(bucket.randomGet()).rejects.toMatchObject({ code: 'not_found', operation: 'randomGet' });
  });

  test('one document is found, on whichever node it is', async () => {
    const collection = bucket.scope('s').collection('c');
    const { cas } = await collection.upsert('größe', { a: 1 });
    for (let turn = 0; turn < 8; turn++) expect(await collection.randomKey()).toBe('größe');
    expect(await collection.randomGet()).toMatchObject({ key: 'größe', value: { a: 1 }, cas, success: true });
    expect((await collection.randomGet({ noFormat: true })).value).toEqual(Buffer.from('{"a":1}'));
    await expect(bucket.randomKey()).rejects.toThrow(NotFoundError);
  });

  test('of many documents different ones come', async () => {
    const keys = Array.from({ length: 40 }, (_none, index) => `r:${index}`);
    for (const key of keys) await bucket.upsert(key, key);
    const seen = new Set<string>();
    for (let turn = 0; turn < 60; turn++) {
      const { key, value } = await bucket.randomGet();
      expect(value).toBe(key);
      seen.add(key);
    }
    expect(keys).toEqual(expect.arrayContaining([...seen]));
    expect(seen.size).toBeGreaterThan(5);
  });

  test('unknown collections and options are named', async () => {
    const unknown = bucket.scope('s').collection('nope');
    await expect(unknown.randomKey()).rejects.toMatchObject({
      code: 'collection_not_found',
      message: expect.stringContaining('s.nope'),
    });
    await expect(bucket.randomGet({ quiet: true } as object)).rejects.toThrow(/randomGet has no option "quiet"/);
    await expect(bucket.randomKey({ noFormat: true } as object)).rejects.toThrow(/randomKey has no option "noFormat"/);
  });
});
