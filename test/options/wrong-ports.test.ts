import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { EmbeddedCluster } from '@cb/embedded';
import { connect } from '@cb/promise';

const PATIENT = { connectTimeout: 60_000 };

async function failure(connectionString: string): Promise<string> {
  const bucket = await connect(connectionString, { username: 'ann', password: 'secret', ...PATIENT }).catch(
    (error: Error) => error.message,
  );
  return typeof bucket === 'string' ? bucket : 'connected';
}

describe('a port that is not that of the key-value service', () => {
  let cluster: EmbeddedCluster;
  let at: { http: number; https: number; views: number; tls: number; plain: number };

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start({ tls: true });
    const { connectionString, username, password } = cluster;
    await using bucket = await connect(`${connectionString}/default`, { username, password });
    const { plain, tls } = bucket.clusterMap!.nodes[0]!;
    at = { http: plain.mgmt!, https: tls.mgmt!, views: plain.views!, tls: tls.kv!, plain: plain.kv! };
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  test.each([
    ['couchbase', 'http', 'the port speaks HTTP, as the management and view services do; give that of the key-value'],
    ['http', 'http', 'with couchbase:// (11210 unless told otherwise) or couchbases:// (11207)'],
    ['couchbase', 'views', 'the port speaks HTTP'],
    ['couchbase', 'tls', 'closed the connection before it said anything, as a port with TLS does'],
    ['couchbase', 'https', 'closed the connection before it said anything, as a port with TLS does'],
    ['couchbases', 'https', 'the port speaks HTTP'],
    ['couchbases', 'http', 'the port does not speak TLS; use couchbase://, or a port with TLS'],
    ['couchbases', 'plain', 'closed the connection before TLS was agreed on, as a port without TLS does'],
  ] as const)('%s:// with the port of %s', async (scheme, port, reason) => {
    const query = scheme === 'couchbases' ? '?tls_verify=none' : '';
    expect(await failure(`${scheme}://127.0.0.1:${at[port]}/default${query}`)).toContain(reason);
  });

  test('one that greets first is not waited for', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).write('SSH-2.0-OpenSSH_9.0\r\n'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await failure(`couchbase://127.0.0.1:${port}/default`)).toContain('the port speaks SSH');
    server.close();
  });

  test('a refused one has its address once in the message', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const message = await failure(`couchbase://127.0.0.1:${port}/default`);
    expect(message).toContain('ECONNREFUSED');
    expect(message.split(`127.0.0.1:${port}`)).toHaveLength(2);
  });
});
