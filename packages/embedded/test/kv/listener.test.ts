import { connect } from 'node:net';
import { Opcode, Status } from '@cb/protocol';
import { listenForKv } from '../../src/kv/listener.js';
import { KvClient } from '../kv-client.js';
import { testNode } from '../test-node.js';
import { requestBytes } from './request-bytes.js';

const VALUE = Buffer.alloc(1024 * 1024, '"');

async function listen() {
  const { node } = testNode();
  node.createBucket('b', 'couchbase');
  node.buckets.get('b')!.setVbucketState(0, 'active');
  const listener = await listenForKv(node, { host: '127.0.0.1', port: 0, keepAlive: false });
  const client = await KvClient.connect(listener.port);
  await client.ask(Opcode.SaslAuth, { key: 'PLAIN', value: '\0Administrator\0password' });
  await client.ask(Opcode.SelectBucket, { key: 'b' });
  return { node, listener, client };
}

test('a request in pieces is answered once it is whole', async () => {
  const { listener, client } = await listen();
  const answered = client.ask(Opcode.Noop);
  expect((await answered).status).toBe(Status.Success);
  const bytes = requestBytes(Opcode.Noop, { opaque: 2 ** 31 });
  for (const byte of bytes) client.send(Buffer.of(byte));
  expect((await client.ask(Opcode.Noop)).status).toBe(Status.Success);
  await listener.close();
});

test('a reader that stops and goes on later gets every answer', async () => {
  const { listener, client } = await listen();
  await client.ask(Opcode.Set, { extras: Buffer.alloc(8), key: 'big', value: VALUE });
  client.pause();
  const answers = Array.from({ length: 32 }, () => client.ask(Opcode.Get, { key: 'big' }));
  // Long enough for the server to come to the limit of what it keeps for a slow reader.
  await new Promise((resolve) => setTimeout(resolve, 50));
  client.resume();
  const sizes = (await Promise.all(answers)).map(({ valueLength }) => valueLength);
  expect(sizes).toEqual(new Array(32).fill(VALUE.length));
  await listener.close();
});

test('a connection that is gone is forgotten', async () => {
  const { node, listener, client } = await listen();
  expect(node.sessions.size).toBe(1);
  client.close();
  await client.closed;
  for (let wait = 0; node.sessions.size > 0 && wait < 500; wait++)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(node.sessions.size).toBe(0);
  await listener.close();
});

test.each([
  ['a body over the limit', 31 * 1024 * 1024, 'ECONNRESET'],
  ['a key longer than its body', 0, undefined],
])('%s ends the connection as a server ends it', async (_name, bodyBytes, code) => {
  const { listener } = await listen();
  const header = requestBytes(Opcode.Get, { key: 'k' }).subarray(0, 24);
  header.writeUInt32BE(bodyBytes, 8);
  const socket = connect(listener.port, '127.0.0.1');
  let error: NodeJS.ErrnoException | undefined;
  socket.on('error', (thrown) => {
    error = thrown;
  });
  socket.resume();
  socket.write(header);
  await new Promise((resolve) => socket.once('close', resolve));
  expect(error?.code).toBe(code);
  await listener.close();
});

test('closing the listener breaks its connections', async () => {
  const { listener, client } = await listen();
  await listener.close();
  await client.closed;
  await expect(KvClient.connect(listener.port)).rejects.toThrow();
});
