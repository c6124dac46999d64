import { Opcode, Status } from '@cb/protocol';
import { Server, storeExtras } from '../conversation.js';

test('buckets are created and deleted on the node', () => {
  const server = new Server();
  const client = server.connect();
  const create = (key: string, value: string): number => client.status(Opcode.CreateBucket, { key, value });
  expect(create('new', 'ep.so\0')).toBe(Status.Success);
  expect(create('mem', 'default_engine.so\0')).toBe(Status.Success);
  expect(create('new', 'ep.so\0')).toBe(Status.KeyExists);
  expect(create('zz', 'nope.so\0')).toBe(Status.Invalid);
  expect(server.node.buckets.get('mem')!.type).toBe('memcached');
  expect(client.status(Opcode.DeleteBucket, { key: 'new' })).toBe(Status.Success);
  expect(client.status(Opcode.DeleteBucket, { key: 'new' })).toBe(Status.KeyNotFound);
});

test('deleting a bucket closes the connections that have it', () => {
  const server = new Server();
  const [user, admin] = [server.connect(), server.connect()];
  admin.one(Opcode.SelectBucket, { key: '@no bucket@' });
  expect(admin.status(Opcode.DeleteBucket, { key: 'b' })).toBe(Status.Success);
  expect(user.ask(Opcode.Noop)).toEqual([]);
});

test('a dropped privilege is gone until a bucket is selected', () => {
  const client = new Server().connect();
  expect(client.status(Opcode.DropPrivilege, { key: 'Read' })).toBe(Status.Success);
  expect(client.status(Opcode.Get, { key: 'k' })).toBe(Status.Access);
  client.one(Opcode.SelectBucket, { key: 'b' });
  expect(client.status(Opcode.Get, { key: 'k' })).toBe(Status.KeyNotFound);
  expect(client.status(Opcode.DropPrivilege, { key: 'toString' })).toBe(Status.Invalid);
});

test('what has nothing to do here succeeds', () => {
  const client = new Server().connect();
  expect(client.status(Opcode.IsaslRefresh)).toBe(Status.Success);
  expect(client.status(Opcode.RbacRefresh)).toBe(Status.Success);
  expect(client.one(Opcode.GetCtrlToken).cas).toBe(0xdeadbeefn);
  expect(client.one(Opcode.IoctlGet, { key: 'trace.status' }).value.toString()).toBe('enabled');
  expect(client.status(Opcode.IoctlGet, { key: 'foo' })).toBe(Status.Invalid);
});

test('a memcached bucket is emptied over KV, another is not', () => {
  const server = new Server();
  server.node.createBucket('mem', 'memcached');
  const client = server.connect();
  expect(client.status(Opcode.Flush)).toBe(Status.NotSupported);
  client.one(Opcode.SelectBucket, { key: 'mem' });
  client.one(Opcode.Set, { extras: storeExtras(), key: 'k', value: '1' });
  expect(client.ask(Opcode.FlushQ)).toEqual([]);
  expect(client.status(Opcode.Get, { key: 'k' })).toBe(Status.KeyNotFound);
});
