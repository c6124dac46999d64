import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, TimeoutError } from '@cb/promise';
import { ArgumentError, DurabilityImpossibleError } from '@cb/protocol';
import { OBS_FOUND, OBS_NOTFOUND, OBS_PERSISTED } from '@cb/raw';

describe('durability', () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;

  async function start(options: object): Promise<void> {
    cluster = await EmbeddedCluster.start({ nodes: 3, replicas: 2, ...options });
    const { username, password } = cluster;
    bucket = await connect(`${cluster.connectionString}/default`, { username, password });
  }

  afterEach(async () => {
    await bucket.close();
    await cluster.stop();
  });

  test('waits until nodes have persisted and replicated a mutation', async () => {
    await start({ replicationLagMs: 30, persistenceLagMs: 60 });
    const { mutationToken } = await bucket.upsert('d:1', 1, { persistTo: 3, replicateTo: 2 });
    expect(mutationToken?.seqno).toBeGreaterThan(0n);
    const { value: infos } = await bucket.observe('d:1');
    expect(infos.map(({ flags, fromMaster }) => [flags, fromMaster])).toEqual([
      [OBS_PERSISTED, true],
      [OBS_PERSISTED, false],
      [OBS_PERSISTED, false],
    ]);
    await bucket.remove('d:1', { persistTo: -1, replicateTo: -1 });
    expect((await bucket.observe('d:1')).value.map(({ flags }) => flags)).toEqual(Array(3).fill(OBS_NOTFOUND));
  });

  test('says that a mutation is stored when it is not durable in time', async () => {
    await start({ persistenceLagMs: Number.POSITIVE_INFINITY });
    const late = bucket.upsert('d:2', 2, { persistTo: 1, timeout: 300 });
    await expect(late).rejects.toMatchObject({ code: 'timeout', ambiguous: true, key: 'd:2' });
    await expect(late).rejects.toThrow(/is stored/);
    expect((await bucket.get('d:2')).value).toBe(2);
    expect((await bucket.observe('d:2', { masterOnly: true })).value).toMatchObject([{ flags: OBS_FOUND }]);
    await expect(bucket.endure('d:2', { persistTo: 1, replicateTo: 0, timeout: 100 })).rejects.toThrow(TimeoutError);
  });

  test('endures by CAS, by absence and by token', async () => {
    await start({ replicationLagMs: 20 });
    const { cas, mutationToken } = await bucket.upsert('d:3', 3);
    expect((await bucket.endure('d:3', { cas })).cas).toBe(cas);
    await bucket.endure('d:3', { token: mutationToken! });
    await expect(bucket.endure('d:3', { cas: cas + 1n, timeout: 80 })).rejects.toThrow(TimeoutError);
    await bucket.remove('d:3');
    await bucket.endure('d:3', { checkRemoved: true });
    await expect(bucket.endure('d:3', { timeout: 80 })).rejects.toThrow(TimeoutError);
  });

  test('does not wait for replicas that have no node', async () => {
    await start({ nodes: 2, replicas: 2 });
    const startedAt = performance.now();
    await bucket.upsert('d:unplaced', 1, { replicateTo: 1, persistTo: 2, timeout: 20_000 });
    await bucket.endure('d:unplaced', { replicateTo: 1, persistTo: 2, timeout: 20_000 });
    expect((await bucket.observe('d:unplaced', { timeout: 20_000 })).value).toHaveLength(2);
    const { mutationToken: token } = await bucket.upsert('d:unplaced', 2);
    expect(await bucket.observeSeqno(token!, { timeout: 20_000 })).toHaveLength(2);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('tells how far the nodes are with a mutation', async () => {
    await start({ replicationLagMs: Number.POSITIVE_INFINITY });
    const { mutationToken: token } = await bucket.upsert('d:seqno', 1);
    const [active, ...replicas] = await bucket.observeSeqno(token!);
    expect(active).toMatchObject({ uuid: token!.uuid, currentSeqno: token!.seqno, lastSharedSeqno: undefined });
    expect(replicas.map(({ currentSeqno }) => currentSeqno < token!.seqno)).toEqual([true, true]);
    await expect(bucket.observeSeqno('token' as never)).rejects.toThrow(ArgumentError);
  });

  test('refuses demands that the bucket can never meet, and sends nothing', async () => {
    await start({});
    await expect(bucket.upsert('d:4', 4, { persistTo: 4 })).rejects.toThrow(ArgumentError);
    await expect(bucket.upsert('d:4', 4, { replicateTo: 3 })).rejects.toThrow(/from 0 to 2/);
    await expect(bucket.upsert('d:4', 4, { durability: 'majority', persistTo: 1 })).rejects.toThrow(ArgumentError);
    await expect(bucket.upsert('d:4', 4, { durability: 'all' as 'majority' })).rejects.toThrow(/majority,/);
    expect((await bucket.exists('d:4')).exists).toBe(false);
  });

  test('writes synchronously', async () => {
    await start({ replicationLagMs: 20, persistenceLagMs: 20 });
    for (const durability of ['majority', 'majorityAndPersistToActive', 'persistToMajority'] as const) {
      await bucket.upsert('d:5', durability, { durability });
      expect((await bucket.get('d:5')).value).toBe(durability);
    }
    await bucket.counter('d:6', { initial: 1, durability: 'majority' });
    await bucket.remove('d:5', { durability: 'majority' });
    expect((await bucket.exists('d:5')).exists).toBe(false);
  });

  test('knows before sending that a majority has no nodes', async () => {
    await start({ nodes: 1, replicas: 2 });
    await expect(bucket.upsert('d:7', 7, { durability: 'majority' })).rejects.toThrow(DurabilityImpossibleError);
  });

  test('keeps an expiry when asked to', async () => {
    await start({});
    for (const key of ['d:kept', 'd:cleared']) await bucket.upsert(key, 1, { ttl: 1 });
    await bucket.upsert('d:kept', 2, { preserveExpiry: true });
    await bucket.upsert('d:cleared', 2);
    while ((await bucket.exists('d:kept')).exists) await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await bucket.get('d:cleared')).value).toBe(2);
  });
});
