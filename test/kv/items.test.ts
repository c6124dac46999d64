import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect } from '@cb/promise';
import { ArgumentError, type CouchbaseError, KeyExistsError, NotFoundError } from '@cb/protocol';
import { FMT_BYTES, FMT_UTF8, Item, ItemOptionDict, ItemSequence, type MultiResult, ValueResult } from '@cb/raw';

let cluster: EmbeddedCluster;
let bucket: Bucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, replicas: 1 });
  const { username, password } = cluster;
  bucket = await connect(`${cluster.connectionString}/default`, { username, password });
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

async function rejection(promise: Promise<unknown>): Promise<CouchbaseError> {
  return promise.then(
    () => {
      throw new Error('did not reject');
    },
    (error) => error as CouchbaseError,
  );
}

interface Person {
  readonly name: string;
}

/** What an application may make of an Item. */
class PersonItem extends Item<Person> {
  get greeting(): string {
    return `Hello, ${this.value.name}`;
  }
}

describe('Items', () => {
  test('are the results of the operation that they are given to, and updated in place', async () => {
    const [ada, bob] = [new PersonItem('item:ada', { name: 'Ada' }), new PersonItem('item:bob', { name: 'Bob' })];
    const both = new ItemSequence([ada, bob]);
    const stored = await bucket.upsertMulti(both);
    expect(stored.get('item:ada')).toBe(ada);
    expect([...stored.values()]).toEqual([ada, bob]);
    expect(ada).toMatchObject({ success: true, rc: 0, value: { name: 'Ada' } });
    expect(ada.cas).toBeGreaterThan(0n);
    expect(ada.mutationToken).toBeDefined();
    const { cas } = await bucket.upsert('item:ada', { name: 'Ada Lovelace' });
    const read = await bucket.getMulti<Person>(both);
    expect(read.get('item:ada')).toBe(ada);
    expect(ada).toBeInstanceOf(ValueResult);
    expect(ada).toMatchObject({ cas, flags: 0x02000000, greeting: 'Hello, Ada Lovelace' });
  });

  test('are in the result from the beginning', async () => {
    const item = new Item('item:early', 1);
    const result = bucket.raw.upsertMulti(new ItemSequence(item));
    expect(result.get('item:early')).toBe(item);
    expect(result).toMatchObject({ size: 1, remaining: 1 });
    await new Promise((resolve, reject) => result.setCallbacks(resolve, reject));
  });

  test('are stored and removed only if nobody else has changed them, unless their CAS is ignored', async () => {
    const item = new Item<number>('item:cas', 1);
    const one = new ItemSequence(item);
    await bucket.upsertMulti(one);
    const known = item.cas;
    await bucket.upsert('item:cas', 2);
    for (const attempt of [bucket.upsertMulti(one), bucket.replaceMulti(one), bucket.removeMulti(one)]) {
      const error = await rejection(attempt);
      expect(error).toBeInstanceOf(KeyExistsError);
      expect((error.allResults as MultiResult).get('item:cas')).toBe(item);
      expect(item).toMatchObject({ success: false, rc: 0x0c, value: 1, cas: known });
    }
    await bucket.replaceMulti(item.asItemCollection({ ignoreCas: true }));
    expect((await bucket.get('item:cas')).value).toBe(1);
    expect(item).toMatchObject({ success: true, rc: 0 });
    item.cas = 0n;
    await bucket.removeMulti(one);
    // Whatever its CAS was: what is inserted is not there yet.
    await bucket.insertMulti(one);
    expect(await rejection(bucket.insertMulti(one))).toBeInstanceOf(KeyExistsError);
  });

  test('have options of their own, before those of all', async () => {
    const items = new ItemOptionDict();
    const text = items.createAndAdd('item:text', 'x', 0n, { format: FMT_UTF8, ttl: 100 });
    const json = items.createAndAdd('item:json', 'x');
    const bytes = new Item('item:bytes', Uint8Array.of(1));
    items.add(bytes, { format: FMT_BYTES });
    expect([...items.dict.keys()]).toEqual([text, json, bytes]);
    expect(items.size).toBe(3);
    await bucket.upsertMulti(items, { ttl: 10 });
    await bucket.getMulti(new ItemSequence([text, json, bytes]));
    expect([text, json, bytes].map(({ flags }) => flags)).toEqual([FMT_UTF8, 0x02000000, FMT_BYTES]);
  });

  test('are touched, locked, unlocked and counted', async () => {
    const item = new Item<number>('item:all', 1);
    const one = new ItemSequence(item);
    await bucket.upsertMulti(one);
    await bucket.touchMulti(new ItemOptionDict([[item, { ttl: 100 }]]));
    await expect(bucket.touchMulti(new ItemOptionDict([[item, { ttl: 100 }]]), { ttl: 5 })).rejects.toThrow(
      ArgumentError,
    );
    await bucket.lockMulti(one, { ttl: 10 });
    await bucket.unlockMulti(one);
    expect(await rejection(bucket.unlockMulti(new ItemSequence(new Item('item:all'))))).toBeInstanceOf(ArgumentError);
    await bucket.counterMulti(one, { delta: 4 });
    expect(item.value).toBe(5);
    const { cas } = item;
    await bucket.endureMulti(one, { replicateTo: 1 });
    expect(item).toMatchObject({ success: true, value: 5, cas });
  });

  test('keep what they have when a read fails', async () => {
    const item = new Item<number>('item:none', 7);
    item.cas = 5n;
    expect(await rejection(bucket.getMulti(new ItemSequence(item)))).toBeInstanceOf(NotFoundError);
    expect(item).toMatchObject({ success: false, rc: 0x0d, value: 7, cas: 5n });
  });

  test('of one key twice are both updated, and reported', async () => {
    const warnings = jest.spyOn(process, 'emitWarning').mockImplementation();
    await bucket.upsert('item:twice', 3);
    const [first, second] = [new Item<number>('item:twice'), new Item<number>('item:twice')];
    const read = await bucket.getMulti(new ItemSequence([first, second]));
    expect([first.value, second.value]).toEqual([3, 3]);
    expect(read.duplicates).toEqual(['item:twice']);
    expect(warnings).toHaveBeenCalledTimes(1);
    warnings.mockRestore();
  });
});

