import { Datatype, Opcode, Status } from '@cb/protocol';
import { revised } from '../../../src/store/document.js';
import { decodeXattrs, encodeXattrs } from '../../../src/store/xattr.js';
import { Server } from '../conversation.js';

test('leaves a tombstone, which is as good as missing', () => {
  const server = new Server();
  const client = server.connect();
  const cas = client.set('a', '1');
  expect(client.status(Opcode.Delete, { key: 'a', cas: cas + 1n })).toBe(Status.KeyExists);
  const answer = client.one(Opcode.Delete, { key: 'a', cas });
  expect(answer.extras.readBigUInt64BE(8)).toBe(2n);
  expect(client.get('a').status).toBe(Status.KeyNotFound);
  expect(client.status(Opcode.Delete, { key: 'a' })).toBe(Status.KeyNotFound);
  expect(client.status(Opcode.Delete, { key: 'a', cas: 5n })).toBe(Status.KeyNotFound);
});

test('the quiet one answers failures alone', () => {
  const client = new Server().connect();
  client.set('a', '1');
  expect(client.ask(Opcode.DeleteQ, { key: 'a' })).toEqual([]);
  expect(client.status(Opcode.DeleteQ, { key: 'a' })).toBe(Status.KeyNotFound);
});

test('keeps the system xattrs and drops those of users', () => {
  const server = new Server();
  const client = server.connect();
  client.set('a', '1');
  const xattrs = encodeXattrs([
    { key: '_sys', value: Buffer.from('1') },
    { key: 'user', value: Buffer.from('2') },
  ])!;
  server.vbucket.commit(revised(server.vbucket.read(0, 'a')!, { xattrs }));
  expect(client.get('a').value.toString()).toBe('1');
  client.one(Opcode.Delete, { key: 'a' });
  const left = server.vbucket.stored(0, 'a')!;
  expect(left).toMatchObject({ deleted: true, datatype: Datatype.Xattr });
  expect(decodeXattrs(left.xattrs)!.map(({ key }) => key)).toEqual(['_sys']);
});
