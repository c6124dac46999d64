import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import { ManualClock } from '../../src/time/manual-clock.js';
import { HttpClient } from './http-client.js';

const LOCAL = '/settings/rbac/users/local';
const EXTERNAL = '/settings/rbac/users/external';
const GROUPS = '/settings/rbac/groups';

let cluster: EmbeddedCluster;
let http: HttpClient;

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({
    clock: new ManualClock(),
    buckets: { default: { collections: { shop: ['orders'] } }, other: {} },
    users: {
      root: { password: 'password', roles: ['admin'] },
      reader: { password: 'secret', roles: ['data_reader[default]'] },
    },
  });
  http = new HttpClient(cluster.nodes[0]!.ports.mgmt, 'root:password');
});

afterEach(() => cluster.stop());

const idsOf = (users: readonly { id: string }[]): string[] => users.map(({ id }) => id);

test('users come, change, sign in, and go', async () => {
  const roles = 'data_reader[default:shop:orders], ro_admin,query_select[*]';
  expect((await http.put(`${LOCAL}/bob`, { password: 'pw', roles, name: 'Bob' })).status).toBe(200);
  const origins = [{ type: 'user' }];
  expect((await http.get(`${LOCAL}/bob`)).json).toEqual({
    id: 'bob',
    domain: 'local',
    name: 'Bob',
    roles: [
      { role: 'data_reader', bucket_name: 'default', scope_name: 'shop', collection_name: 'orders', origins },
      { role: 'ro_admin', origins },
      { role: 'query_select', bucket_name: '*', scope_name: '*', collection_name: '*', origins },
    ],
    groups: [],
    external_groups: [],
    password_change_date: new Date(cluster.clock.now()).toISOString(),
  });
  await http.put(`${LOCAL}/bob`, { roles: 'data_writer[*]' });
  const bob = new HttpClient(http.port, 'bob:pw');
  expect((await bob.get('/whoami')).json).toMatchObject({ id: 'bob', domain: 'local', roles: [{ bucket_name: '*' }] });
  expect((await bob.post('/controller/changePassword', { password: 'new' })).status).toBe(200);
  expect((await bob.get('/whoami')).status).toBe(401);
  expect(idsOf((await http.get(LOCAL)).json)).toEqual(['reader', 'bob']);
  expect((await http.delete(`${LOCAL}/bob`)).status).toBe(200);
  expect((await http.get(`${LOCAL}/bob`)).status).toBe(404);
  expect((await http.delete(`${LOCAL}/bob`)).status).toBe(404);
});

test('the built-in administrator is not among the local users, and can change its password', async () => {
  expect(idsOf((await http.get('/settings/rbac/users')).json)).toEqual(['reader']);
  expect((await http.get(`${LOCAL}/root`)).status).toBe(404);
  expect((await http.delete(`${LOCAL}/root`)).status).toBe(404);
  const refused = await http.put(`${LOCAL}/root`, { roles: 'ro_admin' });
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('root is the built-in administrator')]);
  expect((await http.get('/whoami')).json).toMatchObject({ id: 'root', domain: 'admin', roles: [{ role: 'admin' }] });
  expect((await http.post('/controller/changePassword', { password: 'other' })).status).toBe(200);
  const root = new HttpClient(http.port, 'root:other');
  expect((await root.get('/whoami')).json).toMatchObject({ domain: 'admin', roles: [{ role: 'admin' }] });
});

test('external users are a list of their own, without passwords', async () => {
  expect((await http.put(`${EXTERNAL}/ann`, { roles: 'data_writer[other]', name: 'Ann' })).status).toBe(200);
  const refused = await http.put(`${EXTERNAL}/ben`, { password: 'pw' });
  expect([refused.status, refused.json.errors]).toEqual([400, { password: expect.any(String) }]);
  const { json } = await http.get(EXTERNAL);
  expect(json).toEqual([expect.objectContaining({ id: 'ann', domain: 'external', name: 'Ann' })]);
  expect(json[0]).not.toHaveProperty('password_change_date');
  expect(idsOf((await http.get('/settings/rbac/users')).json)).toEqual(['reader', 'ann']);
  expect((await http.get(`${LOCAL}/ann`)).status).toBe(404);
  expect((await http.get('/settings/rbac/users/elsewhere/ann')).status).toBe(404);
  expect((await http.delete(`${EXTERNAL}/ann`)).status).toBe(200);
  expect((await http.get(`${EXTERNAL}/ann`)).status).toBe(404);
});

