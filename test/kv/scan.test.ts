import { EmbeddedCluster } from '@cb/embedded';
import {
  type Bucket,
  type Collection,
  connect,
  prefixScan,
  rangeScan,
  type ScanOptions,
  type ScanType,
  samplingScan,
} from '@cb/promise';
import { MutationToken } from '@cb/protocol';
import { TerminalCalls } from '../async-result/terminal-calls.js';
import { runProgram } from '../peers/program.js';

async function keysOf(collection: Collection, type: ScanType, options?: ScanOptions): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of collection.scan(type, options)) keys.push(key);
  return keys.sort();
}

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('scans', () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start({
      nodes: 3,
      replicas: 1,
      buckets: { default: { collections: { s: ['c'] } } },
    });
    const { username, password } = cluster;
    bucket = await connect(`${cluster.connectionString}/default`, { username, password });
    const documents = ['a', 'b', 'b:1', 'b:2', 'c', 'ü', '\u{1F600}', '~'];
    for (const key of documents) await bucket.upsert(key, { key });
    const many = bucket.scope('s').collection('c');
    for (let index = 0; index < 300; index++) await many.upsert(`k:${String(index).padStart(3, '0')}`, index);
  });

  afterAll(async () => {
    await bucket.close();
    await cluster.stop();
  });

  test('of a range, both ends included', async () => {
    expect(await keysOf(bucket, rangeScan('b', 'c'))).toEqual(['b', 'b:1', 'b:2', 'c']);
    expect(await keysOf(bucket, rangeScan({ key: 'b', exclusive: true }, { key: 'c', exclusive: true }))).toEqual([
      'b:1',
      'b:2',
    ]);
    expect(await keysOf(bucket, rangeScan(undefined, 'b'))).toEqual(['a', 'b']);
    expect(await keysOf(bucket, rangeScan('~'))).toEqual(['~', 'ü', '\u{1F600}']);
    expect(await keysOf(bucket, rangeScan())).toHaveLength(8);
    expect(await keysOf(bucket, rangeScan('x', 'y'))).toEqual([]);
  });

  test('of a prefix', async () => {
    expect(await keysOf(bucket, prefixScan('b'))).toEqual(['b', 'b:1', 'b:2']);
    expect(await keysOf(bucket, prefixScan('\u{1F600}'))).toEqual(['\u{1F600}']);
    expect(await keysOf(bucket, prefixScan('none'))).toEqual([]);
  });

  test('bring documents as get does, or their keys alone', async () => {
    const { cas } = await bucket.upsert('doc:1', { a: 'x'.repeat(500) }, { ttl: 4_000_000_000 });
    const [item] = await allOf(bucket.scan(prefixScan('doc:')));
    expect(item).toMatchObject({
      key: 'doc:1',
      value: { a: 'x'.repeat(500) },
      cas,
      expiry: 4_000_000_000,
      success: true,
    });
    const [id] = await allOf(bucket.scan(prefixScan('doc:'), { idsOnly: true }));
    expect(id).toMatchObject({ key: 'doc:1', value: undefined, cas: 0n });
    const [raw] = await allOf(bucket.scan(prefixScan('doc:'), { noFormat: true }));
    expect(raw!.value).toEqual(Buffer.from(JSON.stringify({ a: 'x'.repeat(500) })));
  });

  test.each([
    { batchItems: 1 },
    { batchItems: 7, concurrency: 4 },
    { batchBytes: 1 },
    { concurrency: 64, idsOnly: true },
  ])('show every document once with %o', async (options) => {
    const keys = await keysOf(bucket.scope('s').collection('c'), prefixScan('k:'), options);
    expect(keys).toHaveLength(300);
    expect(new Set(keys).size).toBe(300);
  });

  test('of a sample', async () => {
    const collection = bucket.scope('s').collection('c');
    const some = await keysOf(collection, samplingScan(20, 1));
    expect(some).toHaveLength(20);
    expect(await keysOf(collection, samplingScan(20, 1))).toEqual(some);
    expect(await keysOf(collection, samplingScan(20, 2))).not.toEqual(some);
    expect(await keysOf(collection, samplingScan(1000))).toHaveLength(300);
    expect(await keysOf(collection, samplingScan(1, 0))).toHaveLength(1);
  });

  test('see the mutations they must', async () => {
    const token = (await bucket.upsert('seen:1', 1)).mutationToken!;
    const other = (await bucket.upsert('seen:2', 1)).mutationToken!;
    expect(await keysOf(bucket, prefixScan('seen:'), { consistentWith: [token, other] })).toEqual(['seen:1', 'seen:2']);
    expect(await keysOf(bucket, prefixScan('seen:'), { consistentWith: token })).toHaveLength(2);
    const { vbucket, seqno } = token;
    const foreign = new MutationToken('default', vbucket, 0x1_0000_0002n, seqno);
    await expect(keysOf(bucket, prefixScan('seen:'), { consistentWith: foreign })).rejects.toMatchObject({
      code: 'mutation_token_outdated',
    });
  });

  test('end when the reader leaves', async () => {
    const collection = bucket.scope('s').collection('c');
    const seen: string[] = [];
    for await (const { key } of collection.scan(rangeScan(), { batchItems: 1, concurrency: 8 })) {
      seen.push(key);
      if (seen.length === 3) break;
    }
    expect(seen).toHaveLength(3);
  });

  test('go on only as fast as they are read', async () => {
    const collection = bucket.raw.scope('s').collection('c');
    let delivered = 0;
    let release = (): void => {};
    const calls = new TerminalCalls(
      collection.scan(rangeScan(), { batchItems: 1 }, (items) => {
        delivered += items.length;
        return new Promise<void>((resolve) => {
          const before = release;
          release = () => {
            before();
            resolve();
          };
        });
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    // One batch of one vbucket of each node.
    expect(delivered).toBe(3);
    calls.result.cancel('enough');
    expect(await calls.error()).toMatchObject({ code: 'cancelled', cause: 'enough', ambiguous: false });
    release();
  });

  test('count what they delivered, and survive a handler that throws', async () => {
    const { username, password } = cluster;
    // What nobody handles would be taken for the test runner's own.
    const { stdout, stderr } = await runProgram(
      `
      import { prefixScan, RawBucket } from '@cb/raw';
      process.on('uncaughtException', ({ message }) => console.log(message));
      const bucket = new RawBucket(input.connectionString, input.options);
      const done = (call) => new Promise((resolve, reject) => call.setCallbacks(resolve, (_r, _c, error) => reject(error)));
      await done(bucket.connect());
      const scan = bucket.scan(prefixScan('b:'), undefined, ([{ key }]) => {
        if (key === 'b:1') throw new Error('thrown by the handler');
        return Promise.reject(new Error('rejected by the handler'));
      });
      console.log('delivered', await done(scan));
      `,
      { connectionString: `${cluster.connectionString}/default`, options: { username, password } },
    );
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n').sort()).toEqual([
      'delivered 2',
      'rejected by the handler',
      'thrown by the handler',
    ]);
  });

  test('end with the bucket that they belong to, read or not', async () => {
    const { username, password } = cluster;
    const other = await connect(`${cluster.connectionString}/default`, { username, password });
    const items = other.scan(rangeScan(), { batchItems: 1 });
    await items.next();
    await other.close();
    const message = 'the bucket was closed before scan ended';
    await expect(allOf(items)).rejects.toMatchObject({ code: 'object_destroyed', message, ambiguous: false });
  });

  test('tell a bucket that was destroyed from one that was closed', async () => {
    const { username, password } = cluster;
    const other = await connect(`${cluster.connectionString}/default`, { username, password });
    const items = other.scan(rangeScan(), { batchItems: 1 });
    await items.next();
    other.destroy();
    const message = 'the bucket was destroyed before scan ended';
    await expect(allOf(items)).rejects.toMatchObject({ code: 'object_destroyed', message });
  });

  test('can be ended by a signal', async () => {
    const controller = new AbortController();
    const items = bucket.scan(rangeScan(), { signal: controller.signal, batchItems: 1 });
    await items.next();
    controller.abort('enough');
    await expect(allOf(items)).rejects.toMatchObject({ code: 'cancelled', ambiguous: false });
  });

  test('refuse what cannot be scanned, and send nothing', async () => {
    const bad = [
      [undefined, {}, /rangeScan, a prefixScan or a samplingScan, not undefined/],
      [prefixScan(''), {}, /prefix must be a string that is not empty/],
      [rangeScan(5 as unknown as string), {}, /from must be a key/],
      [rangeScan('a', { key: 'b', exclusive: 1 as unknown as boolean }), {}, /exclusive must be true or false/],
      [rangeScan('x'.repeat(250)), {}, /from is 250 bytes long/],
      [samplingScan(0), {}, /limit must be a whole number from 1/],
      [samplingScan(1, Number.NaN), {}, /seed must be a whole number/],
      [rangeScan(), { batchItems: 0 }, /batchItems must be a whole number from 1/],
      [rangeScan(), { concurrency: 1.5 }, /concurrency/],
      [rangeScan(), { consistentWith: {} }, /mutation token/],
      [rangeScan(), { signal: 1 }, /signal must be an AbortSignal/],
      [rangeScan(), 7, /options of scan must be an object/],
      [rangeScan(), { keysOnly: true }, /scan has no option "keysOnly"/],
    ] as const;
    for (const [type, options, message] of bad) {
      await expect(keysOf(bucket, type as ScanType, options as ScanOptions)).rejects.toThrow(message);
    }
    expect(() => bucket.raw.scan(rangeScan(), {}, undefined as never)).toThrow(/onItems must be a function/);
    await expect(keysOf(bucket.collection('nope'), rangeScan())).rejects.toMatchObject({
      code: 'collection_not_found',
    });
  });
});
