import { EmbeddedCluster } from '@cb/embedded';
import { connect } from '@cb/promise';
import { ConnectError, type CouchbaseError, Opcode } from '@cb/protocol';
import { type Script, ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { connectTo, keyOn, until } from './clients.js';
import { Relay } from './relay.js';

/** No map is polled for within a test, and no lost connection made again before it is needed. */
const NO_POLL = 'config_poll_interval=600000';

const silent: Script = () => 'silence';
const helloOnly: Script = ({ opcode }) => (opcode === Opcode.Hello ? undefined : 'silence');

function errorOf(call: Promise<unknown>): Promise<CouchbaseError> {
  return call.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: CouchbaseError) => error,
  );
}

describe('a seed that accepts connections and', () => {
  test.each(['couchbase', 'couchbases'])('is silent is not waited for (%s)', async (scheme) => {
    await using cluster = await EmbeddedCluster.start({ tls: scheme === 'couchbases' });
    const { username, password, certificate } = cluster;
    const { kv, kvSSL } = cluster.nodes[0]!.ports;
    await using hanging = await Relay.start(kvSSL ?? kv);
    hanging.isMute = true;
    const seeds = `127.0.0.1:${hanging.port},127.0.0.1:${kvSSL ?? kv}`;
    const tls = certificate === undefined ? {} : { tls: { ca: certificate } };
    const options = { username, password, ...tls };
    await using bucket = await connect(`${scheme}://${seeds}/default?preserve_bootstrap_nodes_order=true`, options);
    expect((await bucket.upsert('k', 1)).success).toBe(true);
    expect(hanging.accepted).toBe(1);
    await until(() => hanging.openConnections === 0);
  });

  test('answers HELLO only is not waited for', async () => {
    await using cluster = await EmbeddedCluster.start();
    await using hanging = await ScriptedNode.start(helloOnly);
    const { username, password } = cluster;
    const seeds = `127.0.0.1:${hanging.port},127.0.0.1:${cluster.nodes[0]!.ports.kv}`;
    const string = `couchbase://${seeds}/default?preserve_bootstrap_nodes_order=true`;
    await using bucket = await connect(string, { username, password });
    expect((await bucket.upsert('k', 1)).success).toBe(true);
    expect(hanging.received).toContain(Opcode.Hello);
    await until(() => hanging.connections.size === 0);
  });

  test('is silent for a while may answer while others are tried', async () => {
    await using cluster = await EmbeddedCluster.start();
    await using hanging = await ScriptedNode.start(silent);
    // With twenty seeds, each has half a second to itself.
    const others = Array<string>(19).fill(`127.0.0.1:${hanging.port}`).join();
    const fault = cluster.faults.add({ opcode: 'Hello', times: 1, delay: 1000 });
    const { username, password } = cluster;
    const seeds = `127.0.0.1:${cluster.nodes[0]!.ports.kv},${others}`;
    const query = 'preserve_bootstrap_nodes_order=true';
    await using bucket = await connect(`couchbase://${seeds}/default?${query}`, { username, password });
    expect((await bucket.upsert('k', 1)).success).toBe(true);
    expect(fault.hits).toBe(1);
    expect(hanging.received.length).toBeGreaterThan(0);
    await until(() => hanging.connections.size === 0);
  });

  test('hangs like all the others is in the account when the time is over', async () => {
    await using first = await ScriptedNode.start(silent);
    await using second = await ScriptedNode.start(helloOnly);
    const string = `couchbase://127.0.0.1:${first.port},127.0.0.1:${second.port}/default?preserve_bootstrap_nodes_order=true`;
    const error = await errorOf(connect(string, { username: 'u', password: 'p', connectTimeout: 300 }));
    expect(error).toBeInstanceOf(ConnectError);
    expect((error as ConnectError).seeds).toMatchObject([
      { address: `127.0.0.1:${first.port}`, step: 'hello', cause: { code: 'timeout' } },
      { address: `127.0.0.1:${second.port}`, step: 'error map', cause: { code: 'timeout' } },
    ]);
    await until(() => first.connections.size + second.connections.size === 0);
  });
});

