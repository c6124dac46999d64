import { EmbeddedCluster } from '@cb/embedded';
import {
  type BucketManager,
  BucketNotFoundError,
  EvictionPolicy,
  FeatureNotAvailableError,
  InvalidArgumentError,
  StorageBackend,
} from 'couchbase';
import { OfficialSdk, rejection } from './official.js';

let cluster: EmbeddedCluster;
let official: OfficialSdk;
let buckets: BucketManager;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, vbuckets: 16 });
  official = await OfficialSdk.connect(cluster);
  buckets = official.cluster.buckets();
});

afterAll(async () => {
  await official[Symbol.asyncDispose]();
  await cluster.stop();
});

test('a bucket has the defaults of a server, is written to at once, and is gone when dropped', async () => {
  await buckets.createBucket({ name: 'plain', ramQuotaMB: 128 });
  expect(await buckets.getBucket('plain')).toMatchObject({
    numReplicas: 1,
    replicaIndexes: true,
    flushEnabled: false,
    storageBackend: StorageBackend.Couchstore,
    evictionPolicy: EvictionPolicy.ValueOnly,
    historyRetentionCollectionDefault: undefined,
    numVBuckets: 16,
  });
  const documents = official.cluster.bucket('plain').defaultCollection();
  await documents.upsert('k', 1);
  expect((await documents.get('k')).content).toBe(1);
  await buckets.dropBucket('plain');
  expect(await rejection(buckets.getBucket('plain'))).toBeInstanceOf(BucketNotFoundError);
});

test('history is a matter of magma, for buckets and for collections', async () => {
  const history = { historyRetentionCollectionDefault: true, historyRetentionDuration: 60 };
  const couchstore = { name: 'flat', ramQuotaMB: 128, storageBackend: StorageBackend.Couchstore };
  expect(await rejection(buckets.createBucket({ ...couchstore, ...history }))).toBeInstanceOf(InvalidArgumentError);
  await buckets.createBucket({ name: 'past', ramQuotaMB: 1024, storageBackend: StorageBackend.Magma, ...history });
  expect(await buckets.getBucket('past')).toMatchObject({ ...history, evictionPolicy: EvictionPolicy.FullEviction });
  const kept = official.cluster.bucket('past').collections();
  await kept.createCollection('c', '_default', { history: false });
  await kept.updateCollection('c', '_default', { history: true });
  const [scope] = await kept.getAllScopes();
  expect(scope?.collections).toContainEqual(expect.objectContaining({ name: 'c', history: true }));
  const flat = official.cluster.bucket('default').collections();
  const refused = await rejection(flat.createCollection('c', '_default', { history: true }));
  expect(refused).toBeInstanceOf(FeatureNotAvailableError);
});

test('a collection without expiry is told from one that goes by its bucket', async () => {
  const collections = official.cluster.bucket('default').collections();
  await collections.createCollection('never', '_default', { maxExpiry: -1 });
  await collections.createCollection('inherits', '_default', {});
  const [scope] = await collections.getAllScopes();
  const expiries = scope?.collections.map(({ name, maxExpiry }) => [name, maxExpiry]);
  expect(expiries).toEqual(
    expect.arrayContaining([
      ['never', -1],
      ['inherits', 0],
    ]),
  );
  const invalid = await rejection(collections.updateCollection('never', '_default', { maxExpiry: -20 }));
  expect(invalid).toBeInstanceOf(InvalidArgumentError);
});
