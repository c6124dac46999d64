import { EmbeddedCluster } from '@cb/embedded';
import { connect } from '@cb/promise';
import { ConnectError, type CouchbaseError, Opcode } from '@cb/protocol';
import { type Script, ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { until } from './clients.js';
import { Relay } from './relay.js';

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
