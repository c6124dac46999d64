import { EmbeddedCluster } from '../../src/index.js';
import { QueryClient } from './query-client.js';

let cluster: EmbeddedCluster;
let client: QueryClient;

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 2,
    buckets: { b: { collections: { s: ['c'] } } },
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      reader: { password: 'password', roles: ['query_select[b]'] },
      manager: { password: 'password', roles: ['scope_admin[b:s]', 'query_select[b]'] },
    },
  });
  client = new QueryClient(cluster);
});

afterEach(() => cluster.stop());

const scopes = () => cluster.bucket('b').manifest.scopes;
const find = (scope: string, name: string) =>
  scopes()
    .find((each) => each.name === scope)
    ?.collections.find((each) => each.name === name);

test('scopes and collections are created and dropped', async () => {
  expect(await client.rows('CREATE SCOPE b.t')).toEqual([]);
  expect(await client.rows('CREATE COLLECTION b.t.x WITH {"maxTTL": 600}')).toEqual([]);
  expect(find('t', 'x')).toMatchObject({ maxTtl: 600 });
  await client.rows('INSERT INTO b.t.x VALUES ("a", 1)');
  expect(await client.rows('SELECT RAW META(x).id FROM b.t.x')).toEqual(['a']);
  await client.rows('DROP COLLECTION b.t.x');
  expect(await client.error('SELECT 1 FROM b.t.x')).toBe('12003 Keyspace not found in CB datastore: default:b.t.x');
  await client.rows('DROP SCOPE b.t');
  expect(scopes().map(({ name }) => name)).toEqual(['_default', 's']);
});

test('names of one part are those of the scope of the request', async () => {
  const query_context = 'default:b.s';
  await client.rows('CREATE COLLECTION e', { query_context });
  expect(find('s', 'e')).toBeDefined();
  await client.rows('CREATE SCOPE u', { query_context });
  await client.rows('DROP COLLECTION e', { query_context });
  expect(scopes().map(({ name, collections }) => [name, collections.length])).toEqual([
    ['_default', 1],
    ['s', 1],
    ['u', 0],
  ]);
});

test.each([
  ['CREATE SCOPE b.s', '12025 Error while creating scope default:b.s - cause: Scope with name "s" already exists'],
  ['DROP SCOPE b.none', '12021 Scope not found in CB datastore: default:b.none'],
  ['CREATE SCOPE none.s', '12020 Bucket not found in CB datastore: default:none'],
  [
    'CREATE COLLECTION b.s.c',
    '12027 Error while creating collection default:b.s.c - cause: Collection with name "c" in scope "s" already exists',
  ],
  ['CREATE COLLECTION b.none.c', '12021 Scope not found in CB datastore: default:b.none'],
  ['DROP COLLECTION b.s.none', '12003 Keyspace not found in CB datastore: default:b.s.none'],
  [
    'CREATE COLLECTION b.s.e WITH {"maxTTL": "x"}',
    "12027 Error while creating collection default:b.s.e - cause: Invalid value for 'maxTTL'",
  ],
  [
    'CREATE COLLECTION b.s.e WITH {"ttl": 1}',
    "12027 Error while creating collection default:b.s.e - cause: Invalid option 'ttl'",
  ],
  [
    'CREATE COLLECTION b.s.e WITH {"maxTTL": -2}',
    '12027 Error while creating collection default:b.s.e - cause: The value must be in range from -1 to 2147483647',
  ],
  ['CREATE COLLECTION e', '10200 Collection resolves to default:e - 4 path parts are expected'],
  [
    'CREATE COLLECTION b.e',
    '3000 Keyspace resolves to default:b.e - only 2 or 4 parts are valid (near line 1, column 19).',
  ],
  ['CREATE SCOPE t', '3000 Scope resolves to default:t - 3 path parts are expected (near line 1, column 14).'],
  ['FLUSH COLLECTION b.s.none', '12003 Keyspace not found in CB datastore: default:b.s.none'],
])('%s is refused', async (statement, error) => {
  expect(await client.error(statement)).toBe(error);
  expect(find('s', 'e')).toBeUndefined();
});

test.each([
  'CREATE SCOPE b.s IF NOT EXISTS',
  'DROP SCOPE IF EXISTS b.none',
  'CREATE COLLECTION IF NOT EXISTS b.s.c',
  'DROP COLLECTION b.s.none IF EXISTS',
])('%s changes nothing', async (statement) => {
  const { uid } = cluster.bucket('b').manifest;
  expect(await client.rows(statement)).toEqual([]);
  expect(cluster.bucket('b').manifest.uid).toBe(uid);
});

test('FLUSH removes the documents of one collection', async () => {
  for (let index = 0; index < 50; index++) {
    cluster.bucket('b').put(`k${index}`, {}, { scope: 's', collection: 'c' });
    cluster.bucket('b').put(`k${index}`, {});
  }
  await client.rows('FLUSH COLLECTION b.s.c');
  expect(await client.rows('SELECT COUNT(*) AS n FROM b.s.c')).toEqual([{ n: 0 }]);
  expect(await client.rows('SELECT COUNT(*) AS n FROM b')).toEqual([{ n: 50 }]);
  await client.rows('TRUNCATE COLLECTION b');
  expect(await client.rows('SELECT COUNT(*) AS n FROM b')).toEqual([{ n: 0 }]);
});

test('a role is needed, and a request may be for reading only', async () => {
  expect(await client.error('CREATE SCOPE b.t', { user: 'reader' })).toMatch(
    /^13014 .*manage scopes and collections\. Add role scope_admin on default:b\.t/,
  );
  await client.rows('CREATE COLLECTION b.s.mine', { user: 'manager' });
  expect(await client.error('DROP SCOPE b._default', { user: 'manager' })).toMatch(/^13014 /);
  const { status } = await client.ask('CREATE SCOPE b.t', { readonly: 'true' });
  expect(status).toBe(403);
  expect(scopes().map(({ name }) => name)).toEqual(['_default', 's']);
});
