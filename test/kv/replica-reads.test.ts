import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, NotFoundError } from '@cb/promise';
import { ArgumentError, CancelledError, Opcode, Status } from '@cb/protocol';
import { RawBucket, ReplicaResult } from '@cb/raw';
import { TerminalCalls } from '../async-result/terminal-calls.js';
import { ScriptedCluster } from './scripted-cluster.js';

describe('replica reads', () => {
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

  test('reads from any replica, and from each by its index', async () => {
    await start({});
    const { cas } = await bucket.upsert('r:1', { a: 1 }, { replicateTo: 2 });
    const any = await bucket.getReplica('r:1');
    await expect(bucket.get('r:1', { replica: true, replicaIndex: 0 } as object)).rejects.toThrow(
      /replicaIndex is for getReplica/,
    );
    expect(any).toBeInstanceOf(ReplicaResult);
    expect(any).toMatchObject({ key: 'r:1', success: true, value: { a: 1 }, cas, isReplica: true });
    expect((await bucket.rget('r:1')).cas).toBe(cas);
    for (const replicaIndex of [0, 1]) {
      expect(await bucket.rget('r:1', { replicaIndex })).toMatchObject({ value: { a: 1 }, cas, isReplica: true });
    }
    expect((await bucket.get('r:1', { replica: true })).cas).toBe(cas);
    expect((await bucket.get('r:1', { replica: false })).cas).toBe(cas);
    expect((await bucket.rget('r:1', { noFormat: true })).value).toEqual(Buffer.from('{"a":1}'));
  });

  test('reads all copies, the active one first', async () => {
    await start({});
    const { cas } = await bucket.upsert('r:2', 2, { replicateTo: 2 });
    const copies = await bucket.getAllReplicas('r:2');
    expect(copies.map((copy) => [copy.value, copy.cas, copy.isReplica])).toEqual([
      [2, cas, false],
      [2, cas, true],
      [2, cas, true],
    ]);
  });

  test('shows what a replica has, which may be nothing yet', async () => {
    await start({ replicationLagMs: 600_000 });
    await bucket.upsert('r:3', 3);
    await expect(bucket.rget('r:3')).rejects.toThrow(NotFoundError);
    await expect(bucket.rget('r:3', { replicaIndex: 1 })).rejects.toMatchObject({ code: 'not_found', key: 'r:3' });
    expect((await bucket.getAllReplicas('r:3')).map(({ isReplica }) => isReplica)).toEqual([false]);
  });

  test('tells of a missing document by an error, or quietly', async () => {
    await start({});
    await expect(bucket.rget('r:none')).rejects.toMatchObject({ code: 'not_found', key: 'r:none', status: 1 });
    await expect(bucket.getAllReplicas('r:none')).rejects.toThrow(NotFoundError);
    await expect(bucket.get('r:none', { replica: true })).rejects.toThrow(NotFoundError);
    const quietly = { success: false, rc: 0x0d, value: undefined, cas: 0n };
    expect(await bucket.rget('r:none', { quiet: true })).toMatchObject(quietly);
    expect(await bucket.rget('r:none', { quiet: true, replicaIndex: 0 })).toMatchObject(quietly);
    expect(await bucket.getAllReplicas('r:none', { quiet: true })).toEqual([]);
    bucket.quiet = true;
    expect(await bucket.rget('r:none')).toMatchObject(quietly);
    expect(await bucket.get('r:none', { replica: true })).toMatchObject(quietly);
    await expect(bucket.rget('r:none', { quiet: false })).rejects.toThrow(NotFoundError);
  });

  test('reads replicas of a collection', async () => {
    await start({ buckets: { default: { collections: { s: ['c'] } } } });
    const collection = bucket.scope('s').collection('c');
    await collection.upsert('r:4', 4);
    while ((await collection.getAllReplicas('r:4')).length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await collection.rget('r:4')).value).toBe(4);
    await expect(bucket.rget('r:4')).rejects.toThrow(NotFoundError);
  });

  test('refuses what cannot be, and sends nothing', async () => {
    await start({});
    for (const replicaIndex of [2, -1, 0.5, '0' as unknown as number]) {
      await expect(bucket.rget('r:1', { replicaIndex })).rejects.toThrow(/replicaIndex must be from 0 to 1/);
    }
    await expect(bucket.get('r:1', { replica: true, ttl: 5 })).rejects.toThrow(/either replica or ttl/);
    await expect(bucket.get('r:1', { replica: 1 as unknown as boolean })).rejects.toThrow(ArgumentError);
    await expect(bucket.rget('', {})).rejects.toThrow(ArgumentError);
    await expect(bucket.getAllReplicas('r:1', { replicaIndex: 0 } as object)).rejects.toThrow(/no option/);
  });

  test('knows that there are no replicas', async () => {
    await start({ nodes: 1, replicas: 0 });
    await bucket.upsert('r:5', 5);
    await expect(bucket.rget('r:5')).rejects.toThrow(/no replicas/);
    await expect(bucket.rget('r:5', { replicaIndex: 0 })).rejects.toThrow(/no replicas/);
    expect(await bucket.getAllReplicas('r:5')).toMatchObject([{ value: 5, isReplica: false }]);
  });

  test('tells the callbacks, and throws nothing, where the cluster has no replicas', async () => {
    await start({ nodes: 1, replicas: 0 });
    const { username, password } = cluster;
    const raw = new RawBucket(`${cluster.connectionString}/default`, { username, password });
    const outcomeOf = (
      result: ReturnType<RawBucket['connect']> | ReturnType<RawBucket['getReplica']>,
    ): Promise<unknown> =>
      new Promise((resolve) => {
        result.setCallbacks(resolve, (_result, _class, error) => resolve(error));
      });
    await outcomeOf(raw.connect());
    expect(await outcomeOf(raw.getReplica('r:7'))).toBeInstanceOf(ArgumentError);
    raw.destroy();
  });

  test('leaves out replicas that have no node', async () => {
    await start({ nodes: 2, replicas: 2 });
    await bucket.upsert('r:6', 6);
    while ((await bucket.getAllReplicas('r:6')).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await bucket.rget('r:6')).value).toBe(6);
  });
});

