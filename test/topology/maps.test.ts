import type { Socket } from 'node:net';
import { EmbeddedCluster } from '@cb/embedded';
import { Datatype, type Frame, FrameWriter, Magic, Opcode, ServerOpcode, Status } from '@cb/protocol';
import { RawBucket } from '@cb/raw';
import { type Answer, ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { TerminalCalls } from '../async-result/terminal-calls.js';
import { connectTo, keyOn, until } from './clients.js';

const VALUE: Answer = { status: Status.Success, cas: 7n, extras: Buffer.of(2, 0, 0, 0), value: '"v"' };
/** No poll within a test. */
const NO_POLL = 'config_poll_interval=600000';

/** What a server sends of its own when there is a newer configuration (kv_engine docs/Duplex.md). */
function pushFrame(revEpoch: number, rev: number, body: string): Buffer {
  const writer = new FrameWriter();
  writer.begin(Magic.ServerRequest, ServerOpcode.ClustermapChangeNotification);
  writer.u64(BigInt(revEpoch));
  writer.u64(BigInt(rev));
  writer.endExtras();
  writer.utf8('default');
  writer.endKey();
  writer.utf8(body);
  writer.end(0, body === '' ? Datatype.Raw : Datatype.Json, 0, 0, 0);
  return Buffer.from(writer.written);
}

describe('the newest map wins', () => {
  let node: ScriptedNode;
  let bucket: RawBucket;
  let socket: Socket;

  beforeEach(async () => {
    node = await ScriptedNode.start();
    node.script = (frame, connection) => {
      socket = connection;
      return frame.opcode === Opcode.GetClusterConfig ? { status: Status.Success, value: config(2, 5) } : undefined;
    };
    bucket = new RawBucket(`${node.connectionString}&config_poll_interval=50`, { username: 'u', password: 'p' });
    await new TerminalCalls(bucket.connect()).value();
  });

  afterEach(async () => {
    bucket.destroy();
    await node[Symbol.asyncDispose]();
  });

  const config = (revEpoch: number, rev: number): string => node.config({ revEpoch, rev });
  const get = () => new TerminalCalls(bucket.get('k')).value();
  const isConfig = ({ opcode }: Frame): boolean => opcode === Opcode.GetClusterConfig;

  describe.each([
    ['a later revision', 2, 6, true],
    ['the same one', 2, 5, false],
    ['an earlier revision', 2, 4, false],
    ['a later epoch, whatever the revision', 3, 1, true],
    ['an earlier epoch, whatever the revision', 1, 99, false],
  ] as const)('%s', (_name, revEpoch, rev, isTaken) => {
    const expected = isTaken ? { revEpoch, rev } : { revEpoch: 2, rev: 5 };

    test('in the body of a refusal', async () => {
      let refusals = 1;
      node.script = (frame) => {
        if (isConfig(frame)) return { status: Status.Success, value: config(2, 5) };
        return refusals-- > 0 ? { status: Status.NotMyVbucket, value: config(revEpoch, rev) } : VALUE;
      };
      await get();
      expect(bucket.clusterMap).toMatchObject(expected);
    });

    test('in a push', async () => {
      node.script = (frame) => (isConfig(frame) ? { status: Status.Success } : VALUE);
      socket.write(pushFrame(revEpoch, rev, config(revEpoch, rev)));
      await get();
      expect(bucket.clusterMap).toMatchObject(expected);
    });

    test('in the answer to a brief push', async () => {
      let asked = 0;
      node.script = (frame) => {
        if (!isConfig(frame)) return VALUE;
        asked++;
        return { status: Status.Success, value: config(revEpoch, rev) };
      };
      socket.write(pushFrame(revEpoch, rev, ''));
      await until(() => asked > 0);
      await get();
      expect(bucket.clusterMap).toMatchObject(expected);
    });

    test('in the answer to a poll, which says what is known already', async () => {
      const known: Buffer[] = [];
      node.script = (frame) => {
        if (!isConfig(frame)) return VALUE;
        known.push(Buffer.from(frame.extras));
        return { status: Status.Success, value: config(revEpoch, rev) };
      };
      await until(() => known.length >= 2);
      expect(bucket.clusterMap).toMatchObject(expected);
      expect(known[0]).toEqual(Buffer.from('00000000000000020000000000000005', 'hex'));
    });
  });

  test('a map that cannot be read changes nothing', async () => {
    node.script = (frame) => (isConfig(frame) ? { status: Status.Success } : VALUE);
    socket.write(pushFrame(9, 9, '{"rev": "nine"'));
    await get();
    expect(bucket.clusterMap).toMatchObject({ revEpoch: 2, rev: 5 });
  });
});

describe('a vbucket that moved is found', () => {
  test.each([
    ['a refusal with the map', ['not-my-vbucket'], false],
    ['an empty refusal, after which a node is asked at once', [], false],
    ['a refusal without the map that was sent before', ['not-my-vbucket'], true],
  ] as const)('by %s', async (_name, tells, dedupeMaps) => {
    await using cluster = await EmbeddedCluster.start({ nodes: 2, vbuckets: 4, dedupeMaps });
    await using bucket = await connectTo(cluster, NO_POLL);
    const keys = Array.from({ length: 40 }, (_none, index) => `k${index}`);
    await bucket.upsertMulti(Object.fromEntries(keys.map((key) => [key, key])));
    cluster.faults.add({ config: { tells } });
    for (const [vbucket, [active]] of cluster.bucket('default').vbucketMap.entries()) {
      cluster.bucket('default').move(vbucket, active === 0 ? [1, 0] : [0, 1]);
    }
    cluster.publish('default');
    const results = await Promise.all(keys.map((key) => bucket.get(key)));
    expect(results.map(({ value }) => value)).toEqual(keys);
  });

  test.each([
    ['push', NO_POLL],
    ['push-brief', NO_POLL],
    [undefined, 'config_poll_interval=50'],
  ] as const)('before anybody asks for it, by %s', async (way, query) => {
    await using cluster = await EmbeddedCluster.start({ nodes: 2 });
    await using bucket = await connectTo(cluster, query);
    cluster.faults.add({ config: { tells: way === undefined ? [] : [way] } });
    const before = bucket.clusterMap!.rev;
    const refusals = cluster.faults.add({ opcode: 'Get', delay: 0 });
    const key = keyOn(bucket, cluster, 0);
    await bucket.upsert(key, 1);
    for (const vbucket of cluster.bucket('default').vbucketMap.keys()) cluster.bucket('default').move(vbucket, [1, 0]);
    cluster.publish('default');
    await until(() => bucket.clusterMap!.rev > before);
    expect((await bucket.get(key)).value).toBe(1);
    expect(refusals.hits).toBe(1);
  });

  test('by the map of after the rebalance, when the node has handed it over already', async () => {
    await using cluster = await EmbeddedCluster.start({ nodes: 2, vbuckets: 8 });
    await using bucket = await connectTo(cluster, NO_POLL);
    await cluster.addNode();
    const key = 'traveller';
    await bucket.upsert(key, 1);
    const rebalanced = cluster.rebalance({ batch: 1, delayMs: 30 });
    await until(() => bucket.clusterMap!.hasForwardMap);
    // From here on no node tells of any newer map: what moves now is found by the forward map alone.
    const stale = cluster.faults.add({ config: { handsOut: 'stale' } });
    await rebalanced;
    const keys = Array.from({ length: 60 }, (_none, index) => `k${index}`);
    await bucket.upsertMulti(Object.fromEntries(keys.map((each) => [each, 1])));
    expect(bucket.clusterMap!.hasForwardMap).toBe(true);
    expect(stale.hits).toBeGreaterThan(0);
    stale.remove();
    await until(() => !bucket.clusterMap!.hasForwardMap);
  });
});

test('a node that hangs does not keep maps from being asked for', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 3, vbuckets: 8 });
  await using bucket = await connectTo(cluster, NO_POLL);
  await bucket.waitUntilReady();
  const key = keyOn(bucket, cluster, 0);
  await bucket.upsert(key, 1);
  cluster.faults.add({ config: { tells: [] } });
  // The first that is asked does not answer; the second does.
  cluster.faults.add({ opcode: 'GetClusterConfig', times: 1, drop: 'request' });
  for (const vbucket of cluster.bucket('default').vbucketMap.keys()) cluster.bucket('default').move(vbucket, [1, 0]);
  cluster.publish('default');
  expect((await bucket.get(key, { timeout: 2000 })).value).toBe(1);
});

test('whether a durable write is possible is for the server to say, as the map may be old', async () => {
  await using cluster = await EmbeddedCluster.start({ nodes: 2, vbuckets: 4 });
  await using bucket = await connectTo(cluster, NO_POLL);
  cluster.failOver(1);
  await until(() => bucket.serverNodes.length === 1);
  const durable = { durability: 'majority' } as const;
  await expect(bucket.upsert('a', 1, durable)).rejects.toMatchObject({ code: 'durability_impossible', attempts: 1 });
  cluster.faults.add({ config: { handsOut: 'stale' } });
  for (const vbucket of cluster.bucket('default').vbucketMap.keys()) cluster.bucket('default').move(vbucket, [0, 1]);
  expect(bucket.clusterMap!.replicasOf(0)).toEqual([]);
  expect((await bucket.upsert('a', 2, durable)).success).toBe(true);
});
