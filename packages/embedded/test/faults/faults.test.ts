import { setTimeout } from 'node:timers/promises';
import { ArgumentError, ClusterMap, Feature, Opcode, Status } from '@cb/protocol';
import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import type { FaultRule } from '../../src/faults/fault-rule.js';
import { ManualClock } from '../../src/time/manual-clock.js';
import { HttpClient } from '../http/http-client.js';
import { KvClient } from '../kv-client.js';

async function start(options = {}): Promise<EmbeddedCluster> {
  const cluster = await EmbeddedCluster.start({ vbuckets: 1, seed: 1, ...options });
  cluster.bucket('default').put('k', { n: 1 });
  return cluster;
}

/** Resolves with undefined when the promise does not within a while. */
function within<T>(promise: Promise<T>, ms = 50): Promise<T | undefined> {
  return Promise.race([promise, setTimeout(ms, undefined)]);
}

test.each<[object, RegExp]>([
  [{}, /must do something/],
  [{ drop: 'request', statuz: 1 }, /no option "statuz"/],
  [{ drop: 'everything' }, /drop must be one of request, answer/],
  [{ drop: 'request', opcode: 'Gte' }, /did you mean Get\?/],
  [{ drop: 'request', probability: 2 }, /probability must be from 0 to 1/],
  [{ drop: 'request', times: 0 }, /times must be/],
  [{ drop: 'request', node: 7 }, /node must be from 0 to 0/],
  [{ drop: 'request', key: 5 }, /key must be a string or a regular expression/],
  [{ drop: 'request', path: '/pools', key: 'k' }, /key has no meaning for the service http/],
  [{ delay: -1 }, /delay must be a finite number/],
  [{ delay: { uniform: [5, 1] } }, /in order/],
  [{ delay: { normal: 1 } }, /no option "normal"/],
  [{ answer: {} }, /answer.status is missing/],
  [{ split: 0 }, /split.bytes must be/],
  [{ config: {} }, /handsOut or tells/],
  [{ config: { handsOut: 'stale' }, key: 'k' }, /key cannot be combined with config/],
  [{ config: { tells: ['shout'] } }, /config.tells must be one of/],
])('%j is not a rule', async (rule, message) => {
  await using cluster = await start();
  expect(() => cluster.faults.add(rule as FaultRule)).toThrow(ArgumentError);
  expect(() => cluster.faults.add(rule as FaultRule)).toThrow(message);
  expect(cluster.members[0]!.faults).toBeUndefined();
});

describe('KV', () => {
  let cluster: EmbeddedCluster;
  let client: KvClient;

  beforeEach(async () => {
    cluster = await start();
    client = await KvClient.open(cluster);
  });

  afterEach(async () => {
    client.close();
    await cluster.stop();
  });

  const get = (key = 'k') => client.ask(Opcode.Get, { key });

  test('a status is answered for an opcode and key, so often, after so many, until the rule is removed', async () => {
    const rule: FaultRule = { opcode: 'Get', key: /^k/, after: 1, times: 2, answer: { status: Status.Locked } };
    const fault = cluster.faults.add(rule);
    const statuses: number[] = [];
    for (let turn = 0; turn < 5; turn++) statuses.push((await get()).status);
    expect(statuses).toEqual([Status.Success, Status.Locked, Status.Locked, Status.Success, Status.Success]);
    expect(fault.hits).toBe(2);
    const always = cluster.faults.add({ key: 'k', answer: { status: Status.Busy, body: { error: 'x' } } });
    const { status, value } = await get();
    expect([status, value.toString()]).toEqual([Status.Busy, '{"error":"x"}']);
    expect((await get('other')).status).toBe(Status.KeyNotFound);
    always.remove();
    always.remove();
    expect((await get()).status).toBe(Status.Success);
    expect(always.hits).toBe(1);
    cluster.faults.clear();
    expect(cluster.members[0]!.faults).toBeUndefined();
  });

  test('the key of a rule is that of the document, also with collections', async () => {
    await client.ask(Opcode.Hello, { value: Buffer.of(0, Feature.Collections, 0, Feature.Xerror) });
    cluster.faults.add({ key: 'k', answer: { status: Status.Locked } });
    expect((await get('\0k')).status).toBe(Status.Locked);
  });

  test('a dropped request is not carried out, a dropped answer is', async () => {
    const extras = Buffer.alloc(8);
    cluster.faults.add({ opcode: Opcode.Set, key: 'a', drop: 'request' });
    cluster.faults.add({ opcode: 'Set', key: 'b', drop: 'answer' });
    const answered: string[] = [];
    for (const key of ['a', 'b']) {
      void client.ask(Opcode.Set, { key, value: '1', extras }).then(() => answered.push(key));
    }
    // What comes behind them on the connection is answered when they would have been.
    expect((await get()).status).toBe(Status.Success);
    expect(answered).toEqual([]);
    expect(cluster.bucket('default').peek('a')).toBeUndefined();
    expect(cluster.bucket('default').peek('b')).toBeDefined();
  });

  test('an answer in pieces is still the answer, and those behind it keep their place', async () => {
    const whole = Buffer.from((await get()).value);
    cluster.faults.add({ opcode: 'Get', times: 1, split: 1 });
    const [first, second] = await Promise.all([get(), client.ask(Opcode.Noop)]);
    expect(first.value).toEqual(whole);
    expect(second.status).toBe(Status.Success);
    expect((await get()).value).toEqual(whole);
  });

  test('a truncated answer is the last that the connection brings', async () => {
    cluster.faults.add({ opcode: 'Get', truncate: 30, times: 1 });
    expect(await within(get())).toBeUndefined();
    expect(await within(client.ask(Opcode.Noop))).toBeUndefined();
  });

  test('a connection is reset before the request is carried out, or after some bytes of the answer', async () => {
    cluster.faults.add({ opcode: 'Delete', reset: true });
    void client.ask(Opcode.Delete, { key: 'k' });
    await client.closed;
    expect(cluster.bucket('default').peek('k')).toBeDefined();
    client = await KvClient.open(cluster);
    cluster.faults.clear();
    cluster.faults.add({ opcode: 'Delete', reset: 5 });
    void client.ask(Opcode.Delete, { key: 'k' });
    await client.closed;
    expect(cluster.bucket('default').peek('k')).toBeUndefined();
  });

  test('rules that meet one request act together', async () => {
    const delayed = cluster.faults.add({ delay: 20 });
    const refused = cluster.faults.add({ opcode: 'Get', delay: 20, answer: { status: Status.Busy } });
    const from = performance.now();
    expect((await get()).status).toBe(Status.Busy);
    expect(performance.now() - from).toBeGreaterThan(35);
    expect([delayed.hits, refused.hits]).toEqual([1, 1]);
  });
});

