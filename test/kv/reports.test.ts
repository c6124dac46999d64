import { EmbeddedCluster } from '@cb/embedded';
import { Bucket, connect } from '@cb/promise';
import { Opcode, Status } from '@cb/protocol';
import { RawBucket } from '@cb/raw';
import { ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { TerminalCalls } from '../async-result/terminal-calls.js';
import { until } from '../topology/clients.js';
import { ScriptedCluster } from './scripted-cluster.js';

const credentials = { username: 'u', password: 'p' };

describe('reports on a cluster', () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start({ nodes: 3 });
    const { username, password } = cluster;
    bucket = await connect(`${cluster.connectionString}/default`, { username, password });
  });

  afterAll(async () => {
    await bucket.close();
    await cluster.stop();
  });

  test('every node answers a ping', async () => {
    const report = await bucket.ping({ reportId: 'mine' });
    expect(report).toMatchObject({ id: 'mine', version: 2, sdk: expect.stringMatching(/^cb\//) });
    expect(report.services.kv.map(({ remote }) => remote)).toEqual(bucket.serverNodes);
    for (const { state, latencyUs, local, error, namespace } of report.services.kv) {
      expect({ state, error, namespace }).toEqual({ state: 'ok', error: undefined, namespace: 'default' });
      expect(latencyUs).toBeGreaterThan(0);
      expect(local).toMatch(/^127\.0\.0\.1:\d+$/);
    }
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({
      version: 2,
      id: 'mine',
      config_rev: bucket.clusterMap!.rev,
      services: {
        kv: Array(3)
          .fill({ state: 'ok', latency_us: expect.any(Number), namespace: 'default' })
          .map(expect.objectContaining),
      },
    });
    expect((await bucket.ping()).id).not.toBe((await bucket.ping()).id);
  });

  test('every connection is in the diagnostics', async () => {
    await bucket.waitUntilReady();
    const report = bucket.diagnostics('id');
    expect(report.services.kv.map(({ remote }) => remote)).toEqual(bucket.serverNodes);
    for (const endpoint of report.services.kv) {
      expect(endpoint).toMatchObject({ state: 'connected', details: undefined, namespace: 'default' });
      expect(endpoint.local).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(endpoint.lastActivityUs).toBeGreaterThanOrEqual(0);
    }
    const [first] = JSON.parse(JSON.stringify(report)).services.kv;
    expect(Object.keys(first).sort()).toEqual(['last_activity_us', 'local', 'namespace', 'remote', 'state']);
  });

  test('refuse bad arguments', async () => {
    await expect(bucket.ping({ reportId: 1 as unknown as string })).rejects.toThrow(/reportId must be a string/);
    await expect(bucket.ping({ retry: () => undefined } as object)).rejects.toThrow(/no option "retry"/);
    expect(() => bucket.diagnostics(1 as unknown as string)).toThrow(/reportId must be a string/);
    await expect(bucket.waitUntilReady({ timeout: 0 })).rejects.toThrow(/timeout/);
  });

  test('an unconnected bucket has no connections, and connects when it is waited for', async () => {
    const { username, password } = cluster;
    const fresh = new Bucket(`${cluster.connectionString}/default`, { username, password });
    expect(fresh.diagnostics().services.kv).toEqual([]);
    await fresh.waitUntilReady();
    expect(fresh.diagnostics().services.kv.map(({ state }) => state)).toEqual(Array(3).fill('connected'));
    await fresh.close();
    await expect(fresh.waitUntilReady()).rejects.toMatchObject({ code: 'object_destroyed' });
    await expect(fresh.ping()).rejects.toMatchObject({ code: 'client_temporary_fail' });
  });
});

describe('reports on nodes that answer as told', () => {
  let nodes: ScriptedCluster;
  let bucket: RawBucket;

  beforeEach(async () => {
    nodes = await ScriptedCluster.start([[0], [1], [2]]);
    bucket = new RawBucket(nodes.connectionString, credentials);
  });

  afterEach(async () => {
    bucket.destroy();
    await nodes[Symbol.asyncDispose]();
  });

  test('a node that fails is in the report, with the reason', async () => {
    await new TerminalCalls(bucket.waitUntilReady()).value();
    nodes.script = ({ opcode }, index) => {
      if (opcode !== Opcode.Noop || index === 0) return undefined;
      return index === 1 ? 'silence' : { status: Status.NotSupported };
    };
    const { services } = await new TerminalCalls(bucket.ping({ timeout: 300 })).value();
    expect(services.kv.map(({ state, error }) => [state, error])).toEqual([
      ['ok', undefined],
      ['timeout', expect.stringContaining('300 ms')],
      ['error', expect.stringContaining('noop')],
    ]);
  });

  test('waiting for all nodes names the one that does not come', async () => {
    let refusals = 0;
    nodes.script = ({ opcode }, index) => {
      if (opcode !== Opcode.Hello || index !== 2) return undefined;
      refusals++;
      return 'hang up';
    };
    const longer = new TerminalCalls(bucket.waitUntilReady());
    await until(() => refusals > 1);
    const error = await new TerminalCalls(bucket.waitUntilReady({ timeout: 150 })).error();
    expect(error).toMatchObject({ code: 'timeout', ambiguous: false, operation: 'waitUntilReady' });
    expect(error.message).toContain('150 ms');
    expect(error.message).toContain(nodes.names[2]);
    expect(error.message).toContain('closed the connection');
    expect(bucket.connected).toBe(true);
    expect(bucket.diagnostics().services.kv[2]).toMatchObject({ remote: nodes.names[2], local: undefined });
    bucket.destroy();
    expect((await longer.error()).code).toBe('object_destroyed');
  });

  test('waiting goes on until a node that failed at first has come', async () => {
    let refusals = 3;
    nodes.script = ({ opcode }, index) =>
      opcode === Opcode.Hello && index === 1 && refusals-- > 0 ? 'hang up' : undefined;
    await new TerminalCalls(bucket.waitUntilReady()).value();
    expect(bucket.diagnostics().services.kv.map(({ state }) => state)).toEqual(Array(3).fill('connected'));
    expect(refusals).toBeLessThan(0);
  });

  test('waiting ends at once with what connecting fails with', async () => {
    nodes.script = ({ opcode }) => (opcode === Opcode.SaslAuth ? { status: Status.AuthError } : undefined);
    const calls = new TerminalCalls(bucket.waitUntilReady());
    expect((await calls.error()).code).toBe('auth');
    expect((await new TerminalCalls(bucket.waitUntilReady()).error()).code).toBe('auth');
  });

  test('waiting is over at its deadline while connecting goes on', async () => {
    nodes.script = () => 'silence';
    const error = await new TerminalCalls(bucket.waitUntilReady({ timeout: 50 })).error();
    expect(error.message).toContain('it is connecting');
    expect(bucket.state).toBe('connecting');
  });

  test('waiting can be cancelled', async () => {
    nodes.script = () => 'silence';
    const controller = new AbortController();
    const calls = new TerminalCalls(bucket.waitUntilReady({ signal: controller.signal }));
    controller.abort('enough');
    expect(await calls.error()).toMatchObject({ code: 'cancelled', cause: 'enough', ambiguous: false });
    const destroyed = new TerminalCalls(bucket.waitUntilReady());
    bucket.destroy();
    expect((await destroyed.error()).code).toBe('object_destroyed');
  });
});

test('a bucket that cannot be reached says so instead of being ready', async () => {
  const node = await ScriptedNode.start();
  await node[Symbol.asyncDispose]();
  const bucket = new Bucket(node.connectionString, credentials);
  await expect(bucket.waitUntilReady()).rejects.toMatchObject({ code: 'connect' });
});
