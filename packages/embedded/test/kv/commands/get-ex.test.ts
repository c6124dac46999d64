import { Datatype, Feature, Opcode, Status } from '@cb/protocol';
import { revised } from '../../../src/store/document.js';
import { encodeXattrs } from '../../../src/store/xattr.js';
import { Server, USUAL } from '../conversation.js';

const ENOUGH = [...USUAL, Feature.Snappy, Feature.SnappyEverywhere];

test('a document comes with its xattrs in one blob', () => {
  const server = new Server();
  const client = server.connect(ENOUGH);
  client.set('a', '{}');
  const xattrs = encodeXattrs([{ key: 'x', value: Buffer.from('1') }])!;
  const { cas } = server.vbucket.commit(revised(server.vbucket.read(0, 'a')!, { xattrs }));
  const found = client.one(Opcode.GetEx, { key: 'a' });
  expect(found).toMatchObject({
    status: Status.Success,
    cas,
    datatype: Datatype.Json | Datatype.Xattr,
    extrasLength: 4,
  });
  expect(found.value).toEqual(Buffer.concat([xattrs, Buffer.from('{}')]));
  expect(client.status(Opcode.GetEx, { key: 'b' })).toBe(Status.KeyNotFound);
  expect(client.status(Opcode.GetExReplica, { key: 'a' })).toBe(Status.NotMyVbucket);
});

test('a locked one has the CAS that never matches', () => {
  const client = new Server().connect(ENOUGH);
  client.set('a', '{}');
  client.one(Opcode.GetLocked, { key: 'a' });
  expect(client.one(Opcode.GetEx, { key: 'a' }).cas).toBe(2n ** 64n - 1n);
});

test('the client must understand all of it', () => {
  const answer = new Server().connect().one(Opcode.GetEx, { key: 'a' });
  expect(answer.status).toBe(Status.NotSupported);
  expect(answer.value.toString()).toContain('SnappyEverywhere support must be enabled');
});
