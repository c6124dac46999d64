import { ClusterMap, Opcode, Status } from '@cb/protocol';
import { EmbeddedCluster } from '../../src/cluster.js';
import { KvClient } from '../kv-client.js';
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
    const { kv, mgmt, capi } = cluster.nodes[1]!.ports;
    expect(json.nodesExt[1]).toMatchObject({ services: { kv, mgmt, capi } });
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

describe('buckets', () => {
  test('are created, changed, flushed and deleted', async () => {
    const path = '/pools/default/buckets/fresh';
    const created = await http.post('/pools/default/buckets', {
      name: 'fresh',
      bucketType: 'membase',
      ramQuotaMB: 128,
      replicaNumber: 1,
      flushEnabled: 1,
      numVBuckets: 8,
    });
    expect(created.status).toBe(202);
    const { json } = await http.get(path);
    expect(json).toMatchObject({
      name: 'fresh',
      bucketType: 'membase',
      replicaNumber: 1,
      quota: { rawRAM: 128 * 1024 * 1024 },
      controllers: { flush: `${path}/controller/doFlush` },
    });
    expect(json.vBucketServerMap.vBucketMap).toHaveLength(8);
    cluster.bucket('fresh').put('k', 1);
    expect((await http.get(path)).json.basicStats.itemCount).toBe(1);
    expect((await http.post(`${path}/controller/doFlush`, {})).status).toBe(200);
    expect(cluster.bucket('fresh').itemCount).toBe(0);
    expect((await http.post(path, { flushEnabled: 0, ramQuotaMB: 256 })).status).toBe(200);
    const flushed = await http.post(`${path}/controller/doFlush`, {});
    expect([flushed.status, flushed.text]).toEqual([400, expect.stringContaining('Flush is disabled')]);
    expect((await http.delete(path)).status).toBe(200);
    expect((await http.get(path)).status).toBe(404);
  });

  test('what decides where documents are kept stays as it was', async () => {
    const { status, json } = await http.post('/pools/default/buckets/default', {
      replicaNumber: 0,
      numVBuckets: 9,
      ramQuotaMB: 300,
    });
    expect([status, Object.keys(json.errors).sort()]).toEqual([400, ['numVBuckets', 'replicaNumber']]);
    expect(cluster.bucket('default').settings.ramQuotaMb).toBe(256);
  });

  test('a changed longest life and mode of compression hold for what is stored from then on', async () => {
    const path = '/pools/default/buckets';
    await http.post(path, { name: 'changing', ramQuotaMB: 100 });
    const bucket = cluster.bucket('changing');
    const value = { text: 'compressible '.repeat(20) };
    bucket.put('before', value);
    expect((await http.post(`${path}/changing`, { maxTTL: 60, compressionMode: 'active' })).status).toBe(200);
    bucket.put('after', value);
    expect((await http.get(`${path}/changing`)).json).toMatchObject({ maxTTL: 60, compressionMode: 'active' });
    expect([bucket.peek('before')!.expiry, bucket.peek('after')!.expiry > 0]).toEqual([0, true]);
    expect(bucket.parts.map((part) => part.compressionMode)).toEqual(['active', 'active']);
  });

  test('a created bucket serves at once', async () => {
    await http.post('/pools/default/buckets', { name: 'quick', ramQuotaMB: 100 });
    const client = await KvClient.open(cluster, 1, 'quick');
    expect((await client.ask(Opcode.GetClusterConfig)).status).toBe(Status.Success);
    client.close();
  });

  test.each<[string, Record<string, string | number>, string]>([
    ['a name that is taken', { name: 'default' }, 'name'],
    ['a malformed name', { name: 'a b' }, 'name'],
    ['an unknown type', { name: 'x', bucketType: 'disk' }, 'bucketType'],
    ['too many replicas', { name: 'x', replicaNumber: 4 }, 'replicaNumber'],
    ['what is no number', { name: 'x', ramQuotaMB: 'lots' }, 'ramQuotaMB'],
    ['an unknown mode of compression', { name: 'x', compressionMode: 'zip' }, 'compressionMode'],
  ])('%s is refused by its field', async (_name, form, field) => {
    const { status, json } = await http.post('/pools/default/buckets', form);
    expect(status).toBe(400);
    expect(json.errors).toHaveProperty(field);
    expect(cluster.findBucket('x')).toBeUndefined();
  });

  test('design documents are listed', async () => {
    cluster.bucket('other').designs.set('_design/d', { views: { v: { map: 'function () {}' } } });
    const { json } = await http.get('/pools/default/buckets/other/ddocs');
    expect(json.rows).toEqual([
      {
        doc: {
          meta: { id: '_design/d', rev: expect.stringMatching(/^1-/) },
          json: { views: { v: { map: 'function () {}' } } },
        },
        controllers: expect.objectContaining({ compact: expect.stringMatching(/_design%2Fd.controller.compactView$/) }),
      },
    ]);
  });
});

describe('scopes and collections', () => {
  const path = '/pools/default/buckets/other/scopes';

  test('come, change and go, each time with the next uid', async () => {
    const uids = [
      await http.post(path, { name: 's' }),
      await http.post(`${path}/s/collections`, { name: 'c', maxTTL: 60 }),
      await http.patch(`${path}/s/collections/c`, { maxTTL: 90 }),
    ].map(({ json }) => json.uid);
    expect(uids).toEqual(['1', '2', '3']);
    const { json } = await http.get(path);
    expect(json).toMatchObject({
      uid: '3',
      scopes: [{ name: '_default' }, { name: 's', uid: '8', collections: [{ name: 'c', uid: '8', maxTTL: 90 }] }],
    });
    cluster.bucket('other').put('k', 1, { scope: 's', collection: 'c' });
    expect((await http.delete(`${path}/s/collections/c`)).json).toEqual({ uid: '4' });
    expect((await http.delete(`${path}/s`)).json).toEqual({ uid: '5' });
    expect(cluster.bucket('other').itemCount).toBe(0);
    expect((await http.post(`${path}/@ensureManifest/5`, {})).status).toBe(200);
  });

  test.each<[string, string, Record<string, string>, number, string]>([
    ['a scope that is there', '', { name: '_bad' }, 400, 'First character'],
    ['a collection without scope', '/none/collections', { name: 'c' }, 404, 'Scope with name "none" is not found'],
    ['a malformed time to live', '/_default/collections', { name: 'c', maxTTL: 'x' }, 400, 'must be in range'],
  ])('%s is refused', async (_name, suffix, form, status, message) => {
    const answer = await http.post(`${path}${suffix}`, form);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(message.replaceAll('"', '\\"'))]);
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