describe('adding fragments to Items', () => {
  test('changes the documents alone with appendMulti and prependMulti', async () => {
    const item = new Item('item:add', 'b');
    await bucket.upsertMulti(new ItemSequence(item), { format: FMT_UTF8 });
    await bucket.appendMulti(new ItemOptionDict([[item, { fragment: 'c' }]]));
    await bucket.prependMulti(item.asItemCollection({ fragment: 'a' }));
    expect(item.value).toBe('b');
    expect((await bucket.get('item:add')).value).toBe('abc');
  });

  test('changes the values as well with appendItems and prependItems', async () => {
    const text = new Item('item:add', 'b');
    const bytes = new Item('item:bytes', Buffer.of(2));
    await bucket.upsertMulti(
      new ItemOptionDict<unknown>([
        [text, { format: FMT_UTF8 }],
        [bytes, { format: FMT_BYTES }],
      ]),
    );
    await bucket.appendItems(
      new ItemOptionDict<unknown>([
        [text, { fragment: 'c' }],
        [bytes, { fragment: Buffer.of(3) }],
      ]),
    );
    await bucket.prependItems(
      new ItemOptionDict<unknown>([
        [text, { fragment: 'a' }],
        [bytes, { fragment: Buffer.of(1) }],
      ]),
    );
    expect(text.value).toBe('abc');
    expect(bytes.value).toEqual(Buffer.of(1, 2, 3));
    const read = await bucket.getMulti(['item:add', 'item:bytes']);
    expect(read.get('item:add')!.value).toBe('abc');
    expect(read.get('item:bytes')!.value).toEqual(Buffer.of(1, 2, 3));
  });

  test('leaves the values of those that failed', async () => {
    const [there, missing] = [new Item('item:add', 'x'), new Item('item:missing', 'x')];
    await bucket.upsertMulti(new ItemSequence(there), { format: FMT_UTF8 });
    const items = new ItemOptionDict([
      [there, { fragment: 'y' }],
      [missing, { fragment: 'y' }],
    ]);
    await expect(bucket.appendItems(items)).rejects.toThrow();
    expect([there.value, missing.value]).toEqual(['xy', 'x']);
  });

  test.each<readonly [string, () => Promise<unknown>, string]>([
    ['without a fragment', () => bucket.appendMulti(new ItemSequence(new Item('bad', 'x'))), 'no fragment'],
    [
      'to a value of another kind',
      () => bucket.appendItems(new Item<unknown>('bad', 1).asItemCollection({ fragment: 'x' })),
      'must be a string',
    ],
    [
      'to no value',
      () => bucket.prependItems(new Item('bad').asItemCollection({ fragment: Buffer.of(1) })),
      'must be bytes',
    ],
    [
      'to what is not an Item',
      () => bucket.appendItems({ bad: 'x' } as never),
      'takes an ItemSequence or an ItemOptionDict',
    ],
    [
      'where values are stored',
      () => bucket.upsertMulti(new Item('bad', 'x').asItemCollection({ fragment: 'x' })),
      'fragment is for appending',
    ],
    [
      'where values are read',
      () => bucket.getMulti(new Item('bad').asItemCollection({ fragment: 'x' })),
      'fragment is for appending',
    ],
  ])('%s is an ArgumentError', async (_name, call, message) => {
    const error = await rejection(call());
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toContain(message);
  });
});

describe('collections of Items', () => {
  test('are not taken where results are not documents', async () => {
    const items = new ItemSequence(new Item('a', 1));
    for (const refused of [bucket.existsMulti(items), bucket.observeMulti(items), bucket.getReplicaMulti(items)]) {
      await expect(refused).rejects.toThrow('Items are not taken here');
    }
  });

  test('take Items only, and options that there are', () => {
    expect(() => new ItemSequence('x' as never)).toThrow(ArgumentError);
    expect(() => new ItemSequence(['x'] as never)).toThrow('take Items only');
    expect(() => new ItemSequence(undefined as never)).toThrow(ArgumentError);
    expect(() => new ItemOptionDict([['x', {}]] as never)).toThrow('take Items only');
    expect(() => new ItemOptionDict().add(new Item('a'), { tll: 5 } as never)).toThrow('no option "tll"');
    expect(() => new ItemOptionDict().add(new Item('a'), { ignoreCas: 1 as never })).toThrow('ignoreCas must be');
    expect(() => new ItemOptionDict().createAndAdd('a', 1, 5 as never)).toThrow('cas must be a bigint');
  });

  test('are refused when empty, without a key or without a value, and in an array', async () => {
    await expect(bucket.getMulti(new ItemSequence([]))).rejects.toThrow('needs at least one key');
    await expect(bucket.getMulti(new ItemSequence(new Item('')))).rejects.toThrow('key must not be empty');
    await expect(bucket.upsertMulti(new ItemSequence(new Item('a')))).rejects.toThrow('the Item has no value');
    await expect(bucket.getMulti([new Item('a')])).rejects.toThrow('in an ItemSequence or an ItemOptionDict only');
    const items = new Item('a').asItemCollection({ format: FMT_UTF8 });
    await expect(bucket.getMulti(items)).rejects.toThrow('no option "format"');
  });
});
