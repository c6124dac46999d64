import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { resolve } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { RawBucket } from '@cb/raw';
import { queryAll } from '@cb/views';
import { ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { json, viewRows } from './service-bed.js';

const fixtures = resolve(__dirname, '../../packages/raw/test/fixtures');
const cert = readFileSync(resolve(fixtures, 'localhost-cert.pem'), 'utf8');
const key = readFileSync(resolve(fixtures, 'localhost-key.pem'), 'utf8');

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('with couchbases:// everything is encrypted: key-value, and the services by their own ports', async () => {
  await using node = await ScriptedNode.start();
  const seen: string[] = [];
  const services = createHttpsServer({ cert, key }, (request, response) => {
    seen.push(`${request.headers.authorization} ${'encrypted' in request.socket}`);
    json(response, { total_rows: 2, rows: viewRows(2) });
  });
  const keyValue = createTlsServer({ cert, key }, (socket) => {
    const plain = connect(node.port, '127.0.0.1');
    socket.pipe(plain).pipe(socket);
    socket.on('error', () => plain.destroy());
    plain.on('error', () => socket.destroy());
  });
  const [capiSSL, kvSSL] = [await listen(services), await listen(keyValue)];
  const config = node.config({
    // Without TLS, nobody is there.
    nodesExt: [{ thisNode: true, hostname: 'localhost', services: { kv: 1, capi: 1, kvSSL, capiSSL } }],
  });
  node.script = (frame) => (frame.opcode === 0xb5 ? { status: 0, value: config } : undefined);
  const bucket = new RawBucket(`couchbases://localhost:${kvSSL}/default`, {
    username: 'ann',
    password: 'secret',
    tls: { ca: cert },
  });
  await expect(queryAll(bucket, 'd', 'v')).resolves.toHaveLength(2);
  expect(seen).toEqual([`Basic ${Buffer.from('ann:secret').toString('base64')} true`]);
  bucket.destroy();
  services.closeAllConnections();
});
