import { Datatype, Feature, Opcode, Status } from '@cb/protocol';
import { type Conversation, Server, storeExtras, USUAL } from '../conversation.js';

let server: Server;
let client: Conversation;
beforeEach(() => {
  server = new Server();
  client = server.connect();
});

test('a document comes with flags, datatype and CAS', () => {
  const { cas } = client.one(Opcode.Set, { extras: storeExtras(0xcafebabe), key: 'a', value: '{"n":1}' });
  const found = client.get('a');
  expect(found).toMatchObject({ status: Status.Success, datatype: Datatype.Json, cas });
  expect(found.extras.toString('hex')).toBe('cafebabe');
  expect(found.value.toString()).toBe('{"n":1}');
  expect(client.get('missing')).toMatchObject({ status: Status.KeyNotFound, bodyLength: 0 });
});

test('without JSON agreed a document is raw', () => {
  client.set('a', '{"n":1}');
  expect(server.connect([]).get('a').datatype).toBe(Datatype.Raw);
});

test('GETK repeats the key, with the prefix of its collection', () => {
  client.set('a', '1');
  expect(client.one(Opcode.GetK, { key: 'a' }).key.toString()).toBe('a');
  const collections = server.connect([...USUAL, Feature.Collections]);
  expect(collections.one(Opcode.GetK, { key: '\0a' }).key.toString()).toBe('\0a');
});

test('the quiet ones say nothing of a miss', () => {
  client.set('a', '1');
  for (const opcode of [Opcode.GetQ, Opcode.GetKQ]) {
    expect(client.ask(opcode, { key: 'missing' })).toEqual([]);
    expect(client.ask(opcode, { key: 'a' })).toHaveLength(1);
  }
});

test('a replica answers GET_REPLICA, the active does not', () => {
  const replica = server.bucket.setVbucketState(1, 'replica');
  client.set('a', '1');
  replica.replicate(server.vbucket.read(0, 'a')!);
  expect(client.one(Opcode.GetReplica, { key: 'a', vbucket: 1 }).value.toString()).toBe('1');
  expect(client.status(Opcode.GetReplica, { key: 'b', vbucket: 1 })).toBe(Status.KeyNotFound);
  expect(client.status(Opcode.GetReplica, { key: 'a' })).toBe(Status.NotMyVbucket);
  expect(client.status(Opcode.Get, { key: 'a', vbucket: 1 })).toBe(Status.NotMyVbucket);
});
