import { get } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { ArgumentError, Frame, FrameParser, Opcode, Status } from '@cb/protocol';
import { EmbeddedCluster } from '../../src/cluster/cluster.js';
import { requestBytes } from '../kv/request-bytes.js';

let cluster: EmbeddedCluster;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, tls: true });
});

afterAll(() => cluster.stop());

function secureSocket(port: number) {
  return connect({ host: '127.0.0.1', port, ca: cluster.certificate! });
}

test('there are ports for it only where it was asked for', async () => {
  const { kv, mgmt, capi, n1ql, ...secure } = cluster.nodes[1]!.ports;
  const ports = [kv, mgmt, capi, n1ql, ...Object.values(secure)];
  expect(new Set(ports.filter((port) => port! > 0)).size).toBe(8);
  const [first, second] = cluster.nodes.map(({ ports: { kvSSL } }) => kvSSL);
  expect(cluster.secureConnectionString).toBe(`couchbases://127.0.0.1:${first},127.0.0.1:${second}`);
  await using plain = await EmbeddedCluster.start();
  expect(Object.keys(plain.nodes[0]!.ports).sort()).toEqual(['capi', 'kv', 'mgmt', 'n1ql']);
  expect(plain.certificate).toBeUndefined();
  expect(() => plain.secureConnectionString).toThrow(ArgumentError);
});

test('KV is served, large answers and small', async () => {
  const socket = secureSocket(cluster.nodes[0]!.ports.kvSSL!);
  const answers: Frame[] = [];
  const done = new Promise<void>((resolve) => {
    const parser = new FrameParser(
      (frame) => {
        const copy = new Frame();
        copy.readHeader(Buffer.from(frame.bytes.subarray(frame.start, frame.end)), 0);
        answers.push(copy);
        if (copy.opcode === Opcode.Noop) resolve();
      },
      { reads: 'responses' },
    );
    socket.on('data', (chunk: Buffer) => parser.push(chunk));
  });
  const value = Buffer.alloc(1024 * 1024, '"');
  const { username, password } = cluster;
  const vbucket = cluster.bucket('default').vbucketMap.findIndex(([active]) => active === 0);
  socket.write(
    Buffer.concat([
      requestBytes(Opcode.SaslAuth, { key: 'PLAIN', value: `\0${username}\0${password}` }),
      requestBytes(Opcode.SelectBucket, { key: 'default' }),
      requestBytes(Opcode.Set, { key: 'k', vbucket, extras: Buffer.alloc(8), value }),
      ...Array.from({ length: 16 }, () => requestBytes(Opcode.Get, { key: 'k', vbucket })),
      requestBytes(Opcode.Noop),
    ]),
  );
  await done;
  socket.destroy();
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(Status.Success));
  expect(answers.filter((frame) => frame.value.equals(value))).toHaveLength(16);
});

test.each([
  ['mgmtSSL', '/'],
  ['capiSSL', '/'],
  ['n1qlSSL', '/admin/ping'],
] as const)('%s serves HTTP', async (service, path) => {
  const port = cluster.nodes[0]!.ports[service]!;
  const status = await new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, ca: cluster.certificate!, agent: false as const };
    get(options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    }).on('error', reject);
  });
  expect(status).toBe(200);
});

test('a node that is killed breaks its connections, those too whose handshake is under way', async () => {
  const node = await cluster.addNode();
  const { ports } = cluster.nodes[node]!;
  const shaken = secureSocket(ports.kvSSL!);
  await new Promise((resolve) => {
    shaken.once('secureConnect', resolve);
  });
  const silent = [ports.kvSSL!, ports.mgmtSSL!].map((port) => connectPlain(port, '127.0.0.1'));
  const sockets = [shaken, ...silent];
  await Promise.all(
    silent.map(
      (socket) =>
        new Promise((resolve) => {
          socket.once('connect', resolve);
        }),
    ),
  );
  const closed = sockets.map(
    (socket) =>
      new Promise<void>((resolve) => {
        socket.on('error', () => {});
        socket.once('close', () => resolve());
        socket.resume();
      }),
  );
  await cluster.kill(node);
  await Promise.all(closed);
  await cluster.restart(node);
  expect(cluster.nodes[node]!.ports).toEqual(ports);
  const again = secureSocket(ports.kvSSL!);
  await new Promise((resolve) => {
    again.once('secureConnect', resolve);
  });
  again.destroy();
});

test('who speaks plainly at such a port gets nowhere, and does no harm', async () => {
  const socket = connectPlain(cluster.nodes[0]!.ports.kvSSL!, '127.0.0.1');
  const closed = new Promise<void>((resolve) => {
    socket.on('error', () => {});
    socket.once('close', () => resolve());
  });
  socket.resume();
  socket.write(requestBytes(Opcode.Noop));
  await closed;
  expect(cluster.members[0]!.sessions.size).toBe(0);
});