describe('a node that hangs in the bootstrap', () => {
  let cluster: EmbeddedCluster;

  beforeEach(async () => {
    cluster = await EmbeddedCluster.start({ nodes: 2, replicas: 1 });
  });

  afterEach(() => cluster.stop());

  /** Connects, then has the second node hang at a request of the bootstrap. Gives what ends that for new connections. */
  async function hangAt(opcode: 'Hello' | 'GetErrorMap' | 'SaslAuth' | 'SelectBucket', query: string) {
    const bucket = await connectTo(cluster, `${NO_POLL}&${query}`);
    await bucket.waitUntilReady();
    const fault = cluster.faults.add({ node: 1, opcode, truncate: 0 });
    await cluster.kill(1);
    await until(() => bucket.diagnostics().services.kv.some(({ state }) => state === 'disconnected'));
    await cluster.restart(1);
    const there = keyOn(bucket, cluster, 1);
    const here = keyOn(bucket, cluster, 0);
    return { bucket, fault, there, here };
  }

  test.each([
    ['Hello', 'hello'],
    ['GetErrorMap', 'error map'],
    ['SaslAuth', 'authenticate'],
    ['SelectBucket', 'select bucket'],
  ] as const)('at %s keeps nobody else waiting, is named, and is tried again', async (opcode, step) => {
    const { bucket, fault, there, here } = await hangAt(opcode, 'kv_connect_timeout=1000');
    const read = bucket.get(there, { timeout: 20_000, quiet: true });
    const slow = errorOf(bucket.upsert(there, 1, { timeout: 300 }));
    expect((await bucket.upsert(here, 1)).success).toBe(true);
    const node = `127.0.0.1:${cluster.nodes[1]!.ports.kv}`;
    const { code, message, cause, ambiguous, retryReasons } = await slow;
    expect({ code, ambiguous, retryReasons }).toEqual({
      code: 'timeout',
      ambiguous: false,
      retryReasons: ['node_not_available'],
    });
    // The connection that waits for the answer, or, on a slow machine, the one that waited before.
    const why = new RegExp(`${node} (has not answered|did not answer) ${step}`);
    expect(message).toContain(`could not be sent to ${node} within 300 ms: `);
    expect(message).toMatch(why);
    expect(cause).toMatchObject({ code: 'timeout', message: expect.stringMatching(why) });
    const endpoint = bucket.diagnostics().services.kv.find(({ remote }) => remote === node);
    expect(endpoint?.state).not.toBe('connected');
    expect(endpoint?.details).toMatch(why);
    const notReady = await errorOf(bucket.waitUntilReady({ timeout: 100 }));
    expect(notReady.message).toContain(`the bucket was not ready within 100 ms: ${node} is `);
    expect(notReady.message).toMatch(why);
    // What hangs, hangs for good: only another connection helps.
    fault.remove();
    expect((await read).success).toBe(false);
    expect((await bucket.upsert(there, 2)).success).toBe(true);
    await until(() => cluster.members[1]!.connections.size === 1);
    bucket.destroy();
  });

  test('is not waited for by a bucket that closes', async () => {
    const { bucket, there } = await hangAt('Hello', 'kv_connect_timeout=600000');
    const waiting = errorOf(bucket.get(there, { timeout: 300 }));
    await bucket.close();
    expect((await waiting).code).toBe('timeout');
    await until(() => cluster.members[1]!.connections.size === 0);
  });

  test('is let go when it leaves the cluster', async () => {
    const { bucket, there } = await hangAt('Hello', 'kv_connect_timeout=600000');
    const read = bucket.get(there, { timeout: 10_000, quiet: true });
    await until(() => cluster.members[1]!.connections.size > 0);
    cluster.failOver(1);
    expect((await read).success).toBe(false);
    await until(() => cluster.members[1]!.connections.size === 0);
    bucket.destroy();
  });
});