test('groups come, give their roles, and go', async () => {
  const form = { roles: 'data_writer[default],data_reader[default]', description: 'Writers', ldap_group_ref: 'cn=w' };
  expect((await http.put(`${GROUPS}/writers`, form)).status).toBe(200);
  expect((await http.put(`${GROUPS}/idle`, {})).status).toBe(200);
  const place = { bucket_name: 'default', scope_name: '*', collection_name: '*' };
  expect((await http.get(GROUPS)).json).toEqual([
    {
      id: 'writers',
      roles: [
        { role: 'data_writer', ...place },
        { role: 'data_reader', ...place },
      ],
      description: 'Writers',
      ldap_group_ref: 'cn=w',
    },
    { id: 'idle', roles: [] },
  ]);
  await http.put(`${LOCAL}/reader`, { roles: 'data_reader[default]', groups: 'writers,idle' });
  const { json } = await http.get(`${LOCAL}/reader`);
  const group = { type: 'group', name: 'writers' };
  expect(json.groups).toEqual(['writers', 'idle']);
  expect(json.roles).toEqual([
    { role: 'data_reader', ...place, origins: [{ type: 'user' }, group] },
    { role: 'data_writer', ...place, origins: [group] },
  ]);
  expect((await http.delete(`${GROUPS}/writers`)).status).toBe(200);
  expect((await http.get(`${LOCAL}/reader`)).json.groups).toEqual(['idle']);
  expect((await http.get(`${GROUPS}/writers`)).status).toBe(404);
  expect((await http.delete(`${GROUPS}/writers`)).status).toBe(404);
  const unknown = await http.put(`${LOCAL}/reader`, { groups: 'idle,writers' });
  expect([unknown.status, unknown.json.errors.groups]).toEqual([400, 'Groups do not exist: writers']);
});

test.each([
  ['that nobody knows', 'king'],
  ['for a bucket that is not there', 'data_reader[defualt]'],
  ['for a scope that is not there', 'data_reader[default:shed]'],
  ['for a collection that is not there', 'data_reader[default:shop:carts]'],
  ['without the bucket it needs', 'views_admin'],
  ['narrower than its kind can be', 'scope_admin[default:shop:orders]'],
])('a role %s is given to no user and no group', async (_, role) => {
  for (const path of [`${LOCAL}/reader`, `${EXTERNAL}/ann`, `${GROUPS}/g`]) {
    const { status, json } = await http.put(path, { roles: `ro_admin,${role}` });
    expect([status, json.errors.roles]).toEqual([400, expect.stringMatching(/^Cannot assign roles/)]);
    expect(json.errors.roles).toContain(`undefined: [${role}]`);
  }
});

test.each([
  ...['query_select', 'query_update', 'query_manage_index', 'fts_searcher', 'analytics_select', 'sync_gateway_app'].map(
    (role) => [`${role}[default:shop:orders]`],
  ),
  ...['scope_admin', 'query_execute_functions', 'eventing_manage_functions'].map((role) => [`${role}[default:shop]`]),
  ...['fts_admin', 'analytics_manager', 'mobile_sync_gateway', 'replication_target'].map((role) => [`${role}[other]`]),
  ...['security_admin_local', 'eventing_admin', 'analytics_reader', 'backup_admin', 'replication_admin'].map((r) => [
    r,
  ]),
])('the role %s of a server can be given', async (role) => {
  expect((await http.put(`${LOCAL}/reader`, { roles: role })).status).toBe(200);
});

test('roles are listed with what they are for', async () => {
  const { json } = await http.get('/settings/rbac/roles');
  const all = { bucket_name: '*', scope_name: '*', collection_name: '*' };
  expect(json).toContainEqual(expect.objectContaining({ role: 'data_reader', ...all }));
  expect(json).toContainEqual({ role: 'bucket_admin', bucket_name: '*', name: 'bucket_admin', desc: '' });
  expect(json).toContainEqual({ role: 'admin', name: 'admin', desc: '' });
});

test('a new user without password is refused', async () => {
  const { status, json } = await http.put(`${LOCAL}/new`, { roles: 'ro_admin' });
  expect([status, json]).toEqual([400, { errors: { password: 'Password is required for new user.' } }]);
});

test('roles for a bucket go with it', async () => {
  await http.delete('/pools/default/buckets/default');
  expect((await http.get(`${LOCAL}/reader`)).json.roles).toEqual([]);
});

test('an administrator of a scope changes its collections, and no others', async () => {
  await http.put(`${LOCAL}/reader`, { roles: 'scope_admin[default:shop]' });
  const reader = new HttpClient(http.port, 'reader:secret');
  const scopes = '/pools/default/buckets/default/scopes';
  expect((await reader.post(`${scopes}/shop/collections`, { name: 'carts' })).status).toBe(200);
  expect((await reader.post(`${scopes}/_default/collections`, { name: 'carts' })).status).toBe(403);
  expect((await reader.post(scopes, { name: 'shed' })).status).toBe(403);
  expect((await reader.delete('/pools/default/buckets/default')).status).toBe(403);
});