test('others overtake a request that a rule delays, where unordered execution was agreed', async () => {
  const clock = new ManualClock();
  await using cluster = await start({ clock });
  const client = await KvClient.open(cluster);
  const features = [Feature.Xerror, Feature.UnorderedExecution];
  await client.ask(Opcode.Hello, { value: Buffer.from(features.flatMap((code) => [code >> 8, code & 0xff])) });
  cluster.faults.add({ opcode: 'Get', times: 1, delay: 60_000 });
  let isAnswered = false;
  const delayed = client.ask(Opcode.Get, { key: 'k' }).then(() => {
    isAnswered = true;
  });
  expect((await client.ask(Opcode.Get, { key: 'k' })).status).toBe(Status.Success);
  expect(isAnswered).toBe(false);
  await clock.advance(60_000);
  await delayed;
  client.close();
});

test('delays go by the clock of the cluster', async () => {
  const clock = new ManualClock();
  await using cluster = await start({ clock });
  const client = await KvClient.open(cluster);
  const fault = cluster.faults.add({ opcode: 'Get', delay: 60_000 });
  const answer = client.ask(Opcode.Get, { key: 'k' });
  while (fault.hits === 0) await setTimeout(1);
  expect(await within(answer)).toBeUndefined();
  await clock.advance(60_000);
  expect((await answer).status).toBe(Status.Success);
  client.close();
});

test('the seed decides which requests a probability meets', async () => {
  const statuses = async (seed: number): Promise<number[]> => {
    await using cluster = await start({ seed });
    const client = await KvClient.open(cluster);
    cluster.faults.add({ opcode: 'Get', probability: 0.5, answer: { status: Status.Busy } });
    const answers: number[] = [];
    for (let turn = 0; turn < 40; turn++) answers.push((await client.ask(Opcode.Get, { key: 'k' })).status);
    client.close();
    return answers;
  };
  const first = await statuses(1);
  expect(await statuses(1)).toEqual(first);
  expect(await statuses(2)).not.toEqual(first);
  expect(new Set(first)).toEqual(new Set([Status.Success, Status.Busy]));
});

