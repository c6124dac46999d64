import { Feature, type Frame, Magic, Opcode, ServerOpcode, Status } from '@cb/protocol';
import { type Conversation, Server } from '../conversation.js';
import { reader } from '../reader.js';

const PUSHED = [Feature.Xerror, Feature.Json, Feature.Duplex, Feature.ClustermapChangeNotification];

function version(epoch: bigint, revision: bigint): Buffer {
  const extras = Buffer.alloc(16);
  extras.writeBigInt64BE(epoch);
  extras.writeBigInt64BE(revision, 8);
  return extras;
}

function setConfig(client: Conversation, key: string, revision: bigint, value = `{"rev":${revision}}`): Frame {
  return client.one(Opcode.SetClusterConfig, { key, value, extras: version(1n, revision), datatype: 1 });
}

test('the map that was set is handed out as it is', () => {
  const client = new Server().connect();
  expect(client.status(Opcode.GetClusterConfig)).toBe(Status.KeyNotFound);
  expect(setConfig(client, 'b', 5n, 'anything').status).toBe(Status.Success);
  const answer = client.one(Opcode.GetClusterConfig);
  expect([answer.value.toString(), answer.datatype]).toEqual(['anything', 1]);
});

test('without a bucket there is the map of the cluster', () => {
  const client = new Server().connect();
  setConfig(client, '', 3n);
  client.one(Opcode.SelectBucket, { key: '@no bucket@' });
  expect(client.one(Opcode.GetClusterConfig).value.toString()).toBe('{"rev":3}');
});

test('a client that names the revision it knows gets nothing but a newer one', () => {
  const client = new Server().connect();
  setConfig(client, 'b', 5n);
  const ask = (epoch: bigint, revision: bigint): string =>
    client.one(Opcode.GetClusterConfig, { extras: version(epoch, revision) }).value.toString();
  expect(ask(1n, 4n)).toBe('{"rev":5}');
  expect(ask(1n, 5n)).toBe('');
  expect(ask(2n, 1n)).toBe('');
});

test('a newer map is pushed to those who want to know, an older one is not', () => {
  const server = new Server();
  const [listening, other] = [server.connect(PUSHED), server.connect()];
  setConfig(other, 'b', 5n);
  setConfig(other, 'b', 5n);
  setConfig(other, 'b', 4n);
  const pushes = listening.arrived();
  expect(pushes).toHaveLength(1);
  expect(pushes[0]).toMatchObject({
    magic: Magic.ServerRequest,
    opcode: ServerOpcode.ClustermapChangeNotification,
    datatype: 1,
  });
  expect([pushes[0]!.extras, pushes[0]!.key.toString()]).toEqual([version(1n, 5n), 'b']);
  expect(pushes[0]!.value.toString()).toBe('{"rev":5}');
});

test('the brief push has no map', () => {
  const server = new Server();
  const listening = server.connect([Feature.Duplex, Feature.ClustermapChangeNotificationBrief]);
  setConfig(server.connect(), 'b', 5n);
  const [push] = listening.arrived();
  expect([push!.extras, push!.valueLength]).toEqual([version(1n, 5n), 0]);
});

test('the map of the cluster goes to those without a bucket', () => {
  const server = new Server();
  const listening = server.connect(PUSHED);
  listening.one(Opcode.SelectBucket, { key: '@no bucket@' });
  setConfig(server.connect(), '', 9n);
  expect(listening.arrived().map((push) => [push.key.toString(), push.value.toString()])).toEqual([['', '{"rev":9}']]);
});

test('only an administrator sets maps, and only of buckets that are there', () => {
  const server = new Server();
  expect(setConfig(server.connect(), 'missing', 1n).status).toBe(Status.KeyNotFound);
  expect(setConfig(reader(server), 'b', 1n).status).toBe(Status.Access);
});
