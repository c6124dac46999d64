import { EmbeddedCluster, FEATURES_7_2 } from '@cb/embedded';
import { DocumentNotFoundError } from 'couchbase';
import { OfficialSdk, rejection } from './official.js';

/** The common flags of JSON, as every SDK writes them. */
const JSON_FLAGS = 0x02000000;

test.each([
  // Before 7.6.2 there is no way to give a document its flags together with its attributes.
  ['of 7.6', {}, JSON_FLAGS],
  ['of 7.2', { features: FEATURES_7_2 }, 0],
])('transactions insert, replace and remove documents on a cluster %s', async (_, options, flags) => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2, ...options });
  await using official = await OfficialSdk.connect(cluster);
  const { collection } = official;
  await collection.upsert('changed', { n: 1 });
  await collection.upsert('removed', { n: 2 });
  await official.cluster.transactions().run(async (attempt) => {
    await attempt.insert(collection, 'made', { n: 3 });
    await attempt.replace(await attempt.get(collection, 'changed'), { n: 4 });
    await attempt.remove(await attempt.get(collection, 'removed'));
  });
  expect((await collection.get('made')).content).toEqual({ n: 3 });
  expect((await collection.get('changed')).content).toEqual({ n: 4 });
  expect(await rejection(collection.get('removed'))).toBeInstanceOf(DocumentNotFoundError);
  expect(cluster.bucket('default').peek('made')?.flags).toBe(flags);
});

test('a transaction that gives up leaves nothing behind', async () => {
  await using cluster = await EmbeddedCluster.start();
  await using official = await OfficialSdk.connect(cluster);
  const { collection } = official;
  await collection.upsert('kept', { n: 1 });
  const failed = await rejection(
    official.cluster.transactions().run(async (attempt) => {
      await attempt.insert(collection, 'staged', { n: 2 });
      await attempt.replace(await attempt.get(collection, 'kept'), { n: 3 });
      throw new Error('enough');
    }),
  );
  expect(failed.name).toBe('TransactionFailedError');
  expect((await collection.get('kept')).content).toEqual({ n: 1 });
  expect((await collection.exists('staged')).exists).toBe(false);
});
