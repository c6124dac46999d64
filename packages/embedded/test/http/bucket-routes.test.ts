import { Opcode, Status } from '@cb/protocol';
import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import { KvClient } from '../kv-client.js';
import { HttpClient } from './http-client.js';

const BUCKETS = '/pools/default/buckets';
let cluster: EmbeddedCluster;
let http: HttpClient;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, buckets: ['default', 'other'] });
  http = new HttpClient(cluster.nodes[0]!.ports.mgmt, 'Administrator:password');
});

afterAll(() => cluster.stop());

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

  test.each<[string, Record<string, string | number>, object, string[]]>([
    [
      'with couchstore',
      {},
      { storageBackend: 'couchstore', evictionPolicy: 'valueOnly', replicaIndex: true },
      ['historyRetentionSeconds', 'historyRetentionBytes', 'historyRetentionCollectionDefault'],
    ],
    [
      'with magma',
      { storageBackend: 'magma' },
      {
        storageBackend: 'magma',
        evictionPolicy: 'fullEviction',
        historyRetentionSeconds: 0,
        historyRetentionBytes: 0,
        historyRetentionCollectionDefault: true,
      },
      ['replicaIndex'],
    ],
    [
      'in memory only',
      { bucketType: 'ephemeral' },
      { bucketType: 'ephemeral', storageBackend: 'undefined', evictionPolicy: 'noEviction' },
      ['replicaIndex', 'historyRetentionSeconds'],
    ],
  ])('%s a bucket has the settings of its kind', async (_, form, settings, without) => {
    await http.post(BUCKETS, { name: 'kind', ...form });
    const { json } = await http.get(`${BUCKETS}/kind`);
    expect(json).toMatchObject(settings);
    for (const field of without) expect(json).not.toHaveProperty(field);
    const { json: config } = await http.get('/pools/default/b/kind');
    expect(json.bucketCapabilities).toEqual(config.bucketCapabilities);
    await http.delete(`${BUCKETS}/kind`);
  });

  test('history is kept as it is asked for, with magma', async () => {
    const history = {
      historyRetentionSeconds: 13_000,
      historyRetentionBytes: 2 ** 31,
      historyRetentionCollectionDefault: false,
    };
    const form = { ...history, historyRetentionCollectionDefault: 'false' };
    await http.post(BUCKETS, { name: 'past', storageBackend: 'magma', ...form });
    expect((await http.get(`${BUCKETS}/past`)).json).toMatchObject(history);
    await http.post(`${BUCKETS}/past`, { historyRetentionBytes: 0 });
    expect((await http.get(`${BUCKETS}/past`)).json).toMatchObject({ ...history, historyRetentionBytes: 0 });
    const refused = await http.post(`${BUCKETS}/past`, { historyRetentionBytes: 1000 });
    expect([refused.status, Object.keys(refused.json.errors)]).toEqual([400, ['historyRetentionBytes']]);
    await http.delete(`${BUCKETS}/past`);
  });

  test('a setting that is refused changes nothing', async () => {
    const before = (await http.get(`${BUCKETS}/other`)).json;
    const { status, json } = await http.post(`${BUCKETS}/other`, {
      historyRetentionSeconds: 5,
      storageBackend: 'magma',
      ramQuotaMB: 999,
    });
    expect([status, Object.keys(json.errors).sort()]).toEqual([400, ['historyRetentionSeconds', 'storageBackend']]);
    expect((await http.get(`${BUCKETS}/other`)).json).toEqual(before);
  });

  test.each<[string, Record<string, string | number>, string]>([
    ['history without magma', { name: 'x', historyRetentionSeconds: 5 }, 'historyRetentionSeconds'],
    ['an unknown storage', { name: 'x', storageBackend: 'paper' }, 'storageBackend'],
    ["another type's eviction", { name: 'x', bucketType: 'ephemeral', evictionPolicy: 'valueOnly' }, 'evictionPolicy'],
    ['an unknown durability', { name: 'x', durabilityMinLevel: 'all' }, 'durabilityMinLevel'],
    ['an unknown resolution of conflicts', { name: 'x', conflictResolutionType: 'dice' }, 'conflictResolutionType'],
    ['a name that is taken', { name: 'default' }, 'name'],
    ['a malformed name', { name: 'a b' }, 'name'],
    ['an unknown type', { name: 'x', bucketType: 'disk' }, 'bucketType'],
    ['too many replicas', { name: 'x', replicaNumber: 4 }, 'replicaNumber'],
    ['what is not a number', { name: 'x', ramQuotaMB: 'lots' }, 'ramQuotaMB'],
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

  test("a longest life of -1 is none, whatever the bucket's is", async () => {
    await http.post(BUCKETS, { name: 'short', maxTTL: 60 });
    const scopes = `${BUCKETS}/short/scopes`;
    for (const [name, maxTTL] of [
      ['never', -1],
      ['own', 5],
      ['inherits', 0],
    ] as const) {
      expect((await http.post(`${scopes}/_default/collections`, { name, maxTTL })).status).toBe(200);
    }
    const shown = (await http.get(scopes)).json.scopes[0].collections;
    expect(shown.map(({ maxTTL }: { maxTTL: number }) => maxTTL)).toEqual([0, -1, 5, 0]);
    const bucket = cluster.bucket('short');
    const life = (collection: string): number => {
      bucket.put('k', 1, { collection });
      const { expiry } = bucket.peek('k', { collection })!;
      return expiry === 0 ? 0 : Math.round(expiry - Date.now() / 1000);
    };
    expect(life('never')).toBe(0);
    expect(life('own')).toBeLessThanOrEqual(6);
    expect(life('inherits')).toBeGreaterThan(6);
    await http.patch(`${scopes}/_default/collections/own`, { maxTTL: -1 });
    expect(life('own')).toBe(0);
    expect((await http.patch(`${scopes}/_default/collections/own`, { maxTTL: -2 })).status).toBe(400);
  });

  test('collections keep history with magma, as the bucket says unless they do', async () => {
    await http.post(BUCKETS, { name: 'magma', storageBackend: 'magma' });
    const collections = `${BUCKETS}/magma/scopes/_default/collections`;
    await http.post(collections, { name: 'kept' });
    await http.post(collections, { name: 'not', history: 'false' });
    await http.patch(`${collections}/not`, { maxTTL: 5 });
    const shown = async (): Promise<boolean[]> =>
      (await http.get(`${BUCKETS}/magma/scopes`)).json.scopes[0].collections.map(
        (one: { history: boolean }) => one.history,
      );
    expect(await shown()).toEqual([false, true, false]);
    await http.patch(`${collections}/not`, { history: 'true' });
    expect(await shown()).toEqual([false, true, true]);
    const refused = await http.post(`${path}/_default/collections`, { name: 'c', history: 'true' });
    expect([refused.status, refused.text]).toEqual([400, 'Not allowed on this type of bucket']);
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
