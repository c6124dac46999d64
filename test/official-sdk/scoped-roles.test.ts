import { EmbeddedCluster } from '@cb/embedded';
import { AccessError, type Bucket, CollectionNotFoundError, connect, LookupInSpec } from '@cb/promise';
import { AuthenticationFailureError, connect as connectOfficial } from 'couchbase';
import { rejection } from './official.js';

/** Reads everything in the scope, writes to one of its collections, and knows of no other place. */
const clerk = { password: 'secret', roles: ['data_reader[default:shop]', 'data_writer[default:shop:orders]'] };

let cluster: EmbeddedCluster;
let administrator: Bucket;
let bucket: Bucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 2,
    buckets: { default: { collections: { shop: ['orders', 'items'], office: ['files'] } }, other: {} },
    users: { Administrator: { password: 'password', roles: ['admin'] }, clerk },
  });
  const { connectionString, username, password } = cluster;
  administrator = await connect(`${connectionString}/default`, { username, password });
  bucket = await connect(`${connectionString}/default`, { username: 'clerk', password: clerk.password });
  for (const place of ['orders', 'items']) await administrator.scope('shop').collection(place).upsert('k', { place });
});

afterAll(async () => {
  await Promise.all([administrator.close(), bucket.close()]);
  await cluster.stop();
});

test('what the roles are for is possible', async () => {
  const [orders, items] = ['orders', 'items'].map((name) => bucket.scope('shop').collection(name));
  expect((await items!.get('k')).value).toEqual({ place: 'items' });
  expect((await items!.lookupIn('k', [LookupInSpec.get('place')])).content(0)).toBe('items');
  await orders!.upsert('order', 1);
  expect((await orders!.get('order')).value).toBe(1);
});

test('what one has no role for, where one has another, is refused', async () => {
  const items = bucket.scope('shop').collection('items');
  await expect(items.upsert('k', 2)).rejects.toThrow(AccessError);
  await expect(items.remove('k')).rejects.toThrow(AccessError);
  expect((await items.get('k')).value).toEqual({ place: 'items' });
});

test('where one has no role at all, there is no collection', async () => {
  await expect(bucket.scope('office').collection('files').get('k')).rejects.toThrow(CollectionNotFoundError);
  await expect(bucket.get('k')).rejects.toThrow(CollectionNotFoundError);
});

test('another bucket is not opened', async () => {
  const credentials = { username: 'clerk', password: clerk.password };
  await expect(connect(`${cluster.connectionString}/other`, credentials)).rejects.toThrow('other');
});

test('the official SDK sees the same', async () => {
  const official = await connectOfficial(cluster.connectionString, { username: 'clerk', password: clerk.password });
  const shop = official.bucket('default').scope('shop');
  expect((await shop.collection('items').get('k')).content).toEqual({ place: 'items' });
  await shop.collection('orders').upsert('theirs', 2);
  expect(await rejection(shop.collection('items').upsert('k', 2, { timeout: 500 }))).toBeInstanceOf(
    AuthenticationFailureError,
  );
  await official.close();
});
