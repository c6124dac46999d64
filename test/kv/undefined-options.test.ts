import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, Item, ItemOptionDict, LookupInSpec, MutateInSpec, prefixScan } from '@cb/promise';

/*
 * An option whose value is undefined is one that is not given, as applications pass their own options on. The compiler
 * checks the same, as these tests are compiled with `exactOptionalPropertyTypes`. A CAS is the exception: undefined there
 * is a CAS that got lost.
 */
const NONE = undefined as undefined;
const COMMON = { timeout: NONE, signal: NONE, retry: NONE };
const DURABLE = { durability: NONE, persistTo: NONE, replicateTo: NONE };
const STORED = { ...COMMON, ...DURABLE, ttl: NONE, format: NONE };
const KEPT = { ...STORED, preserveExpiry: NONE };
const READ = { ...COMMON, quiet: NONE, noFormat: NONE };
const STRUCTURE = { ...COMMON, ...DURABLE, ttl: NONE, preserveExpiry: NONE };
const PATH = { xattr: NONE };
const WRITTEN = { xattr: NONE, createParents: NONE, expandMacros: NONE };

let cluster: EmbeddedCluster;
let bucket: Bucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 2,
    ports: NONE,
    tls: NONE,
    seed: NONE,
    clock: NONE,
    viewLimits: NONE,
    queries: { indexRequired: NONE, indexLagMs: NONE },
    onWarning: NONE,
    replicationLagMs: NONE,
    buckets: { default: { type: NONE, replicas: NONE, flush: NONE, collections: NONE } },
    users: { ada: { password: 'secret', roles: ['admin'], privileges: NONE, displayName: NONE } },
  });
  bucket = await connect(`${cluster.connectionString}/default`, {
    username: 'ada',
    password: 'secret',
    bucket: NONE,
    quiet: NONE,
    defaultFormat: NONE,
    transcoder: NONE,
    timeout: NONE,
    connectTimeout: NONE,
    tls: NONE,
    keepAlive: NONE,
    retry: NONE,
    queueMax: NONE,
    queueBytesMax: NONE,
    circuitBreaker: { volume: NONE, failures: NONE, sleepMs: NONE, windowMs: NONE },
    iops: NONE,
  });
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

