import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect } from '@cb/promise';
import {
  ArgumentError,
  CancelledError,
  ClientTemporaryFailError,
  CollectionNotFoundError,
  type CouchbaseError,
  KeyExistsError,
  NotFoundError,
  ObjectDestroyedError,
  TimeoutError,
  ValueFormatError,
} from '@cb/protocol';
import { ExistsResult, FMT_BYTES, FMT_UTF8, MultiResult, OperationResult, ValueResult } from '@cb/raw';
import { connectTo, quietNode } from '../async-result/quiet-node.js';
import { TerminalCalls } from '../async-result/terminal-calls.js';
import { RecordingIOPS } from './recording-iops.js';

const NODES = 3;
let cluster: EmbeddedCluster;
let bucket: Bucket;
let iops: RecordingIOPS;

beforeAll(async () => {
  const buckets = { default: { collections: { inventory: ['hotel'] } } };
  cluster = await EmbeddedCluster.start({ nodes: NODES, replicas: 1, buckets });
  iops = new RecordingIOPS();
  const { username, password } = cluster;
  bucket = await connect(`${cluster.connectionString}/default`, { username, password, iops });
  // Connections to all nodes are there from now on.
  await bucket.getMulti(manyKeys('warm'), { quiet: true });
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

afterEach(() => {
  bucket.quiet = false;
});

/** Enough keys for every node to have some. */
function manyKeys(prefix: string, count = 64): string[] {
  return Array.from({ length: count }, (_none, index) => `${prefix}:${index}`);
}

/** By then, what was scheduled has been written. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function rejection(promise: Promise<unknown>): Promise<CouchbaseError> {
  return promise.then(
    () => {
      throw new Error('did not reject');
    },
    (error) => error as CouchbaseError,
  );
}

describe('a multi operation', () => {
  test('goes out in one write for each node, whatever the number of keys', async () => {
    const keys = manyKeys('write', 500);
    iops.takeCounts();
    await bucket.upsertMulti(Object.fromEntries(keys.map((key) => [key, 1])));
    const stores = Object.values(iops.takeCounts());
    await bucket.getMulti(keys);
    const reads = Object.values(iops.takeCounts());
    expect(stores).toEqual(new Array(NODES).fill(1));
    expect(reads).toEqual(new Array(NODES).fill(1));
  });

  test('has its results by key, in the order of the keys', async () => {
    const keys = manyKeys('order').reverse();
    const stored = await bucket.upsertMulti(new Map(keys.map((key, index) => [key, { index }])));
    expect([...stored.keys()]).toEqual(keys);
    const read = await bucket.getMulti<{ index: number }>(keys);
    expect(read).toBeInstanceOf(MultiResult);
    expect(read).toMatchObject({ size: keys.length, remaining: 0, allOk: true, duplicates: [] });
    expect([...read.values()].map(({ value }) => value.index)).toEqual(keys.map((_key, index) => index));
    expect([...read].map(([key, result]) => [key, result.key])).toEqual(keys.map((key) => [key, key]));
    const seen: string[] = [];
    read.forEach((result, key, all) => {
      seen.push(key);
      expect(all.get(key)).toBe(result);
    });
    expect(seen).toEqual(keys);
    expect([...read.entries()]).toEqual([...read]);
    expect(read.has('order:0')).toBe(true);
    expect(read.has('order:none')).toBe(false);
  });

  test.each([
    ['an array', ['in:a', 'in:b']],
    ['a Set', new Set(['in:a', 'in:b'])],
    ['a generator', keysOneByOne()],
    [
      'a Map',
      new Map([
        ['in:a', undefined],
        ['in:b', undefined],
      ]),
    ],
    [
      'the keys of a Map',
      new Map([
        ['in:a', 1],
        ['in:b', 2],
      ]).keys(),
    ],
    ['a plain object', { 'in:a': undefined, 'in:b': undefined }],
    ['an object without a prototype', Object.assign(Object.create(null), { 'in:a': undefined, 'in:b': undefined })],
  ])('takes keys from %s', async (_name, keys) => {
    await bucket.upsertMulti({ 'in:a': 'A', 'in:b': 'B' });
    const read = await bucket.getMulti(keys);
    expect([...read].map(([key, { value }]) => [key, value])).toEqual([
      ['in:a', 'A'],
      ['in:b', 'B'],
    ]);
  });

  function* keysOneByOne(): Iterable<string> {
    yield 'in:a';
    yield 'in:b';
  }

  test('takes keys from earlier results', async () => {
    const stored = await bucket.upsertMulti({ 'again:a': 1, 'again:b': 2 });
    const read = await bucket.getMulti<number>(stored);
    expect([...read.values()].map(({ value }) => value)).toEqual([1, 2]);
    expect((await bucket.getMulti([...read.values()])).size).toBe(2);
    const single = await bucket.get('again:a');
    expect([...(await bucket.getMulti([single, 'again:b'])).keys()]).toEqual(['again:a', 'again:b']);
  });

  test('reports keys that are given more than once', async () => {
    const warnings = jest.spyOn(process, 'emitWarning').mockImplementation();
    await bucket.upsertMulti({ 'twice:a': 0, 'twice:b': 0 });
    const counted = await bucket.counterMulti(['twice:a', 'twice:b', 'twice:a']);
    expect(counted.duplicates).toEqual(['twice:a']);
    expect([...counted].map(([key, { value }]) => [key, value])).toEqual([
      ['twice:a', 2],
      ['twice:b', 1],
    ]);
    expect(warnings.mock.calls).toEqual([
      [expect.stringContaining('"twice:a"'), { type: 'DuplicateKeyWarning', code: 'CB_DUPLICATE_KEY' }],
    ]);
    warnings.mockRestore();
  });

  test('has its parts under both spellings', () => {
    const names = (spelling: RegExp): string[] => {
      const found = new Set<string>();
      for (
        let owner = Object.getPrototypeOf(bucket);
        owner !== Object.prototype;
        owner = Object.getPrototypeOf(owner)
      ) {
        for (const name of Object.getOwnPropertyNames(owner)) if (spelling.test(name)) found.add(name);
      }
      return [...found].sort();
    };
    const camelCase = names(/(Multi|Items)$/);
    expect(camelCase.length).toBeGreaterThan(16);
    const underscored = camelCase.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
    expect(names(/_(multi|items)$/)).toEqual(underscored.sort());
    const single = ['append', 'counter', 'endure', 'exists', 'get', 'insert', 'lock', 'observe', 'prepend', 'remove'];
    const operations = [...single, 'replace', 'rget', 'touch', 'unlock', 'upsert'];
    expect(camelCase).toEqual(expect.arrayContaining(operations.map((name) => `${name}Multi`)));
  });
});

describe('the input of a multi operation', () => {
  const refused: readonly (readonly [string, unknown])[] = [
    ['a string', 'key'],
    ['bytes', Buffer.from('key')],
    ['null', null],
    ['undefined', undefined],
    ['a number', 5],
    ['a function', () => ['key']],
    ['a Date', new Date()],
    ['a Promise', Promise.resolve(['key'])],
    ['an empty array', []],
    ['an empty Set', new Set()],
    ['an empty Map', new Map()],
    ['an empty object', {}],
  ];

  test.each(refused)('is not %s', async (_name, keys) => {
    await expect(bucket.getMulti(keys as never)).rejects.toThrow(ArgumentError);
    await expect(bucket.upsertMulti(keys as never)).rejects.toThrow(ArgumentError);
  });

  test.each([
    ['an array', ['key']],
    ['a Set', new Set(['key'])],
    ['an array of pairs', [['key', 1]]],
  ])('is not %s where values are stored', async (_name, values) => {
    await expect(bucket.upsertMulti(values as never)).rejects.toThrow('upsertMulti takes a Map or a plain object');
  });

  test('is not a result that is still empty', async () => {
    const underWay = bucket.raw.getMulti(['a', 'b'], { quiet: true });
    const arrived = new TerminalCalls(underWay).value();
    expect(() => bucket.raw.getMulti(underWay)).toThrow('of which 2 have not arrived yet');
    await arrived;
  });

  test.each<readonly [string, () => Promise<unknown>, string, new (message: string) => Error]>([
    ['a key that is not a string', () => bucket.getMulti(['good', 5 as never]), 'key 5', ValueFormatError],
    ['a key that is empty', () => bucket.getMulti(['good', '']), 'key ""', ArgumentError],
    ['a hole', () => bucket.getMulti(['good', undefined as never]), 'key undefined', ValueFormatError],
    ['a value that is not JSON', () => bucket.upsertMulti({ good: 1, bad: () => 1 }), '"bad"', ValueFormatError],
    ['no value', () => bucket.insertMulti({ good: 1, bad: undefined }), '"bad"', ValueFormatError],
    [
      'a value of another format',
      () => bucket.replaceMulti({ good: 'x', bad: 1 }, { format: FMT_UTF8 }),
      '"bad"',
      ValueFormatError,
    ],
    [
      'a fragment that is not a string',
      () => bucket.appendMulti({ good: 'x', bad: 1 as never }),
      '"bad"',
      ValueFormatError,
    ],
    ['a ttl that is not a number', () => bucket.touchMulti({ good: 1, bad: '1' as never }), '"bad"', ArgumentError],
    ['a ttl below 0', () => bucket.getMulti({ good: 1, bad: { ttl: -1 } }), '"bad"', ArgumentError],
    [
      'an option that is not its',
      () => bucket.touchMulti({ good: 1, bad: { cas: 1n } as never }),
      '"bad"',
      ArgumentError,
    ],
    [
      'a delta object without delta',
      () => bucket.counterMulti({ good: 1, bad: { initial: 1 } as never }),
      '"bad"',
      ArgumentError,
    ],
    ['a delta that is not an integer', () => bucket.counterMulti({ good: 1, bad: 1.5 }), '"bad"', ArgumentError],
    ['a CAS that is a number', () => bucket.removeMulti({ good: 1n, bad: 1 as never }), '"bad"', ArgumentError],
    ['an unlock without a CAS', () => bucket.unlockMulti({ good: 1n, bad: 0n }), '"bad"', ArgumentError],
    ['an unlock of keys alone', () => bucket.unlockMulti(['bad']), '"bad"', ArgumentError],
    ['a lock without a ttl', () => bucket.lockMulti({ good: 5, bad: undefined }), '"bad"', ArgumentError],
    ['something given where nothing is taken', () => bucket.existsMulti({ bad: 1 as never }), '"bad"', ArgumentError],
  ])('with %s sends nothing and names the key', async (_name, call, key, ErrorClass) => {
    iops.takeCounts();
    const error = await rejection(call());
    expect(error).toBeInstanceOf(ErrorClass);
    expect(error.message).toContain(key);
    if (key.startsWith('"')) expect(error.key).toBe('bad');
    await turn();
    expect(iops.takeCounts()).toEqual({});
  });

  test('keeps the cause of a bad value', async () => {
    const error = await rejection(
      bucket.upsertMulti({
        bad: {
          toJSON: () => {
            throw new RangeError('mine');
          },
        },
      }),
    );
    expect(error).toBeInstanceOf(ValueFormatError);
    expect(error.cause).toBeInstanceOf(RangeError);
    expect(error.operation).toBe('upsertMulti');
  });

  test('has one ttl for all keys or one per key', async () => {
    await expect(bucket.getMulti({ a: 1 }, { ttl: 5 })).rejects.toThrow('ttl is given for all keys and for this one');
    await expect(bucket.touchMulti({ a: { ttl: 1 } }, { ttl: 5 })).rejects.toThrow(ArgumentError);
    await expect(bucket.lockMulti({ a: 1 }, { ttl: 5 })).rejects.toThrow(ArgumentError);
  });

  test('has options that the operation knows, and no CAS for all keys', async () => {
    await expect(bucket.getMulti(['a'], { quite: true } as never)).rejects.toThrow('no option "quite"');
    await expect(bucket.getMulti(['a'], 5 as never)).rejects.toThrow(ArgumentError);
    await expect(bucket.getMulti(['a'], null as never)).rejects.toThrow(ArgumentError);
    await expect(bucket.getMulti(['a'], { signal: 5 as never })).rejects.toThrow('signal must be an AbortSignal');
    await expect(bucket.removeMulti(['a'], { cas: 1n } as never)).rejects.toThrow('no option "cas" for all keys');
    await expect(bucket.upsertMulti({ a: 1 }, { cas: 1n } as never)).rejects.toThrow(ArgumentError);
  });
});

describe('single operations for many keys', () => {
  test('store, replace, insert, append and prepend', async () => {
    await bucket.removeMulti(['st:a', 'st:b'], { quiet: true });
    await expect(bucket.replaceMulti({ 'st:a': 1 })).rejects.toThrow(NotFoundError);
    const inserted = await bucket.insert_multi({ 'st:a': 'a', 'st:b': 'b' }, { format: FMT_UTF8 });
    for (const result of inserted.values()) expect(result).toBeInstanceOf(OperationResult);
    await expect(bucket.insertMulti({ 'st:a': 1 })).rejects.toThrow(KeyExistsError);
    await bucket.append_multi({ 'st:a': '>', 'st:b': '>' });
    await bucket.prependMulti(
      new Map([
        ['st:a', '<'],
        ['st:b', '<'],
      ]),
    );
    expect([...(await bucket.get_multi(['st:a', 'st:b'])).values()].map(({ value }) => value)).toEqual(['<a>', '<b>']);
    await bucket.replace_multi({ 'st:a': Buffer.of(1) }, { format: FMT_BYTES });
    expect((await bucket.getMulti(['st:a'])).get('st:a')!.value).toEqual(Buffer.of(1));
  });

  test('count with a delta for all, one per key, and initial values', async () => {
    await bucket.removeMulti(['ct:a', 'ct:b', 'ct:c'], { quiet: true });
    const first = await bucket.counterMulti(['ct:a', 'ct:b', 'ct:c'], { initial: 10 });
    expect([...first.values()].map(({ value }) => value)).toEqual([10, 10, 10]);
    const second = await bucket.counter_multi(
      { 'ct:a': 5, 'ct:b': -3n, 'ct:c': { delta: 7, initial: 1 } },
      { initial: 0 },
    );
    expect([...second.values()].map(({ value }) => value)).toEqual([15, 7, 17]);
    expect((await bucket.counterMulti(['ct:a', 'ct:b'], { delta: 100 })).get('ct:b')!.value).toBe(107);
    await bucket.remove('ct:c');
    const created = await bucket.counterMulti({ 'ct:c': { delta: 7, initial: 1 } }, { initial: 0 });
    expect(created.get('ct:c')!.value).toBe(1);
    await expect(bucket.counterMulti(['ct:none'])).rejects.toThrow(NotFoundError);
  });

  test('remove what has not changed since it was read', async () => {
    await bucket.upsertMulti({ 'rm:a': 1, 'rm:b': 1 });
    const read = await bucket.getMulti(['rm:a', 'rm:b']);
    await bucket.upsert('rm:b', 2);
    const error = await rejection(bucket.removeMulti(read));
    expect(error).toBeInstanceOf(KeyExistsError);
    expect(error.key).toBe('rm:b');
    const left = await bucket.existsMulti(['rm:a', 'rm:b']);
    expect([...left.values()].map(({ exists }) => exists)).toEqual([false, true]);
    expect(left.get('rm:a')).toBeInstanceOf(ExistsResult);
    expect(left.allOk).toBe(true);
    const [, changed] = [...(await bucket.getMulti(['rm:b']))][0]!;
    await bucket.remove_multi({ 'rm:b': changed.cas });
    expect((await bucket.exists('rm:b')).exists).toBe(false);
  });

  test('lock and unlock', async () => {
    await bucket.upsertMulti({ 'lk:a': 1, 'lk:b': 2 });
    const locked = await bucket.lockMulti<number>({ 'lk:a': 10, 'lk:b': { ttl: 20 } });
    expect([...locked.values()].map(({ value }) => value)).toEqual([1, 2]);
    const refused = await rejection(bucket.upsertMulti({ 'lk:a': 3, 'lk:b': 4 }, { timeout: 100 }));
    expect((refused.allResults as MultiResult).splitResults().failed.size).toBe(2);
    await bucket.unlockMulti(locked);
    const again = await bucket.lock_multi(['lk:a', 'lk:b'], { ttl: 10 });
    await bucket.unlock_multi([...again.values()]);
    await bucket.upsertMulti({ 'lk:a': 3, 'lk:b': 4 });
  });

  test('touch and get with a ttl, for all or per key', async () => {
    await bucket.upsertMulti({ 'tt:a': 1, 'tt:b': 1 });
    for (const result of (await bucket.touchMulti(['tt:a', 'tt:b'], { ttl: 100 })).values()) {
      expect(result).toBeInstanceOf(OperationResult);
    }
    await bucket.touch_multi({ 'tt:a': 100, 'tt:b': { ttl: new Date(Date.now() + 100_000) } });
    const read = await bucket.getMulti(
      new Map([
        ['tt:a', 0],
        ['tt:b', 50],
      ]),
    );
    expect(read.get('tt:b')).toBeInstanceOf(ValueResult);
    await expect(bucket.touchMulti(['tt:a', 'tt:none'], { ttl: 1 })).rejects.toThrow(NotFoundError);
  });

  test('read from replicas, observe and wait for durability', async () => {
    const stored = await bucket.upsertMulti({ 'du:a': 'A', 'du:b': 'B' }, { replicateTo: 1 });
    const copies = await bucket.rget_multi<string>(stored);
    expect([...copies.values()].map(({ value }) => value)).toEqual(['A', 'B']);
    expect((await bucket.rgetMulti(['du:a'], { replicaIndex: 0 })).get('du:a')!.value).toBe('A');
    expect((await bucket.getMulti(['du:a'], { replica: true })).get('du:a')!.value).toBe('A');
    const observed = await bucket.observeMulti(stored);
    expect(observed.get('du:a')!.value).toHaveLength(2);
    const endured = await bucket.endureMulti(stored, { replicateTo: 1, persistTo: 1 });
    expect(endured.get('du:b')).toBeInstanceOf(OperationResult);
    expect((await bucket.endure_multi(['du:a', 'du:b'], { persistTo: 0 })).allOk).toBe(true);
  });

  test('work on any collection', async () => {
    const hotels = bucket.scope('inventory').collection('hotel');
    await hotels.upsertMulti({ 'co:a': 1, 'co:b': 2 });
    expect([...(await hotels.getMulti(['co:a', 'co:b'])).values()].map(({ value }) => value)).toEqual([1, 2]);
    await expect(bucket.getMulti(['co:a'])).rejects.toThrow(NotFoundError);
    const nowhere = await rejection(bucket.collection('nowhere').getMulti(['co:a', 'co:b']));
    expect(nowhere).toBeInstanceOf(CollectionNotFoundError);
    expect((nowhere.allResults as MultiResult).errors.size).toBe(2);
  });
});

describe('the outcome of a multi operation', () => {
  beforeAll(() => bucket.upsertMulti({ 'out:a': 1, 'out:b': 2 }));

  test('is an error when a key fails, after all keys are answered', async () => {
    const error = await rejection(bucket.getMulti(['out:a', 'out:none', 'out:b']));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ key: 'out:none', rc: 0x0d });
    const all = error.allResults as MultiResult<ValueResult>;
    expect(all).toMatchObject({ size: 3, remaining: 0, allOk: false });
    expect(all.get('out:b')).toMatchObject({ success: true, value: 2 });
    expect(all.get('out:none')).toMatchObject({ success: false, rc: 0x0d, value: undefined });
    expect(error.result).toBe(all.get('out:none'));
    expect([...all.errors]).toEqual([['out:none', error]]);
    const { succeeded, failed } = all.splitResults();
    expect([...succeeded.keys()]).toEqual(['out:a', 'out:b']);
    expect([...failed.keys()]).toEqual(['out:none']);
    expect([...error.splitResults().failed.keys()]).toEqual(['out:none']);
    expect([...error.splitResults().succeeded.keys()]).toEqual(['out:a', 'out:b']);
  });

  test('is a result when keys are only missing, and quiet', async () => {
    const read = await bucket.getMulti(['out:a', 'out:none'], { quiet: true });
    expect(read.allOk).toBe(false);
    expect(read.get('out:none')).toMatchObject({ success: false, rc: 0x0d });
    expect(read.errors.size).toBe(0);
    const removed = await bucket.removeMulti(['out:none', 'out:none2'], { quiet: true });
    expect(removed.allOk).toBe(false);
  });

  test("heeds the bucket's quiet where no other is given", async () => {
    bucket.quiet = true;
    expect((await bucket.getMulti(['out:none'])).allOk).toBe(false);
    expect((await bucket.removeMulti(['out:none'])).allOk).toBe(false);
    expect((await bucket.lockMulti(['out:none'], { ttl: 5 })).allOk).toBe(false);
    await expect(bucket.getMulti(['out:none'], { quiet: false })).rejects.toThrow(NotFoundError);
    for (const never of [
      bucket.touchMulti(['out:none']),
      bucket.counterMulti(['out:none']),
      bucket.replaceMulti({ 'out:none': 1 }),
      bucket.appendMulti({ 'out:none': '1' }),
      bucket.unlockMulti({ 'out:none': 1n }),
    ]) {
      await expect(never).rejects.toThrow();
    }
  });

  test('is the failure that quiet does not allow, together with those it does', async () => {
    const error = await rejection(bucket.removeMulti({ 'out:none': undefined, 'out:a': 1n }, { quiet: true }));
    expect(error).toBeInstanceOf(KeyExistsError);
    expect((error.allResults as MultiResult).get('out:none')).toMatchObject({ success: false, rc: 0x0d });
    expect((error.allResults as MultiResult).errors.size).toBe(1);
  });

  test('is that a value cannot be decoded, before all other failures', async () => {
    bucket.transcoder = {
      encodeValue: (value) => ({ payload: value as string, flags: 0x02000000, datatype: 0 }),
      decodeValue: () => null,
    };
    await bucket.upsert('out:broken', 'no JSON');
    bucket.transcoder = undefined;
    const error = await rejection(bucket.getMulti(['out:none', 'out:broken', 'out:a']));
    expect(error).toBeInstanceOf(ValueFormatError);
    expect(error).toMatchObject({ key: 'out:broken', cause: expect.any(SyntaxError) });
    const all = error.allResults as MultiResult<ValueResult>;
    expect(all.get('out:broken')!.value).toBeUndefined();
    expect(all.errors.size).toBe(2);
  });

  test('is one call of errback, with everything', async () => {
    const result = bucket.raw.getMulti(['out:a', 'out:none']);
    expect(result).toMatchObject({ size: 0, remaining: 2, allOk: true });
    const args = await new Promise<unknown[]>((resolve, reject) => {
      result.setCallbacks(reject, (...all) => resolve(all));
    });
    expect(args[0]).toBe(result);
    expect(args[1]).toBe(NotFoundError);
    expect((args[2] as CouchbaseError).allResults).toBe(result);
  });
});

describe('calling a multi operation off', () => {
  test('before it has begun sends nothing', async () => {
    iops.takeCounts();
    const signal = AbortSignal.abort('not now');
    const error = await rejection(bucket.getMulti(['ab:a', 'ab:b'], { signal }));
    expect(error).toBeInstanceOf(CancelledError);
    expect(error).toMatchObject({ cause: 'not now', ambiguous: false });
    expect((error.allResults as MultiResult).errors.size).toBe(2);
    const composed = await rejection(bucket.observeMulti(['ab:a', 'ab:b'], { signal }));
    expect((composed.allResults as MultiResult).errors.size).toBe(2);
    await turn();
    expect(iops.takeCounts()).toEqual({});
  });

  test('while it is under way cancels every key', async () => {
    const controller = new AbortController();
    const result = bucket.raw.upsertMulti({ 'ab:a': 1, 'ab:b': 1 }, { signal: controller.signal });
    const failed = rejection(new Promise((resolve, reject) => result.setCallbacks(resolve, (_r, _c, e) => reject(e))));
    controller.abort(new Error('enough'));
    const error = await failed;
    expect(error).toBeInstanceOf(CancelledError);
    expect(result.errors.size).toBe(2);
    expect(result.cancel()).toBe(false);
  });

  test('leaves a finished one alone', async () => {
    const controller = new AbortController();
    const read = await bucket.getMulti(['ab:a'], { signal: controller.signal, quiet: true });
    controller.abort();
    expect(read.size).toBe(1);
    expect(read.errors.size).toBe(0);
  });

  test('happens at its timeout', async () => {
    const node = await quietNode();
    const other = await connectTo(node);
    const result = other.getMulti(['silent:a', 'loud', 'silent:b'], { timeout: 30 });
    const error = await new TerminalCalls(result).error();
    expect(error).toBeInstanceOf(TimeoutError);
    expect([...result.errors.keys()]).toEqual(['silent:a', 'silent:b']);
    expect(result.get('loud')).toMatchObject({ value: 'answered' });
    other.destroy();
    await node[Symbol.asyncDispose]();
  });

  test('happens when the bucket is destroyed', async () => {
    const node = await quietNode();
    const other = await connectTo(node);
    const result = other.upsertMulti({ 'silent:a': 1, 'silent:b': 2 });
    const failure = new TerminalCalls(result).error();
    other.destroy();
    expect(await failure).toBeInstanceOf(ObjectDestroyedError);
    expect(result.errors.size).toBe(2);
    expect(() => other.getMulti(['a'])).toThrow(ClientTemporaryFailError);
    await node[Symbol.asyncDispose]();
  });
});
