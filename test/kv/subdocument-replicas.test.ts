import { type ClusterOptions, EmbeddedCluster, FEATURES_7_2 } from '@cb/embedded';
import { type Bucket, connect, LookupInSpec } from '@cb/promise';
import {
  ArgumentError,
  FeatureNotAvailableError,
  NotFoundError,
  Opcode,
  ProtocolError,
  Status,
  SubdocPathMismatchError,
  TimeoutError,
} from '@cb/protocol';
import type { Answer } from '../../packages/raw/test/scripted-node.js';
import { ScriptedCluster } from './scripted-cluster.js';

const MISSING: Answer = { status: Status.KeyNotFound };
const SPECS = [LookupInSpec.get<number>('a')] as const;

/** One result: status u16, length u32, value (kv_engine docs/SubDocument.md, "Lookup Result"). */
function found(value: string): Answer {
  const head = Buffer.from([0, 0, 0, 0, 0, value.length]);
  return { status: Status.Success, value: Buffer.concat([head, Buffer.from(value)]) };
}

describe('with nodes that say what they are told to', () => {
  let cluster: ScriptedCluster;
  let bucket: Bucket;
  /** What each node answers to a lookup. */
  let answers: Answer[];
  /** The nodes that were asked, each with the extras. */
  let asked: [node: number, extras: string][];
  let oldNodes: number[];

  beforeEach(async () => {
    asked = [];
    oldNodes = [];
    cluster = await ScriptedCluster.start([[0, 1, 2]], (frame, node) => {
      if (frame.opcode === Opcode.Hello && oldNodes.includes(node)) {
        // Collections and extended attributes, and nothing newer.
        return { status: Status.Success, value: Buffer.from('00120006', 'hex') };
      }
      if (frame.opcode !== Opcode.SubdocMultiLookup) return undefined;
      asked.push([node, frame.extras.toString('hex')]);
      return answers[node];
    });
  });

  afterEach(async () => {
    bucket.destroy();
    await cluster[Symbol.asyncDispose]();
  });

  async function start(): Promise<void> {
    bucket = await connect(cluster.connectionString, { username: 'u', password: 'p', timeout: 1000 });
    // All nodes are connected to, and have said what they can.
    while (cluster.nodes.some(({ received }) => !received.includes(Opcode.SelectBucket))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  describe('any copy', () => {
    test('is the first that answers; replicas are asked as such', async () => {
      await start();
      answers = ['silence', MISSING, found('7')];
      const result = await bucket.lookupInAnyReplica('k', SPECS);
      const value: number = result.content(0);
      expect([value, result.isReplica]).toEqual([7, true]);
      expect(asked.toSorted()).toEqual([
        [0, ''],
        [1, '20'],
        [2, '20'],
      ]);
      answers = [found('1'), 'silence', 'silence'];
      expect((await bucket.lookupInAnyReplica('k', SPECS)).isReplica).toBe(false);
    });

    test('is missing when all copies are', async () => {
      await start();
      answers = [MISSING, MISSING, MISSING];
      await expect(bucket.lookupInAnyReplica('k', SPECS)).rejects.toThrow(NotFoundError);
      const result = await bucket.lookupInAnyReplica('k', SPECS, { quiet: true });
      expect(result).toMatchObject({ rc: 0x0d, success: false, accessOk: false });
      answers = [MISSING, MISSING, 'silence'];
      await expect(bucket.lookupInAnyReplica('k', SPECS, { timeout: 100 })).rejects.toThrow(TimeoutError);
    });

    test('fails as a lookup does', async () => {
      await start();
      const mismatch = { status: Status.SubdocMultiPathFailure, value: Buffer.from('00c100000000', 'hex') };
      answers = [mismatch, mismatch, mismatch];
      await expect(bucket.lookupInAnyReplica('k', SPECS)).rejects.toThrow(SubdocPathMismatchError);
      const cut = { status: Status.Success, value: Buffer.of(0) };
      answers = [cut, cut, cut];
      await expect(bucket.lookupInAnyReplica('k', SPECS)).rejects.toThrow(ProtocolError);
      await expect(bucket.lookupInAnyReplica('k', [])).rejects.toThrow(ArgumentError);
      await expect(bucket.lookupInAnyReplica('k', SPECS, { accessDeleted: true } as never)).rejects.toThrow(
        /no option/,
      );
      const signal = AbortSignal.timeout(30);
      answers = ['silence', 'silence', 'silence'];
      await expect(bucket.lookupInAnyReplica('k', SPECS, { signal })).rejects.toMatchObject({ code: 'cancelled' });
    });
  });

  describe('all copies', () => {
    test('are those that have the document, the active one first', async () => {
      await start();
      answers = [found('1'), MISSING, found('3')];
      const results = await bucket.lookupInAllReplicas('k', SPECS);
      expect(results.map((result) => [result.content(0), result.isReplica])).toEqual([
        [1, false],
        [3, true],
      ]);
    });

    test('are missing together', async () => {
      await start();
      answers = [MISSING, MISSING, MISSING];
      await expect(bucket.lookupInAllReplicas('k', SPECS)).rejects.toThrow(NotFoundError);
      expect(await bucket.lookupInAllReplicas('k', SPECS, { quiet: true })).toEqual([]);
    });
  });

  test.each([
    ['lookupInAnyReplica', 'silence'],
    ['lookupInAllReplicas', found('1')],
  ] as const)('%s needs servers that can', async (method, answer) => {
    oldNodes = [2];
    await start();
    answers = [answer, answer, found('3')];
    const call = bucket[method]('k', SPECS);
    await expect(call).rejects.toThrow(FeatureNotAvailableError);
    await expect(call).rejects.toThrow(/SubdocReplicaRead/);
    expect(asked.map(([node]) => node)).not.toContain(2);
  });
});

describe('with the embedded cluster', () => {
  let embedded: EmbeddedCluster;
  let client: Bucket;

  async function begin(options: ClusterOptions = {}): Promise<void> {
    embedded = await EmbeddedCluster.start({ nodes: 3, replicas: 2, vbuckets: 16, ...options });
    const { username, password } = embedded;
    client = await connect(`${embedded.connectionString}/default`, { username, password });
  }

  afterEach(async () => {
    client.destroy();
    await embedded.stop();
  });

  test('all copies are found', async () => {
    await begin();
    const { cas } = await client.upsert('k', { a: 1 });
    const results = await client.lookupInAllReplicas('k', [...SPECS, LookupInSpec.getDocument()]);
    expect(results.map((result) => [...result])).toEqual(Array(3).fill([1, { a: 1 }]));
    expect(results.map(({ isReplica }) => isReplica)).toEqual([false, true, true]);
    expect(results.map((result) => result.cas)).toEqual([cas, cas, cas]);
    await expect(client.lookupInAllReplicas('none', SPECS)).rejects.toThrow(NotFoundError);
  });

  test('replicas have what they had when replication stopped', async () => {
    await begin();
    await client.upsert('k', { a: 1 });
    embedded.bucket('default').setReplicationLag(Number.POSITIVE_INFINITY);
    await client.upsert('k', { a: 2 });
    const results = await client.lookupInAllReplicas('k', SPECS);
    expect(results.map((result) => result.content(0))).toEqual([2, 1, 1]);
  });

  test('a replica answers for a node that hangs', async () => {
    await begin();
    await client.upsert('k', { a: 1 });
    const found: boolean[] = [];
    for (const node of embedded.nodes.keys()) {
      embedded.hang(node);
      const result = await client.lookupInAnyReplica('k', SPECS);
      expect(result.content(0)).toBe(1);
      found.push(result.isReplica);
      embedded.resume(node);
    }
    // Whichever node has the active copy, that one was missing once.
    expect(found).toContain(true);
  });

  test('servers of 7.2 are not asked', async () => {
    await begin({ features: FEATURES_7_2 });
    await client.upsert('k', { a: 1 });
    await expect(client.lookupInAllReplicas('k', SPECS)).rejects.toThrow(FeatureNotAvailableError);
  });
});
