import { Datatype, Opcode, Status } from '@cb/protocol';
import { type Conversation, Server } from '../conversation.js';

let server: Server;
let client: Conversation;
beforeEach(() => {
  server = new Server({ valueBytesMax: 100 });
  client = server.connect();
});

test('adds to the end and to the start, keeps flags and expiry', () => {
  client.set('a', 'b', 100);
  const { expiry } = server.vbucket.read(0, 'a')!;
  client.one(Opcode.Append, { key: 'a', value: 'c' });
  client.one(Opcode.Prepend, { key: 'a', value: 'a' });
  expect(client.get('a').value.toString()).toBe('abc');
  expect(server.vbucket.read(0, 'a')!.expiry).toBe(expiry);
});

test('needs a document and its CAS', () => {
  expect(client.status(Opcode.Append, { key: 'a', value: 'x' })).toBe(Status.NotStored);
  expect(client.status(Opcode.Prepend, { key: 'a', value: 'x', cas: 5n })).toBe(Status.NotStored);
  const cas = client.set('a', '1');
  expect(client.status(Opcode.Append, { key: 'a', value: 'x', cas: cas + 1n })).toBe(Status.KeyExists);
  expect(client.status(Opcode.Append, { key: 'a', value: '', cas })).toBe(Status.Success);
});

test('is quiet only where no token is to be told', () => {
  client.set('a', '1');
  const bare = server.connect([]);
  expect(bare.ask(Opcode.AppendQ, { key: 'a', value: '2' })).toEqual([]);
  expect(bare.ask(Opcode.PrependQ, { key: 'a', value: '2' })).toEqual([]);
  expect(bare.status(Opcode.AppendQ, { key: 'b', value: '2' })).toBe(Status.NotStored);
  expect(client.status(Opcode.AppendQ, { key: 'a', value: '2' })).toBe(Status.Success);
  expect(client.status(Opcode.PrependQ, { key: 'a', value: '2' })).toBe(Status.Success);
});

test('looks again whether it is JSON', () => {
  client.set('a', '{}');
  client.one(Opcode.Append, { key: 'a', value: ' ' });
  expect(client.get('a').datatype).toBe(Datatype.Json);
  client.one(Opcode.Append, { key: 'a', value: 'x' });
  expect(client.get('a').datatype).toBe(Datatype.Raw);
});

test('the whole has the limit of a value', () => {
  client.set('a', 'x'.repeat(60));
  expect(client.status(Opcode.Append, { key: 'a', value: 'x'.repeat(41) })).toBe(Status.TooBig);
  expect(client.status(Opcode.Append, { key: 'a', value: 'x'.repeat(40) })).toBe(Status.Success);
});

test('is not JSON any more where the document has attributes, whatever the text', () => {
  client.set('a', '{"n":1');
  const attribute = { extras: Buffer.from([0, 1, 0x05]), key: 'a', value: 'x1' };
  for (const value of ['}', ' ']) {
    if (value === ' ') expect(client.status(Opcode.SubdocDictUpsert, attribute)).toBe(Status.Success);
    expect(client.status(Opcode.Append, { key: 'a', value })).toBe(Status.Success);
    expect(client.get('a').datatype).toBe(value === ' ' ? Datatype.Raw : Datatype.Json);
  }
  expect(client.status(Opcode.SubdocGet, { extras: Buffer.from([0, 1, 0]), key: 'a', value: 'n' })).toBe(
    Status.SubdocDocNotJson,
  );
});
