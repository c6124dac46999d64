import { ArgumentError, Opcode, Status } from '@cb/protocol';
import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import { ManualClock } from '../../src/time/manual-clock.js';
import { KvClient } from '../kv-client.js';

const TAKEOVER_MS = 1500;

interface Bed extends AsyncDisposable {
  readonly cluster: EmbeddedCluster;
  readonly clock: ManualClock;
}

async function bed(options = {}): Promise<Bed> {
  const clock = new ManualClock();
  const cluster = await EmbeddedCluster.start({ vbuckets: 2, clock, ...options });
  for (let index = 0; index < 20; index++) cluster.bucket('default').put(`k-${index}`, index);
  return { cluster, clock, [Symbol.asyncDispose]: () => cluster.stop() };
}

/** A key in each of the two vbuckets. */
function keys({ cluster }: Bed): [string, string] {
  const { parts, vbucketMap } = cluster.bucket('default');
  const [first, second] = [0, 1].map((id) => [...parts[vbucketMap[id]![0]!]!.vbuckets[id]!.documents(0)][0]!.key);
  return [first!, second!];
}

test('requests for a vbucket that is taken over wait until that is done', async () => {
  await using one = await bed();
  const [pending, other] = keys(one);
  const [waiting, going] = [await KvClient.open(one.cluster), await KvClient.open(one.cluster)];
  one.cluster.bucket('default').setPending(0, TAKEOVER_MS);
  let status: number | undefined;
  const answered = waiting.ask(Opcode.Get, { key: pending, vbucket: 0 }).then((answer) => {
    status = answer.status;
  });
  // Behind it on its connection everything waits; others go on.
  const behind = waiting.ask(Opcode.Get, { key: other, vbucket: 1 });
  expect((await going.ask(Opcode.Get, { key: other, vbucket: 1 })).status).toBe(Status.Success);
  await one.clock.advance(TAKEOVER_MS - 1);
  await going.ask(Opcode.Noop);
  expect(status).toBeUndefined();
  await one.clock.advance(1);
  await answered;
  expect(status).toBe(Status.Success);
  expect((await behind).status).toBe(Status.Success);
  for (const client of [waiting, going]) client.close();
});

test('a takeover that is asked for again lasts from then on', async () => {
  await using one = await bed();
  const bucket = one.cluster.bucket('default');
  const vbucket = bucket.parts[0]!.vbuckets[0]!;
  bucket.setPending(0, 100);
  bucket.setPending(0, 1000);
  await one.clock.advance(999);
  expect(vbucket.state).toBe('pending');
  await one.clock.advance(1);
  expect(vbucket.state).toBe('active');
});

test('a rebalance may leave the vbuckets that it moves pending at their new nodes for a while', async () => {
  await using one = await bed({ vbuckets: 8 });
  await one.cluster.addNode();
  await one.cluster.rebalance({ takeoverMs: TAKEOVER_MS });
  const { parts } = one.cluster.bucket('default');
  const states = (): (string | undefined)[] =>
    parts[1]!.vbuckets.flatMap((one) => (one === undefined ? [] : one.state));
  expect(states()).toEqual(Array(4).fill('pending'));
  await one.clock.advance(TAKEOVER_MS);
  expect(states()).toEqual(Array(4).fill('active'));
});

test('a vbucket that fails over while it is pending serves where it is then', async () => {
  await using one = await bed({ nodes: 2, replicas: 1 });
  const [key] = keys(one);
  const bucket = one.cluster.bucket('default');
  const [active, replica] = bucket.vbucketMap[0]!;
  bucket.setPending(0, TAKEOVER_MS);
  one.cluster.failOver(active!);
  const client = await KvClient.open(one.cluster, replica);
  expect((await client.ask(Opcode.Get, { key, vbucket: 0 })).status).toBe(Status.Success);
  client.close();
});

test.each<[number, number, RegExp]>([
  [2, 100, /vbucket must be from 0 to 1/],
  [-1, 100, /vbucket must be from 0 to 1/],
  [0, -1, /lastsMs must be/],
  [0, Number.POSITIVE_INFINITY, /lastsMs must be a finite/],
])('vbucket %d for %d ms is refused', async (vbucket, lastsMs, message) => {
  await using one = await bed();
  const pend = (): void => one.cluster.bucket('default').setPending(vbucket, lastsMs);
  expect(pend).toThrow(ArgumentError);
  expect(pend).toThrow(message);
});
