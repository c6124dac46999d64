import { Opcode, Status } from '@cb/protocol';
import { Server } from '../conversation.js';
import { reader } from '../reader.js';

function twoBuckets(): Server {
  const server = new Server();
  server.node.createBucket('other', 'couchbase');
  return server;
}

test('a failed selection leaves the former one', () => {
  const client = new Server().connect();
  expect(client.status(Opcode.SelectBucket, { key: 'missing' })).toBe(Status.Access);
  expect(client.status(Opcode.Get, { key: 'k' })).toBe(Status.KeyNotFound);
});

test('missing and forbidden look alike', () => {
  const client = reader(twoBuckets());
  expect(client.status(Opcode.SelectBucket, { key: 'other' })).toBe(Status.Access);
  expect(client.status(Opcode.SelectBucket, { key: 'missing' })).toBe(Status.Access);
});

test('each user sees the buckets that he may use', () => {
  const server = twoBuckets();
  expect(server.connect().one(Opcode.ListBuckets).value.toString()).toBe('b other');
  expect(reader(server).one(Opcode.ListBuckets).value.toString()).toBe('b');
});

test('no bucket can be selected', () => {
  const client = new Server().connect();
  expect(client.status(Opcode.SelectBucket, { key: '@no bucket@' })).toBe(Status.Success);
  expect(client.status(Opcode.Get, { key: 'k' })).toBe(Status.NoBucket);
});

test('roles that allow nothing in KV select no bucket', () => {
  const client = reader(twoBuckets(), ['fts_searcher[b]', 'views_reader[other]']);
  expect(client.status(Opcode.SelectBucket, { key: 'b' })).toBe(Status.Access);
  expect(client.status(Opcode.SelectBucket, { key: 'other' })).toBe(Status.Success);
});
