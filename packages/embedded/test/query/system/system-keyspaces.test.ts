import { EmbeddedCluster } from '../../../src/index.js';
import { QueryClient } from '../query-client.js';

let cluster: EmbeddedCluster;
let client: QueryClient;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 2,
    buckets: { b: { collections: { s: ['c', 'd'] } }, other: {} },
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      reader: { password: 'password', roles: ['query_select[b:s:c]'], displayName: 'Reader' },
      catalog: { password: 'password', roles: ['query_system_catalog'] },
    },
  });
  client = new QueryClient(cluster);
});

afterAll(() => cluster.stop());

test('the namespace has a row without a meaning, a namespace and a datastore', async () => {
  expect(await client.rows('SELECT * FROM system:dual')).toEqual([{ dual: null }]);
  const url = `http://127.0.0.1:${cluster.nodes[0]!.ports.mgmt}`;
  expect(await client.rows('SELECT RAW d FROM system:datastores d')).toEqual([{ id: url, url }]);
  expect(await client.rows('SELECT RAW n FROM system:namespaces n')).toEqual([
    { datastore_id: url, id: 'default', name: 'default' },
  ]);
});

test('buckets, scopes and collections are listed with their paths', async () => {
  expect(await client.rows('SELECT RAW `path` FROM system:buckets ORDER BY `path`')).toEqual([
    'default:b',
    'default:other',
  ]);
  expect(await client.rows('SELECT RAW `path` FROM system:scopes')).toEqual(['default:b.s']);
  expect(await client.rows('SELECT RAW `path` FROM system:all_scopes ORDER BY `path`')).toEqual([
    'default:b._default',
    'default:b.s',
    'default:other._default',
  ]);
  expect(await client.rows('SELECT RAW `path` FROM system:keyspaces ORDER BY `path`')).toEqual([
    'default:b',
    'default:b.s.c',
    'default:b.s.d',
    'default:other',
  ]);
  const [row] = await client.rows('SELECT RAW k FROM system:keyspaces k WHERE `scope` = "s" AND name = "c"');
  expect(row).toMatchObject({
    bucket: 'b',
    id: 'c',
    name: 'c',
    namespace: 'default',
    namespace_id: 'default',
    scope: 's',
  });
  const keyed = 'SELECT RAW META(k).id FROM system:keyspaces k USE KEYS ["default/b/s/d"]';
  expect(await client.rows(keyed)).toEqual(['default/b/s/d']);
});

test('the number of documents is told where it is asked for', async () => {
  for (const id of ['1', '2', '3']) cluster.bucket('b').put(id, {}, { scope: 's', collection: 'd' });
  const statement = 'SELECT RAW count FROM system:keyspaces_info WHERE name = "d"';
  expect(await client.rows(statement)).toEqual([3]);
});

test('users see what they may read', async () => {
  const user = 'reader';
  expect(await client.rows('SELECT RAW `path` FROM system:keyspaces', { user })).toEqual(['default:b.s.c']);
  expect(await client.rows('SELECT RAW `path` FROM system:scopes', { user })).toEqual(['default:b.s']);
  expect(await client.rows('SELECT RAW `path` FROM system:buckets', { user })).toEqual([]);
  expect(await client.rows('SELECT COUNT(*) AS n FROM system:all_keyspaces', { user: 'catalog' })).toEqual([{ n: 6 }]);
});

test('users are told of themselves, and of others if they may', async () => {
  expect(await client.rows('SELECT RAW u FROM system:my_user_info u')).toEqual([
    { domain: 'ns_server', id: 'Administrator', name: 'Administrator', roles: [{ role: 'admin' }] },
  ]);
  expect(await client.rows('SELECT RAW u FROM system:my_user_info u', { user: 'reader' })).toMatchObject([
    { domain: 'local', id: 'reader', name: 'Reader', roles: [{ role: 'query_select', scope_name: 's' }] },
  ]);
  expect(await client.rows('SELECT RAW id FROM system:user_info ORDER BY id')).toEqual([
    'Administrator',
    'catalog',
    'reader',
  ]);
  const roles = 'SELECT RAW r FROM system:applicable_roles r WHERE grantee = "reader"';
  expect(await client.rows(roles)).toEqual([
    { grantee: 'reader', role: 'query_select', bucket_name: 'b', scope_name: 's', collection_name: 'c' },
  ]);
  expect(await client.error('SELECT 1 FROM system:user_info', { user: 'catalog' })).toMatch(
    /^13014 .*accessing user information\. Add role admin/,
  );
});

test('what concerns the whole system needs a role', async () => {
  expect(await client.error('SELECT 1 FROM system:nodes', { user: 'reader' })).toMatch(
    /^13014 .*accessing the system tables\. Add role query_system_catalog to allow/,
  );
  const nodes = await client.rows('SELECT RAW n FROM system:nodes n', { user: 'catalog' });
  expect(nodes).toMatchObject(cluster.nodes.map(({ ports }) => ({ ports: { n1ql: ports.n1ql } })));
  expect(await client.rows('SELECT * FROM system:dictionary')).toEqual([]);
  expect(await client.rows('SELECT RAW version FROM system:vitals')).toHaveLength(2);
});

test('there is no keyspace of another name, and none can be written', async () => {
  expect(await client.error('SELECT 1 FROM system:nope')).toBe('11002 Keyspace not found nope');
  for (const statement of ['DELETE FROM system:keyspaces', 'INSERT INTO system:dual VALUES ("a", 1)']) {
    expect(await client.error(statement)).toBe('11004 System datastore : Not supported ');
  }
  expect(await client.error('UPDATE system:buckets SET name = 1')).toMatch(/^11004 /);
});
