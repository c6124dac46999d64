import { EmbeddedCluster } from '@cb/embedded';
import {
  AccessError,
  AuthError,
  type Bucket,
  BucketNotFoundError,
  CancelledError,
  CollectionNotFoundError,
  CouchbaseInputError,
  connect,
  DmlError,
  DocumentExistsError,
  MutationState,
  type N1QLError,
  N1QLQuery,
  QueryParameterError,
  QueryParsingError,
  queryContext,
  ScopeNotFoundError,
  TimeoutError,
} from '@cb/promise';

let cluster: EmbeddedCluster;
let bucket: Bucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 2,
    buckets: { default: { collections: { zoo: ['birds', 'fish'] } } },
  });
  const { connectionString, username, password } = cluster;
  bucket = await connect(`${connectionString}/default`, { username, password });
  const birds = bucket.scope('zoo').collection('birds');
  await birds.upsert('emu', { name: 'emu', weight: 40_000 });
  await birds.upsert('kea', { name: 'kea', weight: 900 });
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

async function failure(call: Promise<unknown>): Promise<N1QLError> {
  return await call.then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: unknown) => error as N1QLError,
  );
}

test('names of one part are collections in a scope, and buckets elsewhere', async () => {
  const zoo = bucket.scope('zoo');
  const names = await zoo.n1qlQueryAll<{ name: string }>('SELECT b.name FROM birds AS b ORDER BY b.name');
  expect(names.rows).toEqual([{ name: 'emu' }, { name: 'kea' }]);
  const read: unknown[] = [];
  for await (const row of zoo.n1qlQuery('SELECT RAW META(b).id FROM birds AS b ORDER BY 1')) read.push(row);
  expect(read.toSorted()).toEqual(['emu', 'kea']);
  const context = queryContext('default', 'zoo');
  const query = new N1QLQuery('SELECT RAW COUNT(*) FROM birds', { queryContext: context });
  expect((await bucket.n1qlQueryAll(query)).rows).toEqual([2]);
  await expect(zoo.n1qlQueryAll(query)).rejects.toThrow('the query has a queryContext');
  expect(await failure(bucket.n1qlQueryAll('SELECT 1 FROM birds'))).toBeInstanceOf(BucketNotFoundError);
});

