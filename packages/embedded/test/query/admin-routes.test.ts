import { EmbeddedCluster } from '../../src/index.js';
import { HttpClient } from '../http/http-client.js';

let cluster: EmbeddedCluster;
let admin: HttpClient;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    buckets: ['b'],
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      reader: { password: 'password', roles: ['query_select[b]'] },
    },
  });
  admin = new HttpClient(cluster.nodes[0]!.ports.n1ql, 'Administrator:password');
});

afterAll(() => cluster.stop());

test('the service answers pings of anyone, and others of administrators', async () => {
  const port = cluster.nodes[0]!.ports.n1ql;
  expect((await new HttpClient(port).get('/admin/ping')).json).toEqual({ status: 'OK' });
  for (const path of ['vitals', 'settings', 'config', 'prepareds', 'active_requests', 'completed_requests']) {
    expect((await admin.get(`/admin/${path}`)).status).toBe(200);
    expect((await new HttpClient(port, 'reader:password').get(`/admin/${path}`)).status).toBe(401);
  }
});

test('vitals count requests', async () => {
  const countOf = async (): Promise<number> => (await admin.get('/admin/vitals')).json['request.completed.count'];
  const before = await countOf();
  await cluster.query('SELECT 1');
  expect(await countOf()).toBe(before + 1);
});

test('the configuration says where the node is', async () => {
  const { hostname, ports } = cluster.nodes[0]!;
  const { json } = await admin.get('/admin/config');
  expect(json).toMatchObject({
    name: `${hostname}:${ports.mgmt}`,
    queryEndpoint: `http://${hostname}:${ports.n1ql}/query/service`,
  });
});

test('prepared statements are listed, shown by name, and forgotten', async () => {
  await cluster.query('PREPARE p AS SELECT 1');
  expect((await admin.get('/admin/prepareds')).json).toEqual([expect.objectContaining({ name: 'p' })]);
  expect((await admin.get('/admin/prepareds/p')).json).toMatchObject({ name: 'p', statement: 'PREPARE p AS SELECT 1' });
  expect((await admin.delete('/admin/prepareds/p')).json).toBe(true);
  expect((await admin.get('/admin/prepareds/p')).status).toBe(404);
  expect((await admin.delete('/admin/prepareds/p')).status).toBe(404);
});

test('a request under way is stopped by its id', async () => {
  const slow = cluster.query('SELECT COUNT(*) FROM ARRAY_RANGE(0, 1000000) a, ARRAY_RANGE(0, 1000000) b');
  const failed = Promise.resolve(slow).then(
    () => 0,
    (error: { code: number }) => error.code,
  );
  let running: { requestId: string }[] = [];
  while (running.length === 0) running = (await admin.get('/admin/active_requests')).json;
  const [{ requestId }] = running as [{ requestId: string }];
  expect((await admin.get(`/admin/active_requests/${requestId}`)).json).toMatchObject({ state: 'running' });
  expect((await admin.delete(`/admin/active_requests/${requestId}`)).json).toBe(true);
  expect(await failed).toBe(1120);
});

test('the log keeps what the settings say', async () => {
  const settings = { 'completed-threshold': 0, 'completed-limit': 2 };
  expect((await admin.postText('/admin/settings', JSON.stringify(settings))).json).toMatchObject(settings);
  for (const n of [1, 2, 3]) await cluster.query(`SELECT ${n}`);
  const { json } = await admin.get('/admin/completed_requests');
  expect((json as { statement: string }[]).map(({ statement }) => statement)).toEqual(['SELECT 2', 'SELECT 3']);
  const [{ requestId }] = json;
  expect((await admin.delete(`/admin/completed_requests/${requestId}`)).json).toBe(true);
  await admin.postText('/admin/settings', '{"completed-threshold": -1}');
  await cluster.query('SELECT 4');
  expect((await admin.get('/admin/completed_requests')).json).toHaveLength(1);
});

test.each([
  ['{"nope": 1}', 2031, 'Unknown setting: nope'],
  ['{"profile": "timings"}', 2032, `Incorrect value '"timings"' for setting: profile`],
  ['{"completed-limit": -1}', 2032, "Incorrect value '-1' for setting: completed-limit"],
  ['{"completed-threshold": "1s"}', 2032, `Incorrect value '"1s"' for setting: completed-threshold`],
  ['[', 2032, 'the settings must be an object in JSON'],
])('the settings %s are refused', async (body, code, msg) => {
  const { status, json } = await admin.postText('/admin/settings', body);
  expect([status, json]).toEqual([400, { errors: [{ code, msg }] }]);
});
