import { EmbeddedCluster } from '../../src/index.js';
import { QueryClient } from './query-client.js';

let cluster: EmbeddedCluster;
let client: QueryClient;

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 2,
    buckets: { b: { collections: { s: ['c', 'd'] } }, other: {} },
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      manager: { password: 'password', roles: ['query_manage_index[b:s:c]', 'query_select[b:s:c]'] },
      reader: { password: 'password', roles: ['query_select[b]'] },
      lister: { password: 'password', roles: ['query_list_index[b:s]'] },
    },
  });
  client = new QueryClient(cluster);
});

afterEach(() => cluster.stop());

const NAMES = 'SELECT RAW name FROM system:indexes ORDER BY name';

test('an index that is created is online when the answer comes', async () => {
  for (let at = 0; at < 3000; at++) cluster.bucket('b').put(`k${at}`, { n: at });
  await client.rows('CREATE INDEX i ON b(n DESC, LOWER(n)) WHERE n > 10');
  const [row] = await client.rows('SELECT RAW i FROM system:indexes i');
  expect(row).toEqual({
    condition: '(10 < `n`)',
    datastore_id: `http://127.0.0.1:${cluster.nodes[0]!.ports.mgmt}`,
    id: expect.stringMatching(/^[0-9a-f]{16}$/),
    index_key: ['`n` DESC', 'lower(`n`)'],
    keyspace_id: 'b',
    metadata: { last_scan_time: null, num_replica: 0, stats: { last_known_scan_time: 0 } },
    name: 'i',
    namespace: 'default',
    namespace_id: 'default',
    state: 'online',
    using: 'gsi',
  });
});

test('the rows of a collection name its bucket and its scope', async () => {
  await client.rows('CREATE PRIMARY INDEX ON b.s.c');
  await client.rows('CREATE INDEX i ON b.s.c(DISTINCT ARRAY v FOR v IN xs END) PARTITION BY HASH(META().id)');
  const rows = await client.rows('SELECT RAW OBJECT_REMOVE(i, "id", "metadata") FROM system:indexes i ORDER BY name');
  const place = {
    bucket_id: 'b',
    datastore_id: expect.any(String),
    keyspace_id: 'c',
    namespace: 'default',
    namespace_id: 'default',
    scope_id: 's',
    state: 'online',
    using: 'gsi',
  };
  expect(rows).toEqual([
    { ...place, name: '#primary', index_key: [], is_primary: true },
    {
      ...place,
      name: 'i',
      index_key: ['(distinct (array `v` for `v` in `xs` end))'],
      partition: 'HASH((meta().`id`))',
    },
  ]);
  const [id] = await client.rows('SELECT RAW META(i).id FROM system:indexes i WHERE i.is_primary');
  expect(id).toMatch(/^default\/b\/s\/c\/[0-9a-f]{16}$/);
});

test('deferred indexes are built together, after the answer', async () => {
  cluster.bucket('b').put('k', { a: 1 });
  await client.rows('CREATE INDEX one ON b(a) WITH {"defer_build": true}');
  await client.rows('CREATE INDEX two ON b(a) WITH {"defer_build": true}');
  const states = 'SELECT RAW state FROM system:indexes';
  expect(await client.rows(states)).toEqual(['deferred', 'deferred']);
  await client.rows('BUILD INDEX ON b((SELECT RAW name FROM system:indexes WHERE state = "deferred"))');
  let current = await client.rows(states);
  while (current.some((state) => state === 'building')) current = await client.rows(states);
  expect(current).toEqual(['online', 'online']);
});

test.each([
  ['CREATE INDEX i ON b(z)', '4300 The index i already exists.'],
  [
    'CREATE INDEX j ON b(z) WITH {"num_replica": 2}',
    expect.stringMatching(/^5000 GSI CreateIndex\(\) - cause: .*not enough/),
  ],
  ['DROP INDEX b.none', expect.stringMatching(/^12016 Index Not Found - cause: GSI index none not found/)],
  ['DROP INDEX i ON b.s.c', expect.stringMatching(/^12016 /)],
  ['DROP PRIMARY INDEX ON b', expect.stringMatching(/^12004 /)],
  ['BUILD INDEX ON b(none)', expect.stringMatching(/^5411 index none is not found/)],
  ['CREATE INDEX i ON b.s.none(a)', '12003 Keyspace not found in CB datastore: default:b.s.none'],
])('%s is refused', async (statement, error) => {
  await client.rows('CREATE INDEX i ON b(a)');
  expect(await client.error(statement)).toEqual(error);
  expect(await client.rows(NAMES)).toEqual(['i']);
});

test('users define indexes where they have the role for it', async () => {
  const refused =
    '13014 User does not have credentials to run index operations. ' +
    'Add role query_manage_index on default:b to allow the query to run.';
  expect(await client.error('CREATE INDEX i ON b(a)', { user: 'manager' })).toBe(refused);
  expect(await client.error('CREATE INDEX i ON b(a)', { user: 'reader' })).toBe(refused);
  await client.rows('CREATE INDEX i ON b.s.c(a)', { user: 'manager' });
  await client.rows('CREATE INDEX j ON b(a)');
  expect(await client.rows(NAMES, { user: 'manager' })).toEqual(['i']);
  expect(await client.rows(NAMES, { user: 'reader' })).toEqual(['i', 'j']);
  expect(await client.rows(NAMES, { user: 'lister' })).toEqual(['i']);
  expect(await client.error('DROP INDEX b.j', { user: 'manager' })).toBe(refused);
  await client.rows('DROP INDEX i ON b.s.c', { user: 'manager' });
  expect(await client.rows(NAMES)).toEqual(['j']);
});

test('indexes go with their collection and their bucket', async () => {
  for (const keyspace of ['b', 'b.s.c', 'b.s.d', 'other']) await client.rows(`CREATE INDEX i ON ${keyspace}(a)`);
  await client.rows('DROP COLLECTION b.s.c');
  const places = 'SELECT RAW IFMISSING(bucket_id || "." || keyspace_id, keyspace_id) FROM system:indexes ORDER BY 1';
  expect((await client.rows(places)).sort()).toEqual(['b', 'b.d', 'other']);
  await client.rows('CREATE COLLECTION b.s.c');
  expect((await client.rows(places)).sort()).toEqual(['b', 'b.d', 'other']);
  cluster.dropBucket('b');
  expect(await client.rows(places)).toEqual(['other']);
});

test('a query needs an index where the cluster says so', async () => {
  await using strict = await EmbeddedCluster.start({ buckets: 'b', queries: { indexRequired: true } });
  const asked = new QueryClient(strict);
  expect(await asked.error('SELECT 1 FROM b')).toMatch(/^4120 No index available on keyspace/);
  await asked.rows('CREATE PRIMARY INDEX ON b');
  expect(await asked.rows('SELECT 1 FROM b')).toEqual([]);
});

test('a statement does not meet the documents that it inserts', async () => {
  const count = 12_000;
  for (let at = 0; at < count; at++) cluster.bucket('b').put(`k${String(at).padStart(5, '0')}`, { n: 1 });
  await client.rows('CREATE INDEX i ON b(n)');
  const { json } = await client.ask(
    'INSERT INTO b (KEY "x" || id, VALUE {"n": 1}) SELECT META(d).id FROM b AS d WHERE d.n = 1',
  );
  expect(json).toMatchObject({ status: 'success', metrics: { mutationCount: count } });
  expect(await client.rows('SELECT RAW COUNT(*) FROM b WHERE n = 1')).toEqual([2 * count]);
});
