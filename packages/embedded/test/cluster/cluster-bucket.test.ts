import { ArgumentError } from '@cb/protocol';
import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import type { ClusterBucket } from '../../src/cluster/cluster-bucket.js';

let cluster: EmbeddedCluster;
let bucket: ClusterBucket;

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 3,
    replicas: 1,
    buckets: { default: { collections: { shop: ['orders'], _default: ['flat'] } } },
  });
  bucket = cluster.bucket('default');
});

afterEach(() => cluster.stop());

test('what is put can be looked at, and has a copy on another node', () => {
  bucket.put('ada', { born: 1815 });
  const document = bucket.peek('ada')!;
  expect(JSON.parse(document.value.toString())).toEqual({ born: 1815 });
  expect(document).toMatchObject({ flags: 0x02000000, expiry: 0, revision: 1 });
  const copies = bucket.parts.map((part) => part.itemCount('replica'));
  expect(copies.reduce((sum, count) => sum + count)).toBe(1);
  expect(bucket.itemCount).toBe(1);
});

test('collections are places of their own', () => {
  const place = { scope: 'shop', collection: 'orders' };
  bucket.put('ada', 1, place);
  bucket.put('ada', 2, { collection: 'flat' });
  expect(bucket.peek('ada')).toBeUndefined();
  expect(bucket.peek('ada', place)!.value.toString()).toBe('1');
  expect(bucket.peek('ada', { collection: 'flat' })!.value.toString()).toBe('2');
});

test('every part has the manifest', () => {
  const ids = bucket.manifest.scopes.flatMap(({ collections }) => collections.map(({ id }) => id));
  expect(ids).toHaveLength(3);
  for (const part of bucket.parts) expect(ids.every((id) => part.hasCollection(id))).toBe(true);
});

test('a time to live makes an expiry', () => {
  bucket.put('ada', 1, { ttl: 100 });
  expect(bucket.peek('ada')!.expiry).toBeGreaterThan(Date.now() / 1000);
});

test('flush empties every node', () => {
  for (let id = 0; id < 20; id++) bucket.put(`k${id}`, id);
  expect(bucket.itemCount).toBe(20);
  bucket.flush();
  expect(bucket.parts.map((part) => part.itemCount('active') + part.itemCount('replica'))).toEqual([0, 0, 0]);
});

test.each<[string, () => void, RegExp]>([
  ['an empty id', () => bucket.put('', 1), /1 to 250 bytes, not 0/],
  ['an over-long id', () => bucket.put('ü'.repeat(126), 1), /1 to 250 bytes, not 252/],
  ['an id over the limit of a collection', () => bucket.put('x'.repeat(247), 1, { collection: 'flat' }), /1 to 246/],
  ['an unknown collection', () => bucket.peek('a', { collection: 'none' }), /no collection _default.none/],
  ['what has no JSON form', () => bucket.put('a', undefined), /"a" has no JSON form/],
])('%s is refused', (_name, action, message) => {
  expect(action).toThrow(ArgumentError);
  expect(action).toThrow(message);
});
