import { connect } from 'node:net';
import { ClusterMap } from '@cb/protocol';
import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import { HttpClient } from './http-client.js';

let cluster: EmbeddedCluster;
let http: HttpClient;
const warnings: string[] = [];

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 2,
    buckets: ['default', 'other'],
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      reader: { password: 'secret', roles: ['data_reader[default]'] },
    },
    onWarning: (message) => warnings.push(message),
  });
  http = new HttpClient(cluster.nodes[0]!.ports.mgmt, 'Administrator:password');
});

afterAll(() => cluster.stop());

describe('who may ask', () => {
  test('nobody needs to sign in to find the way', async () => {
    const stranger = new HttpClient(http.port);
    expect((await stranger.get('/')).status).toBe(200);
    expect((await stranger.get('/pools')).json).toMatchObject({ isAdminCreds: false, pools: [{ name: 'default' }] });
    expect((await stranger.get('/pools/default')).status).toBe(401);
  });

  test('a wrong password is refused everywhere', async () => {
    for (const credentials of ['Administrator:wrong', 'ghost:password', 'nonsense']) {
      expect((await new HttpClient(http.port, credentials).get('/pools')).status).toBe(401);
    }
  });

  test('a reader sees his bucket, and changes nothing', async () => {
    const reader = new HttpClient(http.port, 'reader:secret');
    const { json } = await reader.get('/pools/default/buckets');
    expect(json.map(({ name }: { name: string }) => name)).toEqual(['default']);
    expect((await reader.get('/pools/default')).json.bucketNames).toMatchObject([{ bucketName: 'default' }]);
    expect((await reader.get('/pools/default/buckets/other')).status).toBe(404);
    expect((await reader.delete('/pools/default/buckets/default')).status).toBe(403);
    expect((await reader.post('/pools/default/buckets', { name: 'x' })).status).toBe(403);
    expect((await reader.get('/settings/rbac/users/local')).status).toBe(403);
    expect((await reader.get('/whoami')).json).toMatchObject({ id: 'reader', domain: 'local' });
  });
});

test('an unknown endpoint is answered with 404, and a warning that names it', async () => {
  expect((await http.get('/nothing/here')).status).toBe(404);
  expect((await http.post('/pools', {})).status).toBe(404);
  expect(warnings).toContainEqual(expect.stringContaining('GET /nothing/here'));
  expect(warnings).toContainEqual(expect.stringContaining('POST /pools'));
});

test('what strangers ask for in vain is told once', async () => {
  const stranger = new HttpClient(http.port);
  for (const path of ['/x/1', '/x/2', '/x/3']) expect((await stranger.get(path)).status).toBe(404);
  expect(warnings.filter((message) => message.includes('/x/'))).toEqual([expect.stringContaining('GET /x/1')]);
});

test.each(['//', '//evil.example/pools', '///', '/%00', '/?', '//@/', 'x', '*', 'http://', 'http://localhost/pools'])(
  'the path %j harms nobody',
  async (path) => {
    const target = await rawStatus(http.port, path);
    expect([200, 400, 404]).toContain(target);
  },
);

test('a malformed path is the fault of the client', async () => {
  expect((await http.get('/pools/default/buckets/%zz')).status).toBe(400);
});

describe('configurations', () => {
  test('the terse one is that of KV', async () => {
    const { json } = await http.get('/pools/default/b/default');
    expect(json).toMatchObject({ name: 'default', nodesExt: [{ thisNode: true }, {}] });
    expect(ClusterMap.parse(JSON.stringify(json), '127.0.0.1').nodes).toHaveLength(2);
    expect((await http.get('/pools/default/b/missing')).status).toBe(404);
  });

  test('the nodes are listed with their services', async () => {
    const { json } = await http.get('/pools/default/nodeServices');
    const { kv, mgmt, capi, n1ql } = cluster.nodes[1]!.ports;
    expect(json.nodesExt[1]).toMatchObject({ services: { kv, mgmt, capi, n1ql } });
    expect((await http.get('/pools/default')).json.nodes).toHaveLength(2);
  });

  test('the nodes are listed under a name of their own too', async () => {
    const { status, json } = await http.get('/pools/nodes');
    expect([status, json.name]).toEqual([200, 'nodes']);
    const { mgmt } = cluster.nodes[1]!.ports;
    expect(json.nodes[1]).toMatchObject({ configuredHostname: `127.0.0.1:${mgmt}`, services: ['kv'] });
    expect(json.nodes).toEqual((await http.get('/pools/default')).json.nodes);
  });

  test('a stream tells of every change', async () => {
    const stream = await http.stream('/pools/default/bs/default');
    const first = await stream.next();
    await http.post('/pools/default/buckets/default/scopes', { name: 'streamed' });
    const second = await stream.next();
    expect(second.rev).toBeGreaterThan(first.rev);
    expect(second.collectionsManifestUid).not.toBe(first.collectionsManifestUid);
    stream.end();
  });
});

test('a body over the limit is refused', async () => {
  const { status } = await http.post('/pools/default/buckets', { name: 'x'.repeat(17 * 1024 * 1024) });
  expect(status).toBe(413);
});

test('a node without views says so', async () => {
  const views = new HttpClient(cluster.nodes[0]!.ports.capi, 'Administrator:password');
  expect((await views.get('/')).status).toBe(200);
  expect((await views.get('/default/_design/none/_view/none')).status).toBe(404);
});

/** The status of a request whose target is sent as it is. */
function rawStatus(port: number, target: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${target} HTTP/1.1\r\nhost: localhost\r\n\r\n`));
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve(Number(chunk.toString('latin1').split(' ')[1]));
    });
    socket.once('error', reject);
  });
}
