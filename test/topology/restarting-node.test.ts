import { setImmediate } from 'node:timers/promises';
import { EmbeddedCluster } from '@cb/embedded';
import { connect } from '@cb/promise';
import { Opcode, Status } from '@cb/protocol';
import { RawBucket } from '@cb/raw';
import { settled } from '../../packages/raw/test/scripted-bucket.js';
import { type Answer, ScriptedNode } from '../../packages/raw/test/scripted-node.js';

/** What a node says from its start on, in order, each for some connections. */
type Phase = { readonly opcode: number; readonly status: number };

const ORDERS: readonly (readonly [string, readonly Phase[]])[] = [
  [
    'does not know the users, then not the bucket',
    phases(Opcode.SaslAuth, Status.AuthError, Opcode.SelectBucket, Status.KeyNotFound),
  ],
  [
    'shows the bucket to nobody, then has none',
    phases(Opcode.SelectBucket, Status.Access, Opcode.SelectBucket, Status.NoBucket),
  ],
  [
    'has the bucket before its configuration',
    phases(Opcode.SelectBucket, Status.KeyNotFound, Opcode.GetClusterConfig, Status.KeyNotFound),
  ],
  ['is not initialized', phases(Opcode.SaslAuth, Status.NotInitialized, Opcode.SelectBucket, Status.TemporaryFailure)],
];

function phases(...flat: readonly number[]): Phase[] {
  return Array.from({ length: flat.length / 2 }, (_none, at) => ({ opcode: flat[2 * at]!, status: flat[2 * at + 1]! }));
}

let node: ScriptedNode;
let bucket: RawBucket;

beforeEach(async () => {
  node = await ScriptedNode.start();
  bucket = new RawBucket(node.connectionString, { username: 'u', password: 'p', timeout: 60_000 });
  await settled(bucket.connect());
});

afterEach(async () => {
  bucket.destroy();
  await node[Symbol.asyncDispose]();
});

test.each(ORDERS)('nothing fails that waits while a restarted node %s', async (_what, order) => {
  const refusals = order.flatMap((phase) => [phase, phase, phase]);
  let warmUp = 20;
  node.script = (frame): Answer | undefined => {
    if (frame.opcode === refusals[0]?.opcode) return { status: refusals.shift()!.status };
    const stored = frame.opcode === Opcode.Set || frame.opcode === Opcode.Delete;
    if (!stored) return undefined;
    return warmUp-- > 0 ? { status: Status.TemporaryFailure } : { status: Status.Success, cas: 1n };
  };
  for (const connection of node.connections) connection.destroy();
  // What is sent before the end is heard of would be lost with the connection.
  const isConnected = (): boolean => bucket.diagnostics().services.kv.some(({ state }) => state === 'connected');
  while (isConnected()) await setImmediate();
  const writes = Array.from({ length: 50 }, (_none, at) => settled(bucket.upsert(`k${at}`, at)));
  const removals = Array.from({ length: 10 }, (_none, at) => settled(bucket.remove(`old${at}`)));
  await Promise.all([...writes, ...removals]);
  expect(refusals).toEqual([]);
  expect(warmUp).toBeLessThanOrEqual(0);
});

test.each(['no-bucket', 'no-access', 'no-user'] as const)(
  'a cluster whose node comes back as a real one, with %s and a warm-up, serves every key before the deadline',
  async (unavailableAs) => {
    await using cluster = await EmbeddedCluster.start({ nodes: 3 });
    const { username, password } = cluster;
    const options = { username, password, timeout: 120_000 };
    await using running = await connect(`${cluster.connectionString}/default`, options);
    const keys = Array.from({ length: 60 }, (_none, at) => `k${at}`);
    for (const key of keys) await running.upsert(key, 1);
    await cluster.kill(1);
    await cluster.restart(1, { unavailableMs: 700, unavailableAs, warmupMs: 300 });
    const reads = Promise.all(keys.map((key) => running.get(key)));
    // Whatever seed is asked first.
    const starts = Array.from({ length: 6 }, () => connect(`${cluster.connectionString}/default`, options));
    expect((await reads).map(({ value }) => value)).toEqual(keys.map(() => 1));
    for (const started of await Promise.all(starts)) {
      await Promise.all(keys.map((key) => started.upsert(key, 2)));
      await started.close();
    }
  },
);
