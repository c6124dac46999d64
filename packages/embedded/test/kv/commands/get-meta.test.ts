import { Datatype, Opcode, Status } from '@cb/protocol';
import { Server, storeExtras } from '../conversation.js';

test('tells of documents, tombstones and expired documents', () => {
  const server = new Server();
  const client = server.connect();
  const { cas } = client.one(Opcode.Set, { extras: storeExtras(0xcafebabe, 10), key: 'a', value: '{}' });
  const meta = client.one(Opcode.GetMeta, { key: 'a' });
  const expiry = server.clock.now() / 1000 + 10;
  expect(meta).toMatchObject({ status: Status.Success, cas, extrasLength: 20 });
  expect(meta.extras.readUInt32BE(0)).toBe(0);
  expect(meta.extras.readUInt32BE(4)).toBe(0xcafebabe);
  expect(meta.extras.readUInt32BE(8)).toBe(expiry);
  expect(meta.extras.readBigUInt64BE(12)).toBe(1n);
  server.clock.advance(10_000);
  expect(client.one(Opcode.GetMeta, { key: 'a' }).extras.readUInt32BE(0)).toBe(1);
  expect(server.vbucket.highSeqno).toBe(1);
  expect(client.get('a').status).toBe(Status.KeyNotFound);
  const gone = client.one(Opcode.GetMeta, { key: 'a' });
  expect([gone.extras.readUInt32BE(0), gone.extras.readUInt32BE(8), gone.extras.readBigUInt64BE(12)]).toEqual([
    1,
    expiry,
    2n,
  ]);
});

test('tells the datatype when asked to', () => {
  const client = new Server().connect();
  client.set('a', '{}');
  const meta = client.one(Opcode.GetMeta, { key: 'a', extras: Buffer.from([2]) });
  expect(meta.extras[20]).toBe(Datatype.Json);
  expect(client.one(Opcode.GetMeta, { key: 'a', extras: Buffer.from([1]) }).extrasLength).toBe(20);
  expect(client.status(Opcode.GetMeta, { key: 'a', extras: Buffer.from([3]) })).toBe(Status.Invalid);
  expect(client.status(Opcode.GetMeta, { key: 'a', extras: Buffer.from([2, 2]) })).toBe(Status.Invalid);
});

test('a miss, loud and quiet', () => {
  const client = new Server().connect();
  expect(client.status(Opcode.GetMeta, { key: 'a' })).toBe(Status.KeyNotFound);
  expect(client.ask(Opcode.GetMetaQ, { key: 'a' })).toEqual([]);
});

test('the expiry of a tombstone is the time of the deletion, once that is persisted', () => {
  const server = new Server({ persistenceLagMs: 100 });
  const client = server.connect();
  client.set('a', '1');
  client.one(Opcode.Delete, { key: 'a' });
  const expiry = (): number => client.one(Opcode.GetMeta, { key: 'a' }).extras.readUInt32BE(8);
  const deletedAt = Math.floor(server.clock.now() / 1000);
  expect(expiry()).toBe(0);
  server.clock.advance(5000);
  expect(expiry()).toBe(deletedAt);
});
