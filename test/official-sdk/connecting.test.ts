import { EmbeddedCluster } from '@cb/embedded';
import {
  AuthenticationFailureError,
  BucketNotFoundError,
  connect,
  PingState,
  ServiceType,
  TimeoutError,
} from 'couchbase';
import { OfficialSdk, rejection } from './official.js';

let cluster: EmbeddedCluster;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 2,
    buckets: { default: {}, closed: {} },
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      app: { password: 'sécret,=', roles: ['bucket_full_access[default]'] },
    },
  });
});

afterAll(() => cluster.stop());

test('is not let in with a wrong password, or as somebody else', async () => {
  expect(await rejection(OfficialSdk.connect(cluster, 'wrong'))).toBeInstanceOf(AuthenticationFailureError);
  const nobody = connect(cluster.connectionString, { username: 'nobody', password: cluster.password });
  expect(await rejection(nobody)).toBeInstanceOf(AuthenticationFailureError);
});

test.each(['SCRAM-SHA512', 'SCRAM-SHA256', 'SCRAM-SHA1', 'PLAIN'])('signs in with %s', async (mechanism) => {
  const official = await connect(`${cluster.connectionString}?allowed_sasl_mechanisms=${mechanism}`, {
    username: 'app',
    password: 'sécret,=',
  });
  const documents = official.bucket('default').defaultCollection();
  await documents.upsert('signed-in', mechanism);
  expect((await documents.get('signed-in')).content).toBe(mechanism);
  await official.close();
});

test.each([
  ['the user may not see', 'closed', { username: 'app', password: 'sécret,=' }],
  ['is missing', 'none', { username: 'Administrator', password: 'password' }],
])('does not open a bucket that %s', async (_, bucket, credentials) => {
  const told = jest.spyOn(console, 'error').mockImplementation();
  const official = await connect(cluster.connectionString, credentials);
  const documents = official.bucket(bucket).defaultCollection();
  // The SDK lets the first operation wait for the bucket; the next one knows.
  expect(await rejection(documents.get('k', { timeout: 500 }))).toBeInstanceOf(TimeoutError);
  expect(await rejection(documents.get('k', { timeout: 500 }))).toBeInstanceOf(BucketNotFoundError);
  await official.close();
  expect(told.mock.calls).toEqual([[expect.stringContaining('failed to open bucket'), expect.anything()]]);
  told.mockRestore();
});

test('finds every node, and each answers a ping', async () => {
  await using official = await OfficialSdk.connect(cluster);
  const bucket = official.cluster.bucket('default');
  const answers = async (): Promise<string[]> => {
    const { services } = await bucket.ping({ serviceTypes: [ServiceType.KeyValue] });
    const reports = Object.values(services).flat();
    return reports.filter(({ state }) => state === PingState.Ok).map(({ remote }) => remote);
  };
  // The connections to the nodes are made in the background.
  let found = await answers();
  while (found.length < cluster.nodes.length) found = await answers();
  expect(found.sort()).toEqual(cluster.nodes.map(({ hostname, ports }) => `${hostname}:${ports.kv}`).sort());
});

test('uses collections by their names', async () => {
  await using collections = await EmbeddedCluster.start({ buckets: { default: { collections: { shop: ['items'] } } } });
  await using official = await OfficialSdk.connect(collections);
  const items = official.cluster.bucket('default').scope('shop').collection('items');
  await items.upsert('k', 'in shop.items');
  await official.collection.upsert('k', 'in the default collection');
  expect((await items.get('k')).content).toBe('in shop.items');
  expect((await official.collection.get('k')).content).toBe('in the default collection');
});