describe('replica reads from nodes that answer as told', () => {
  let nodes: ScriptedCluster;
  let bucket: RawBucket;
  /** How each node answers GET_REPLICA. */
  let answers: ('found' | 'missing' | 'silence')[];

  beforeEach(async () => {
    answers = [];
    nodes = await ScriptedCluster.start([[0, 1, 2]], ({ opcode }, index) => {
      if (opcode === Opcode.Get) return 'silence';
      if (opcode !== Opcode.GetReplica) return undefined;
      const answer = answers[index];
      if (answer === 'silence') return 'silence';
      return answer === 'missing'
        ? { status: Status.KeyNotFound }
        : { status: Status.Success, extras: Buffer.from([2, 0, 0, 0]), value: `${index}` };
    });
    bucket = new RawBucket(nodes.connectionString, { username: 'u', password: 'p' });
    await new TerminalCalls(bucket.connect()).value();
  });

  afterEach(async () => {
    bucket.destroy();
    await nodes[Symbol.asyncDispose]();
  });

  test('the first answer wins, and nobody waits for the others', async () => {
    answers[1] = 'silence';
    const calls = new TerminalCalls(bucket.rget('k'));
    expect((await calls.value()).value).toBe(2);
    // Only when nothing is under way any more does closing end.
    await new TerminalCalls(bucket.close()).value();
    expect(calls.all).toHaveLength(1);
  });

  test('a replica that has the document outweighs one that has not heard of it', async () => {
    answers[1] = 'missing';
    expect((await new TerminalCalls(bucket.rget('k')).value()).value).toBe(2);
  });

  test('a document is missing only when every replica says so', async () => {
    answers = ['missing', 'missing', 'silence'];
    const error = await new TerminalCalls(bucket.rget('k', { timeout: 60, quiet: true })).error();
    expect(error).toMatchObject({ code: 'timeout', key: 'k', node: nodes.names[2] });
  });

  test('copies that do not answer in time are left out', async () => {
    answers[1] = 'silence';
    const copies = await new TerminalCalls(bucket.getAllReplicas('k', { timeout: 60 })).value();
    expect(copies).toMatchObject([{ value: 2, isReplica: true }]);
  });

  test('can be cancelled, by call and by signal', async () => {
    answers = ['silence', 'silence', 'silence'];
    const calls = new TerminalCalls(bucket.rget('k'));
    expect(calls.result.cancel('enough')).toBe(true);
    expect(await calls.error()).toMatchObject({ code: 'cancelled', ambiguous: false, cause: 'enough', key: 'k' });
    expect(calls.result.cancel()).toBe(false);
    const controller = new AbortController();
    const signalled = new TerminalCalls(bucket.rget('k', { signal: controller.signal }));
    controller.abort('now');
    expect(await signalled.error()).toMatchObject({ code: 'cancelled', cause: 'now' });
    const before = nodes.nodes[1]!.received.length;
    const late = new TerminalCalls(bucket.getAllReplicas('k', { signal: controller.signal }));
    expect(await late.error()).toBeInstanceOf(CancelledError);
    expect(nodes.nodes[1]!.received).toHaveLength(before);
  });

  test('destroying the bucket ends them', async () => {
    answers = ['silence', 'silence', 'silence'];
    const calls = new TerminalCalls(bucket.rget('k'));
    bucket.destroy();
    expect(await calls.error()).toMatchObject({ code: 'object_destroyed', ambiguous: false, key: 'k' });
  });
});
