import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, NotFoundError, ReplicaResult, TimeoutError } from '@cb/promise';
import { vbucketOf } from '@cb/protocol';

let cluster: EmbeddedCluster;
let bucket: Bucket;

async function start(options: object): Promise<void> {
  cluster = await EmbeddedCluster.start(options);
  const { connectionString, username, password } = cluster;
  bucket = await connect(`${connectionString}/default`, { username, password });
}

afterEach(async () => {
  bucket.destroy();
  await cluster.stop();
});

describe('a read of any copy', () => {
  test('works without replicas', async () => {
    await start({ nodes: 1, replicas: 0 });
    const { cas } = await bucket.upsert('doc', { a: 1 });
    const copy = await bucket.getAnyReplica<{ a: number }>('doc');
    expect(copy).toBeInstanceOf(ReplicaResult);
    expect(copy).toMatchObject({ key: 'doc', value: { a: 1 }, cas, isReplica: false, success: true });
    expect((await bucket.getAnyReplica('doc', { noFormat: true })).value).toEqual(Buffer.from('{"a":1}'));
  });

  test('takes the active one while replicas have nothing yet', async () => {
    await start({ nodes: 3, replicas: 2, replicationLagMs: 600_000 });
    await bucket.upsert('doc', 1);
    expect(await bucket.getAnyReplica('doc')).toMatchObject({ value: 1, isReplica: false });
  });

  test('takes a replica while the node of the active one says nothing', async () => {
    await start({ nodes: 2, replicas: 1 });
    await bucket.upsert('doc', 1, { durability: 'majority' });
    const map = bucket.clusterMap!;
    cluster.hang(map.activeOf(vbucketOf('doc', map.vbuckets)));
    expect(await bucket.getAnyReplica('doc')).toMatchObject({ value: 1, isReplica: true });
    await expect(bucket.get('doc', { timeout: 200 })).rejects.toThrow(TimeoutError);
  });

  test('of a document that no copy has is NotFoundError, or quiet', async () => {
    await start({ nodes: 2, replicas: 1 });
    await expect(bucket.getAnyReplica('none')).rejects.toThrow(NotFoundError);
    await expect(bucket.getAnyReplica('none')).rejects.toMatchObject({ operation: 'getAnyReplica', key: 'none' });
    expect(await bucket.getAnyReplica('none', { quiet: true })).toMatchObject({ success: false, value: undefined });
  });

  test('is there in collections, callbacks and pipelines', async () => {
    await start({ nodes: 1, buckets: { default: { collections: { s: ['c'] } } } });
    const collection = bucket.scope('s').collection('c');
    await collection.upsert('doc', 2);
    expect((await collection.getAnyReplica('doc')).value).toBe(2);
    const [copy] = await collection.pipeline((p) => [p.getAnyReplica('doc')]);
    expect(copy.value).toBe(2);
  });
});