test('the metadata has its types', async () => {
  const query = new N1QLQuery('SELECT b.name FROM default.zoo.birds AS b ORDER BY b.weight', {
    clientContextId: 'mine',
  });
  const { metadata } = await bucket.n1qlQueryAll(query);
  expect(metadata).toMatchObject({
    clientContextId: 'mine',
    status: 'success',
    signature: { name: 'json' },
    warnings: [],
  });
  expect(metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(metadata.metrics).toMatchObject({ resultCount: 2, sortCount: 2, mutationCount: 0 });
  expect(metadata.metrics?.elapsedMs).toBeGreaterThan(0);
  const without = await bucket.n1qlQueryAll(new N1QLQuery('SELECT 1', { metrics: false }));
  expect(without.metrics).toBeUndefined();
  const warned = await bucket.n1qlQueryAll('SELECT 1 / 0 AS x');
  expect(warned.warnings).toEqual([{ code: 5036, message: expect.stringContaining('Division by 0') }]);
});

test('documents keep their expiry when the statement says so', async () => {
  const fish = bucket.scope('zoo').collection('fish');
  for (const [key, preserveExpiry] of [
    ['kept', true],
    ['lost', false],
  ] as const) {
    await fish.upsert(key, { name: key }, { ttl: 1000 });
    const query = new N1QLQuery('UPDATE fish USE KEYS $1 SET seen = true', { parameters: [key], preserveExpiry });
    const { metrics } = await bucket.scope('zoo').n1qlQueryAll(query);
    expect(metrics?.mutationCount).toBe(1);
  }
  const query = 'SELECT RAW META(f).expiration > 0 FROM fish AS f ORDER BY f.name';
  expect((await bucket.scope('zoo').n1qlQueryAll(query)).rows).toEqual([true, false]);
});

test('a statement sees the mutations that it is consistent with', async () => {
  const state = new MutationState();
  const fish = bucket.scope('zoo').collection('fish');
  for (let count = 0; count < 20; count++) state.add(await fish.upsert(`school:${count}`, { count }));
  const query = new N1QLQuery('SELECT RAW COUNT(*) FROM fish AS f WHERE META(f).id LIKE "school:%"', {
    consistentWith: state,
    useReplica: false,
  });
  expect((await bucket.scope('zoo').n1qlQueryAll(query)).rows).toEqual([20]);
});

test('a statement that is prepared is prepared again when the service has forgotten it', async () => {
  const query = (weight: number): N1QLQuery =>
    new N1QLQuery('SELECT RAW COUNT(*) FROM birds AS b WHERE b.weight > $1', { adhoc: false, parameters: [weight] });
  const zoo = bucket.scope('zoo');
  expect((await zoo.n1qlQueryAll(query(1000))).rows).toEqual([1]);
  expect((await zoo.n1qlQueryAll(query(100))).rows).toEqual([2]);
  const known = await bucket.n1qlQueryAll<number>('SELECT RAW COUNT(*) FROM system:prepareds');
  expect(known.rows).toEqual([1]);
  await bucket.n1qlQueryAll('DELETE FROM system:prepareds');
  expect((await zoo.n1qlQueryAll(query(100))).rows).toEqual([2]);
});

describe('errors say by their class what is wrong', () => {
  test('syntax, with its position', async () => {
    const error = await failure(bucket.n1qlQueryAll('SELECT *\nFRMO x'));
    expect(error).toBeInstanceOf(QueryParsingError);
    expect(error).toMatchObject({ n1qlErrcode: 3000, ambiguous: false, failures: [{ code: 3000, line: 2 }] });
  });

  test('a keyspace that is not there', async () => {
    const collection = await failure(bucket.n1qlQueryAll('SELECT 1 FROM default.zoo.bats'));
    expect(collection).toBeInstanceOf(CollectionNotFoundError);
    const scope = await failure(bucket.n1qlQueryAll('SELECT 1 FROM default.park.bats'));
    expect(scope).toBeInstanceOf(ScopeNotFoundError);
    expect(await failure(bucket.n1qlQueryAll('SELECT 1 FROM nope'))).toBeInstanceOf(CouchbaseInputError);
  });

  test('a document that is there already', async () => {
    const zoo = bucket.scope('zoo');
    const error = await failure(zoo.n1qlQueryAll('INSERT INTO birds (KEY, VALUE) VALUES ("emu", {})'));
    expect(error).toBeInstanceOf(DmlError);
    expect(error).toBeInstanceOf(DocumentExistsError);
    expect(error.n1qlErrcode).toBe(12_009);
  });

  test('a parameter that the service does not know', async () => {
    const error = await failure(bucket.n1qlQueryAll(new N1QLQuery('SELECT 1', { raw: { nope: 1 } })));
    expect(error).toBeInstanceOf(QueryParameterError);
    expect(error.context).toBe('Unrecognized parameter in request: nope');
  });

  test('a time that is over at the service', async () => {
    const endless = 'SELECT RAW COUNT(*) FROM ARRAY_RANGE(0, 100000) AS a, ARRAY_RANGE(0, 100000) AS b';
    const told = new N1QLQuery(endless, { raw: { timeout: '50ms' } });
    const error = await failure(bucket.n1qlQueryAll(told));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ ambiguous: true });
    const controller = new AbortController();
    const cancelled = failure(bucket.n1qlQueryAll(endless, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 50);
    expect(await cancelled).toBeInstanceOf(CancelledError);
  });

  test('a user without the right', async () => {
    cluster.users.set('reader', { password: 'secret', roles: ['data_reader[default]'] });
    await using reader = await connect(`${cluster.connectionString}/default`, {
      username: 'reader',
      password: 'secret',
    });
    const error = await failure(reader.n1qlQueryAll('SELECT 1 FROM default'));
    expect([AuthError, AccessError].some((each) => error instanceof each)).toBe(true);
    expect(error.context).toContain('query_select');
  });
});
