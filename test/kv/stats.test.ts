import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect } from '@cb/promise';
import { type Frame, FrameWriter, Magic, Opcode, Status } from '@cb/protocol';
import { RawBucket } from '@cb/raw';
import { TerminalCalls } from '../async-result/terminal-calls.js';
import { ScriptedCluster } from './scripted-cluster.js';

describe('statistics', () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start({ nodes: 3, replicas: 1 });
    const { username, password } = cluster;
    bucket = await connect(`${cluster.connectionString}/default`, { username, password });
    for (let index = 0; index < 30; index++) await bucket.upsert(`s:${index}`, index);
  });

  afterAll(async () => {
    await bucket.close();
    await cluster.stop();
  });

  test('come from all nodes, whole numbers as such', async () => {
    const { stats, errors, success } = await bucket.stats();
    expect(success).toBe(true);
    expect(errors.size).toBe(0);
    const items = stats['curr_items']!;
    expect(Object.keys(items).sort()).toEqual([...bucket.serverNodes].sort());
    expect(Object.values(items).reduce((sum, count) => Number(sum) + Number(count), 0)).toBe(30);
    expect(Object.values(stats['ep_version']!)).toEqual(Array(3).fill('7.2.4-0000'));
    expect(JSON.parse(JSON.stringify(stats))).toEqual(stats);
  });

  test('of one group, and of several', async () => {
    const one = await bucket.stats('memory');
    expect(one.stats['mem_used']).toBeDefined();
    expect(one.stats['curr_items']).toBeUndefined();
    const two = await bucket.stats(['memory', 'uuid']);
    expect(Object.keys(two.stats)).toEqual(expect.arrayContaining(['mem_used', 'uuid']));
  });

  test('of a document, from the nodes that have it', async () => {
    const { cas } = await bucket.upsert('s:key', 1, { ttl: 4_000_000_000, replicateTo: 1 });
    const { stats } = await bucket.stats('s:key', { keystats: true });
    expect(Object.values(stats['key_vb_state']!).sort()).toEqual(['active', 'replica']);
    expect(Object.values(stats['key_cas']!)).toEqual([cas, cas]);
    expect(Object.values(stats['key_exptime']!)).toEqual([4_000_000_000, 4_000_000_000]);
    await expect(bucket.stats('s:none', { keystats: true })).rejects.toMatchObject({ code: 'not_found' });
  });

  test('refuse what cannot be asked', async () => {
    await expect(bucket.stats('nonsense')).rejects.toMatchObject({ code: 'not_found', operation: 'stats' });
    await expect(bucket.stats([])).rejects.toThrow(/must not be empty/);
    await expect(bucket.stats(7 as unknown as string)).rejects.toThrow(/must be a string or several, not 7/);
    await expect(bucket.stats('x'.repeat(251))).rejects.toThrow(/at most 250 bytes/);
    await expect(bucket.stats(undefined, { keystats: true })).rejects.toThrow(/key must be a string/);
    await expect(bucket.stats(['a', 'b'], { keystats: true })).rejects.toThrow(/takes one key/);
    await expect(bucket.stats('a b', { keystats: true })).rejects.toThrow(/spaces/);
    await expect(bucket.stats('memory', { nodes: 1 } as object)).rejects.toThrow(/no option "nodes"/);
  });
});

/** The answers to a STAT request, in one write. */
function statAnswers({ opcode, opaque }: Frame, stats: readonly (readonly [string, string])[]): { bytes: Buffer } {
  const writer = new FrameWriter();
  for (const [name, value] of stats) {
    writer.begin(Magic.Response, opcode);
    writer.endExtras();
    writer.utf8(name);
    writer.endKey();
    writer.utf8(value);
    writer.end(Status.Success, 0, opaque, 0, 0);
  }
  return { bytes: Buffer.from(writer.written) };
}

describe('statistics from nodes that answer as told', () => {
  let nodes: ScriptedCluster;
  let bucket: RawBucket;

  beforeEach(async () => {
    nodes = await ScriptedCluster.start([[0], [1], [2]]);
    bucket = new RawBucket(nodes.connectionString, { username: 'u', password: 'p' });
    await new TerminalCalls(bucket.waitUntilReady()).value();
  });

  afterEach(async () => {
    bucket.destroy();
    await nodes[Symbol.asyncDispose]();
  });

  const LAST = ['', ''] as const;

  test('a node that fails does not lose the others', async () => {
    nodes.script = (frame, index) => {
      if (frame.opcode !== Opcode.Stat) return undefined;
      if (index === 0) return { status: Status.Access };
      return index === 1 ? 'silence' : statAnswers(frame, [['a', '1'], LAST]);
    };
    const calls = new TerminalCalls(bucket.stats(undefined, { timeout: 80 }));
    const { stats, errors, success, rc } = await calls.value();
    expect(stats).toEqual({ a: { [nodes.names[2]!]: 1 } });
    expect(success).toBe(false);
    expect(rc).not.toBe(0);
    expect(calls.result.allOk).toBe(false);
    expect([...errors].map(([node, { code }]) => [node, code])).toEqual([
      [nodes.names[0], 'access'],
      [nodes.names[1], 'timeout'],
    ]);
  });

  test('when all nodes fail, so does the call', async () => {
    nodes.script = ({ opcode }) => (opcode === Opcode.Stat ? { status: Status.NotSupported } : undefined);
    const error = await new TerminalCalls(bucket.stats()).error();
    expect(error).toMatchObject({ code: 'not_supported', operation: 'stats', node: nodes.names[0] });
  });

  test('numbers beyond those that are exact are bigints, and nothing else is a number', async () => {
    const values = [
      ['safe', '9007199254740991'],
      ['large', '18446744073709551615'],
      ['negative', '-5'],
      ['float', '1.5'],
      ['text', 'a b'],
      ['none', ''],
    ] as const;
    nodes.script = (frame) => (frame.opcode === Opcode.Stat ? statAnswers(frame, [...values, LAST]) : undefined);
    const { stats } = await new TerminalCalls(bucket.stats()).value();
    const of = (name: string): unknown => stats[name]![nodes.names[0]!];
    expect(values.map(([name]) => of(name))).toEqual([9007199254740991, 18446744073709551615n, -5, '1.5', 'a b', '']);
  });

  test('a node that breaks off in the middle is asked again, and counts once', async () => {
    let asked = 0;
    nodes.script = (frame, index) => {
      if (frame.opcode !== Opcode.Stat) return undefined;
      if (index !== 0 || ++asked > 1) return statAnswers(frame, [['a', '1'], ['b', '2'], LAST]);
      for (const socket of nodes.nodes[0]!.connections) socket.end(statAnswers(frame, [['a', '0']]).bytes);
      return 'silence';
    };
    const { stats, success } = await new TerminalCalls(bucket.stats()).value();
    expect(success).toBe(true);
    expect(asked).toBe(2);
    expect(Object.values(stats['a']!)).toEqual([1, 1, 1]);
  });

  test('other operations go on between the answers', async () => {
    nodes.script = (frame, index) => {
      if (frame.opcode !== Opcode.Stat) return undefined;
      return index === 0 ? statAnswers(frame, [['a', '1']]) : statAnswers(frame, [LAST]);
    };
    const calls = new TerminalCalls(bucket.stats(undefined, { timeout: 200 }));
    for (let turn = 0; turn < 3; turn++) await new TerminalCalls(bucket.noop()).value();
    expect((await calls.value()).errors.size).toBe(1);
  });
});