describe('HTTP', () => {
  let cluster: EmbeddedCluster;
  let client: HttpClient;

  beforeEach(async () => {
    cluster = await start();
    client = new HttpClient(cluster.nodes[0]!.ports.mgmt, 'Administrator:password');
  });

  afterEach(() => cluster.stop());

  test('answers, delays and pieces meet the paths of a rule', async () => {
    const fault = cluster.faults.add({ path: '/pools', times: 1, answer: { status: 503, body: { e: 1 } }, delay: 20 });
    const from = performance.now();
    expect(await client.get('/pools?x=1')).toMatchObject({ status: 503, json: { e: 1 } });
    expect(performance.now() - from).toBeGreaterThan(15);
    const { json } = await client.get('/pools');
    cluster.faults.add({ path: /^\/pools/, split: { bytes: 10, everyMs: 1 } });
    expect((await client.get('/pools')).json).toEqual(json);
    expect(fault.hits).toBe(1);
  });

  test('connections break instead of an answer, or in the middle of it', async () => {
    const fault = cluster.faults.add({ path: '/pools', reset: true });
    await expect(client.get('/pools')).rejects.toThrow();
    fault.remove();
    cluster.faults.add({ path: '/pools', reset: 10 });
    await expect(client.get('/pools')).rejects.toThrow();
  });

  test.each<FaultRule>([
    { service: 'http', drop: 'request' },
    { service: 'http', drop: 'answer' },
    { service: 'http', truncate: 3 },
  ])('%j leaves the client waiting', async (rule) => {
    cluster.faults.add(rule);
    const answer = client.get('/pools');
    expect(await within(answer, 100)).toBeUndefined();
    const failed = expect(answer).rejects.toThrow();
    await cluster.stop();
    await failed;
  });
});

describe('configurations', () => {
  let cluster: EmbeddedCluster;
  let client: KvClient;

  beforeEach(async () => {
    cluster = await start({ nodes: 2 });
    client = await KvClient.open(cluster);
    await client.ask(Opcode.GetClusterConfig);
  });

  afterEach(async () => {
    client.close();
    await cluster.stop();
  });

  const rev = async (): Promise<number> =>
    ClusterMap.parse((await client.ask(Opcode.GetClusterConfig)).value, '127.0.0.1').rev;

  test('stale ones stay what they were, and are pushed when the rule is removed', async () => {
    const before = await rev();
    const fault = cluster.faults.add({ node: 0, config: { handsOut: 'stale' } });
    cluster.publish('default');
    expect(await rev()).toBe(before);
    expect(client.pushes).toEqual([]);
    fault.remove();
    expect(await rev()).toBe(before + 1);
    expect(client.pushes).toHaveLength(1);
    expect(fault.hits).toBeGreaterThan(0);
  });

  test('none are handed out', async () => {
    cluster.faults.add({ config: { handsOut: 'none' } });
    expect((await client.ask(Opcode.GetClusterConfig)).status).toBe(Status.KeyNotFound);
    const management = new HttpClient(cluster.nodes[0]!.ports.mgmt, 'Administrator:password');
    expect((await management.get('/pools/default/b/default')).status).toBe(404);
  });

  test.each([
    [['push'], 1, 0],
    [['not-my-vbucket'], 0, 1],
    [[], 0, 0],
  ] as const)('told by %j alone', async (tells, pushes, bodies) => {
    cluster.faults.add({ config: { tells } });
    await cluster.rebalance();
    cluster.bucket('default').move(0, [1, 0]);
    cluster.publish('default');
    const { status, valueLength } = await client.ask(Opcode.Get, { key: 'k' });
    expect(status).toBe(Status.NotMyVbucket);
    expect([client.pushes.length > 0 ? 1 : 0, valueLength > 0 ? 1 : 0]).toEqual([pushes, bodies]);
  });

  test('the brief form of a push has no body', async () => {
    const both = Buffer.of(
      ...[0, Feature.Xerror, 0, Feature.Duplex, 0, Feature.ClustermapChangeNotification],
      ...[0, Feature.ClustermapChangeNotificationBrief],
    );
    await client.ask(Opcode.Hello, { value: both });
    cluster.faults.add({ config: { tells: ['push-brief'] } });
    cluster.publish('default');
    await client.ask(Opcode.Noop);
    expect(client.pushes.map(({ valueLength }) => valueLength)).toEqual([0]);
  });
});

test('nodes that are added later meet the rules too', async () => {
  await using cluster = await start();
  const fault = cluster.faults.add({ opcode: 'Noop', answer: { status: Status.Busy } });
  await cluster.addNode();
  const client = await KvClient.connect(cluster.nodes[1]!.ports.kv);
  await client.ask(Opcode.Hello, { value: Buffer.of(0, Feature.Xerror) });
  await client.ask(Opcode.SaslAuth, { key: 'PLAIN', value: `\0${cluster.username}\0${cluster.password}` });
  expect((await client.ask(Opcode.Noop)).status).toBe(Status.Busy);
  expect(fault.hits).toBe(1);
  client.close();
});
