import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, type Collection, connect, LookupInSpec } from '@cb/promise';
import {
  ArgumentError,
  NotFoundError,
  QueueEmptyError,
  SubdocPathMismatchError,
  SubdocPathNotFoundError,
  TimeoutError,
} from '@cb/protocol';
import type { SetMember } from '@cb/raw';
import fc from 'fast-check';

const CREATE = { create: true } as const;

let cluster: EmbeddedCluster;
let bucket: Bucket;
let keys = 0;
let key: string;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, replicas: 1 });
  const { username, password } = cluster;
  bucket = await connect(`${cluster.connectionString}/default`, { username, password });
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

beforeEach(() => {
  key = `structure:${keys++}`;
});

async function stored(): Promise<unknown> {
  return (await bucket.get(key)).value;
}

describe('a map', () => {
  test('has members of any name', async () => {
    const names = ['plain', 'do.ted', 'a[0]', '`quoted`', '"', '\\', 'Zoë', '😀', '-1', ']', 'tab\t'];
    for (const name of names) await bucket.mapAdd(key, name, { name }, CREATE);
    for (const name of names) expect((await bucket.mapGet(key, name)).value).toEqual({ name });
    expect((await bucket.mapSize(key)).value).toBe(names.length);
    expect(await stored()).toEqual(Object.fromEntries(names.map((name) => [name, { name }])));
    await bucket.mapAdd(key, 'plain', 1);
    await bucket.mapRemove(key, 'do.ted');
    expect((await bucket.mapGet(key, 'plain')).value).toBe(1);
    await expect(bucket.mapGet(key, 'do.ted')).rejects.toThrow(SubdocPathNotFoundError);
    await expect(bucket.mapRemove(key, 'do.ted')).rejects.toThrow(SubdocPathNotFoundError);
    for (const name of ['', 1]) await expect(bucket.mapGet(key, name as string)).rejects.toThrow(ArgumentError);
  });

  test('tells the CAS of the document', async () => {
    const { cas, mutationToken } = await bucket.mapAdd(key, 'a', 1, CREATE);
    expect(mutationToken?.seqno).toBeGreaterThan(0n);
    expect(await bucket.mapGet(key, 'a')).toMatchObject({ cas, value: 1, key, success: true });
  });
});

describe('a list', () => {
  test('has elements in order', async () => {
    for (const value of [1, [2], null]) await bucket.listAppend(key, value, CREATE);
    await bucket.listPrepend(key, 2n ** 64n, CREATE);
    expect((await bucket.listSize(key)).value).toBe(4);
    expect((await bucket.listGet(key, 0)).value).toBe(2 ** 64);
    expect((await bucket.listGet(key, -1)).value).toBeNull();
    await bucket.listSet(key, 0, 'first');
    await bucket.listRemove(key, 1);
    expect(await stored()).toEqual(['first', [2], null]);
  });

  test('ends at its end', async () => {
    await bucket.listAppend(key, 1, CREATE);
    const beyond = [() => bucket.listGet(key, 1), () => bucket.listSet(key, 1, 0), () => bucket.listRemove(key, 1)];
    for (const call of beyond) await expect(call()).rejects.toThrow(SubdocPathNotFoundError);
    for (const index of [-2, 0.5, '0']) {
      await expect(bucket.listGet(key, index as number)).rejects.toThrow(ArgumentError);
    }
  });
});

