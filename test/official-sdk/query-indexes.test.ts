import { EmbeddedCluster } from '@cb/embedded';
import {
  CouchbaseError,
  IndexExistsError,
  IndexNotFoundError,
  InternalServerFailureError,
  MutationState,
  type QueryIndex,
  QueryScanConsistency,
} from 'couchbase';
import { OfficialSdk, rejection } from './official.js';

const BUCKET = 'default';

let cluster: EmbeddedCluster;
let official: OfficialSdk;

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({ buckets: { [BUCKET]: { collections: { s: ['c'] } } } });
  official = await OfficialSdk.connect(cluster);
});

afterEach(async () => {
  await official[Symbol.asyncDispose]();
  await cluster.stop();
});

function of({ name, state, isPrimary, indexKey, collectionName }: QueryIndex) {
  return { name, state, isPrimary: isPrimary ?? false, indexKey, collectionName };
}

describe('the index manager of the official SDK', () => {
  test('creates, lists and drops indexes of a bucket', async () => {
    const indexes = official.cluster.queryIndexes();
    await indexes.createPrimaryIndex(BUCKET);
    await indexes.createPrimaryIndex(BUCKET, { name: 'second' });
    await indexes.createIndex(BUCKET, 'by_name', ['name', 'age']);
    expect((await indexes.getAllIndexes(BUCKET)).map(of)).toMatchObject([
      { name: '#primary', state: 'online', isPrimary: true, indexKey: [] },
      { name: 'second', state: 'online', isPrimary: true, indexKey: [] },
      { name: 'by_name', state: 'online', isPrimary: false, indexKey: ['`name`', '`age`'] },
    ]);
    await indexes.watchIndexes(BUCKET, ['by_name', 'second'], 2000, { watchPrimary: true });
    await indexes.dropIndex(BUCKET, 'by_name');
    await indexes.dropPrimaryIndex(BUCKET, { name: 'second' });
    await indexes.dropPrimaryIndex(BUCKET);
    expect(await indexes.getAllIndexes(BUCKET)).toEqual([]);
  });

  test('hears what is there already, and what is not', async () => {
    const indexes = official.cluster.queryIndexes();
    await indexes.createIndex(BUCKET, 'i', ['name']);
    expect(await rejection(indexes.createIndex(BUCKET, 'i', ['age']))).toBeInstanceOf(IndexExistsError);
    await indexes.createIndex(BUCKET, 'i', ['age'], { ignoreIfExists: true });
    await indexes.createPrimaryIndex(BUCKET, { name: 'p' });
    expect(await rejection(indexes.createPrimaryIndex(BUCKET, { name: 'p' }))).toBeInstanceOf(IndexExistsError);
    await indexes.createPrimaryIndex(BUCKET, { name: 'p', ignoreIfExists: true });
    expect(await rejection(indexes.dropIndex(BUCKET, 'none'))).toBeInstanceOf(IndexNotFoundError);
    await indexes.dropIndex(BUCKET, 'none', { ignoreIfNotExists: true });
    await indexes.dropPrimaryIndex(BUCKET, { name: 'p' });
    expect(await rejection(indexes.dropPrimaryIndex(BUCKET))).toBeInstanceOf(IndexNotFoundError);
    await indexes.dropPrimaryIndex(BUCKET, { ignoreIfNotExists: true });
    expect(await rejection(indexes.watchIndexes(BUCKET, ['none'], 1000))).toBeInstanceOf(IndexNotFoundError);
  });

  test('has replicas as far as there are nodes for them', async () => {
    const indexes = official.cluster.queryIndexes();
    const refused = await rejection(indexes.createIndex(BUCKET, 'i', ['name'], { numReplicas: 1 }));
    expect(refused).toBeInstanceOf(CouchbaseError);
    expect(refused).toBeInstanceOf(InternalServerFailureError);
    await indexes.createIndex(BUCKET, 'i', ['name'], { numReplicas: 0 });
    expect((await indexes.getAllIndexes(BUCKET)).map(({ name }) => name)).toEqual(['i']);
  });

  test('builds what was deferred', async () => {
    const indexes = official.cluster.queryIndexes();
    await official.collection.upsert('k', { name: 'ada' });
    for (const name of ['one', 'two']) await indexes.createIndex(BUCKET, name, ['name'], { deferred: true });
    await indexes.createPrimaryIndex(BUCKET, { deferred: true });
    const states = async () => (await indexes.getAllIndexes(BUCKET)).map(({ state }) => state);
    expect(await states()).toEqual(['deferred', 'deferred', 'deferred']);
    await indexes.buildDeferredIndexes(BUCKET);
    await indexes.watchIndexes(BUCKET, ['one', 'two'], 60_000, { watchPrimary: true });
    expect(await states()).toEqual(['online', 'online', 'online']);
  });

  test('has the indexes of a collection for themselves', async () => {
    const collection = official.cluster.bucket(BUCKET).scope('s').collection('c');
    const indexes = collection.queryIndexes();
    await indexes.createPrimaryIndex({ name: 'p' });
    await indexes.createIndex('i', ['name'], { deferred: true });
    expect(await rejection(indexes.createIndex('i', ['name']))).toBeInstanceOf(IndexExistsError);
    expect((await indexes.getAllIndexes()).map(of)).toMatchObject([
      { name: 'p', isPrimary: true, collectionName: 'c' },
      { name: 'i', state: 'deferred', collectionName: 'c' },
    ]);
    const ofCollection = { scopeName: 's', collectionName: 'c' };
    expect(await official.cluster.queryIndexes().getAllIndexes(BUCKET, ofCollection)).toHaveLength(2);
    expect(await official.collection.queryIndexes().getAllIndexes()).toEqual([]);
    await indexes.buildDeferredIndexes();
    await indexes.watchIndexes(['i'], 60_000);
    await indexes.dropPrimaryIndex({ name: 'p' });
    await indexes.dropIndex('i');
    expect(await rejection(indexes.dropIndex('i'))).toBeInstanceOf(IndexNotFoundError);
    expect(await indexes.getAllIndexes()).toEqual([]);
  });

  test('reads its own writes, with either consistency', async () => {
    await official.cluster.queryIndexes().createIndex(BUCKET, 'by_n', ['n']);
    const query = 'SELECT RAW n FROM `default` WHERE n >= 0 ORDER BY n';
    const { token } = await official.collection.upsert('a', { n: 1 });
    if (token === undefined) throw new Error('the write has no token');
    const asked = { consistentWith: new MutationState(token) };
    expect((await official.cluster.query(query, asked)).rows).toEqual([1]);
    await official.collection.upsert('b', { n: 2 });
    const { rows } = await official.cluster.query(query, { scanConsistency: QueryScanConsistency.RequestPlus });
    expect(rows).toEqual([1, 2]);
  });
});