/** Every call, with all of its options undefined. */
const CALLS: Readonly<Record<string, () => Promise<unknown>>> = {
  upsert: () => bucket.upsert('a', 1, KEPT),
  get: () => bucket.get('a', { ...READ, ttl: NONE, replica: NONE }),
  replace: () => bucket.replace('a', 2, KEPT),
  exists: () => bucket.exists('a', COMMON),
  touch: () => bucket.touch('a', { ...COMMON, ttl: NONE }),
  insert: () => bucket.insert('b', 1, STORED),
  remove: () => bucket.remove('b', { ...COMMON, ...DURABLE, quiet: NONE }),
  append: async () => {
    await bucket.upsert('text', 'a', { format: 0x04000004 });
    await bucket.append('text', 'b', { ...COMMON, ...DURABLE, format: NONE });
    await bucket.prepend('text', 'c', { ...COMMON, ...DURABLE, format: NONE });
  },
  counter: () => bucket.counter('n', { ...COMMON, ...DURABLE, ttl: NONE, delta: NONE, initial: 1 }),
  'counter that exists': () => bucket.counter('n', { initial: NONE }),
  lock: async () => {
    const { cas } = await bucket.lock('a', { ttl: 5, ...COMMON, quiet: NONE });
    await bucket.unlock('a', { cas, ...COMMON });
  },
  observe: () => bucket.observe('a', { masterOnly: NONE, timeout: NONE }),
  endure: () =>
    bucket.endure('a', {
      ...{ persistTo: NONE, replicateTo: NONE, checkRemoved: NONE, token: NONE, timeout: NONE, interval: NONE },
    }),
  getReplica: () => bucket.getReplica('a', { ...READ, replicaIndex: NONE }),
  getAllReplicas: () => bucket.getAllReplicas('a', READ),
  randomGet: () => bucket.randomGet({ ...COMMON, noFormat: NONE }),
  randomKey: () => bucket.randomKey(COMMON),
  mutateIn: () =>
    bucket.mutateIn(
      'parts',
      [MutateInSpec.upsert('x', 1, { ...WRITTEN, binary: NONE }), MutateInSpec.arrayAppend('list', [1], WRITTEN)],
      { ...STRUCTURE, insertDoc: NONE, upsertDoc: true, createAsDeleted: NONE, accessDeleted: NONE, revive: NONE },
    ),
  lookupIn: () =>
    bucket.lookupIn(
      'parts',
      [LookupInSpec.get('x', { ...PATH, binary: NONE }), LookupInSpec.getDocument({ noFormat: NONE })],
      { ...COMMON, quiet: NONE, accessDeleted: NONE },
    ),
  mapAdd: () => bucket.mapAdd('map', 'x', 1, { ...STRUCTURE, create: true }),
  mapGet: () => bucket.mapGet('map', 'x', COMMON),
  mapSize: () => bucket.mapSize('map', COMMON),
  mapRemove: () => bucket.mapRemove('map', 'x', STRUCTURE),
  'mapAdd to what exists': () => bucket.mapAdd('map', 'x', 1, { create: NONE }),
  setAdd: () => bucket.setAdd('set', 1, { ...STRUCTURE, create: true }),
  setRemove: () => bucket.setRemove('set', 1, STRUCTURE),
  queuePush: () => bucket.queuePush('queue', 1, { ...STRUCTURE, create: true }),
  queuePop: () => bucket.queuePop('queue', STRUCTURE),
  upsertMulti: () => bucket.upsertMulti({ a: 1 }, KEPT),
  getMulti: () => bucket.getMulti({ a: { ttl: NONE } }, { ...READ, ttl: NONE, replica: NONE }),
  touchMulti: () => bucket.touchMulti({ a: { ttl: NONE } }, { ttl: 60 }),
  counterMulti: () => bucket.counterMulti({ fresh: { delta: 1, initial: NONE, ttl: NONE } }, { initial: 5 }),
  Items: () =>
    bucket.upsertMulti(
      new ItemOptionDict([[new Item('item', 1), { ttl: NONE, format: NONE, ignoreCas: NONE, fragment: NONE }]]),
    ),
  stats: () => bucket.stats(NONE, { ...COMMON, keystats: NONE }),
  ping: () => bucket.ping({ timeout: NONE, signal: NONE, reportId: NONE }),
  noop: () => bucket.noop(COMMON),
  waitUntilReady: () => bucket.waitUntilReady({ timeout: NONE, signal: NONE }),
  scan: async () => {
    const options = {
      ...{ idsOnly: NONE, noFormat: NONE, batchItems: NONE, batchBytes: NONE, concurrency: NONE },
      ...{ consistentWith: NONE, timeout: NONE, signal: NONE },
    };
    const keys = [];
    for await (const { key } of bucket.scan(prefixScan('a'), options)) keys.push(key);
    expect(keys).toEqual(['a']);
  },
};

test.each(Object.keys(CALLS))('%s takes options that are undefined as not given', async (name) => {
  await CALLS[name]!();
});

test('what is undefined for one key leaves what is given for all keys', async () => {
  const results = await bucket.counterMulti({ third: { delta: 1, initial: NONE } }, { initial: 7 });
  expect(results.get('third')?.value).toBe(7);
  await bucket.touchMulti({ a: { ttl: NONE } }, { ttl: 3600 });
  const lookup = [LookupInSpec.get<number>('$document.exptime', { xattr: true })];
  expect((await bucket.lookupIn('a', lookup)).content(0)).toBeGreaterThan(0);
});