describe('a set', () => {
  test('has a value once', async () => {
    const members = ['a', 'b', 1, 2n ** 64n, true, null, ''];
    for (const member of members) expect((await bucket.setAdd(key, member, CREATE)).value).toBe(true);
    for (const member of members) expect((await bucket.setAdd(key, member)).value).toBe(false);
    expect((await bucket.setSize(key)).value).toBe(members.length);
    expect((await bucket.setContains(key, 1n)).value).toBe(true);
    expect((await bucket.setContains(key, '1')).value).toBe(false);
    for (const member of members) expect((await bucket.setContains(key, member)).value).toBe(true);
    const { cas } = await bucket.get(key);
    expect(await bucket.setRemove(key, 'absent')).toMatchObject({ value: false, cas });
    for (const member of members) expect((await bucket.setRemove(key, member)).value).toBe(true);
    expect(await stored()).toEqual([]);
  });

  test('takes what the server can compare', async () => {
    for (const member of [{}, [], undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(bucket.setAdd(key, member as SetMember, CREATE)).rejects.toThrow(ArgumentError);
      await expect(bucket.setContains(key, member as SetMember)).rejects.toThrow(ArgumentError);
    }
    await bucket.upsert(key, { a: 1 });
    const calls = [bucket.setAdd(key, 1), bucket.setContains(key, 1), bucket.setRemove(key, 1)];
    for (const call of calls) await expect(call).rejects.toThrow(SubdocPathMismatchError);
  });

  test('loses exactly what is removed, while others change it', async () => {
    const members = Array.from({ length: 20 }, (_none, index) => `m${index}`);
    await bucket.upsert(key, members);
    const removed = await Promise.all(members.flatMap((m) => [bucket.setRemove(key, m), bucket.setRemove(key, m)]));
    expect(removed.filter(({ value }) => value)).toHaveLength(members.length);
    expect(await stored()).toEqual([]);
  });
});

describe('a queue', () => {
  test('gives what was put in first', async () => {
    for (const value of [1, 2, 3]) await bucket.queuePush(key, value, CREATE);
    expect((await bucket.queueSize(key)).value).toBe(3);
    const popped = await bucket.queuePop<number>(key);
    expect([popped.value, popped.cas]).toEqual([1, (await bucket.get(key)).cas]);
    expect(await stored()).toEqual([3, 2]);
    for (const value of [2, 3]) expect((await bucket.queuePop(key)).value).toBe(value);
    await expect(bucket.queuePop(key)).rejects.toThrow(QueueEmptyError);
    await expect(bucket.queuePop(key)).rejects.toMatchObject({ key, code: 'queue_empty' });
  });

  test('gives each value to one taker', async () => {
    const values = Array.from({ length: 25 }, (_none, index) => index);
    await bucket.upsert(key, values.toReversed());
    const takers = await Promise.allSettled([...values, 'one', 'more'].map(() => bucket.queuePop<number>(key)));
    const taken = takers.flatMap((each) => (each.status === 'fulfilled' ? [each.value.value] : []));
    expect(taken.toSorted((a, b) => a - b)).toEqual(values);
    const empty = takers.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(empty).toEqual([expect.any(QueueEmptyError), expect.any(QueueEmptyError)]);
  });

  test('ends at the deadline, or when cancelled', async () => {
    await bucket.queuePush(key, 1, CREATE);
    await expect(bucket.queuePop(key, { timeout: 0.0001 })).rejects.toThrow(TimeoutError);
    const aborted = AbortSignal.abort('enough');
    await expect(bucket.queuePop(key, { signal: aborted })).rejects.toMatchObject({ code: 'cancelled' });
    expect(await stored()).toEqual([1]);
  });
});

describe('all of them', () => {
  const calls: readonly [string, (c: Collection, k: string, o?: object) => Promise<unknown>][] = [
    ['mapAdd', (c, k, o) => c.mapAdd(k, 'a', 1, o)],
    ['mapGet', (c, k, o) => c.mapGet(k, 'a', o)],
    ['mapRemove', (c, k, o) => c.mapRemove(k, 'a', o)],
    ['mapSize', (c, k, o) => c.mapSize(k, o)],
    ['listAppend', (c, k, o) => c.listAppend(k, 1, o)],
    ['listPrepend', (c, k, o) => c.listPrepend(k, 1, o)],
    ['listSet', (c, k, o) => c.listSet(k, 0, 1, o)],
    ['listGet', (c, k, o) => c.listGet(k, 0, o)],
    ['listRemove', (c, k, o) => c.listRemove(k, 0, o)],
    ['listSize', (c, k, o) => c.listSize(k, o)],
    ['setAdd', (c, k, o) => c.setAdd(k, 1, o)],
    ['setRemove', (c, k, o) => c.setRemove(k, 1, o)],
    ['setContains', (c, k, o) => c.setContains(k, 1, o)],
    ['setSize', (c, k, o) => c.setSize(k, o)],
    ['queuePush', (c, k, o) => c.queuePush(k, 1, o)],
    ['queuePop', (c, k, o) => c.queuePop(k, o)],
    ['queueSize', (c, k, o) => c.queueSize(k, o)],
  ];

  test.each(calls)('%s needs a document, quiet or not', async (_name, call) => {
    bucket.quiet = true;
    const called = call(bucket, key);
    bucket.quiet = false;
    await expect(called).rejects.toThrow(NotFoundError);
  });

  test.each(calls)('%s names itself, and knows its options', async (name, call) => {
    await expect(call(bucket, key)).rejects.toMatchObject({ operation: name, key });
    await expect(call(bucket, key, { upsertDoc: true })).rejects.toThrow(`${name} has no option "upsertDoc"`);
    await expect(call(bucket, key, { timeout: -1 })).rejects.toThrow(ArgumentError);
  });

  test('keep the expiry when asked to, and wait for durability', async () => {
    const options = { persistTo: 1, replicateTo: 1 } as const;
    const exptime = LookupInSpec.get<number>('$document.exptime', { xattr: true });
    const expiry = async (): Promise<number> => (await bucket.lookupIn(key, [exptime])).content(0);
    await bucket.queuePush(key, 1, { ...CREATE, ...options, ttl: 1000 });
    await bucket.listAppend(key, 0, { preserveExpiry: true, durability: 'majority' });
    await bucket.queuePop(key, { preserveExpiry: true, ...options });
    await bucket.setRemove(key, 5, { durability: 'majority' });
    expect(await expiry()).toBeGreaterThan(0);
    await bucket.listSet(key, 0, 2);
    expect(await expiry()).toBe(0);
  });

  test('do what arrays and objects do', async () => {
    const value = fc.oneof(fc.integer(), fc.string({ maxLength: 3 }), fc.constantFrom(null, true, false));
    const action = fc.oneof(
      fc.tuple(fc.constantFrom('append', 'prepend', 'setAdd', 'setRemove', 'contains'), value),
      fc.tuple(fc.constantFrom('pop', 'size', 'removeFirst'), fc.constant(null)),
    );
    const perform = async (model: unknown[], name: string, member: SetMember): Promise<void> => {
      switch (name) {
        case 'append':
          await bucket.listAppend(key, member, CREATE);
          model.push(member);
          break;
        case 'prepend':
          await bucket.queuePush(key, member, CREATE);
          model.unshift(member);
          break;
        case 'setAdd':
          expect((await bucket.setAdd(key, member, CREATE)).value).toBe(!model.includes(member));
          if (!model.includes(member)) model.push(member);
          break;
        case 'setRemove':
          expect((await bucket.setRemove(key, member)).value).toBe(model.includes(member));
          if (model.includes(member)) model.splice(model.indexOf(member), 1);
          break;
        case 'contains':
          expect((await bucket.setContains(key, member)).value).toBe(model.includes(member));
          break;
        case 'pop': {
          const popped = bucket.queuePop(key);
          if (model.length > 0) expect((await popped).value).toBe(model.pop());
          else await expect(popped).rejects.toThrow(QueueEmptyError);
          break;
        }
        case 'size':
          expect((await bucket.listSize(key)).value).toBe(model.length);
          break;
        case 'removeFirst':
          if (model.length > 0) await bucket.listRemove(key, 0);
          model.shift();
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
        const model: unknown[] = [];
        await bucket.upsert(key, model);
        for (const [name, member] of actions) await perform(model, name, member);
        expect(await stored()).toEqual(model);
      }),
      { numRuns: 40 },
    );
  });
});
