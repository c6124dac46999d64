import { Datatype, Feature, Opcode, Status } from '@cb/protocol';
import { decodeXattrs, encodeXattrs } from '../../../src/store/xattr.js';
import { type Conversation, Server, USUAL } from '../conversation.js';

const SKIP = 1;
const REGENERATE_CAS = 4;
const CAS = 0x1600_0000_0000_0001n;

let server: Server;
let client: Conversation;
beforeEach(() => {
  server = new Server();
  client = server.connect();
});

interface Meta {
  revision: number;
  cas?: bigint;
  flags?: number;
  options?: number;
}

function extras({ revision, cas = CAS, flags = 0, options }: Meta): Buffer {
  const bytes = Buffer.alloc(options === undefined ? 24 : 28);
  bytes.writeUInt32BE(flags);
  bytes.writeBigUInt64BE(BigInt(revision), 8);
  bytes.writeBigUInt64BE(cas, 16);
  if (options !== undefined) bytes.writeUInt32BE(options, 24);
  return bytes;
}

test('brings its own revision, CAS and flags', () => {
  const answer = client.one(Opcode.SetWithMeta, { extras: extras({ revision: 10, flags: 5 }), key: 'a', value: '{}' });
  expect(answer).toMatchObject({ status: Status.Success, cas: CAS });
  expect(answer.extras.readBigUInt64BE(8)).toBe(1n);
  expect(server.vbucket.read(0, 'a')).toMatchObject({ revision: 10, cas: CAS, flags: 5, datatype: Datatype.Raw });
});

test('the version that prevails stays', () => {
  const set = (meta: Meta): number => client.status(Opcode.SetWithMeta, { extras: extras(meta), key: 'a', value: 'x' });
  expect(set({ revision: 10 })).toBe(Status.Success);
  expect(set({ revision: 9, cas: CAS + 9n })).toBe(Status.KeyExists);
  expect(set({ revision: 10 })).toBe(Status.KeyExists);
  expect(set({ revision: 10, cas: CAS + 1n })).toBe(Status.Success);
  expect(set({ revision: 10, cas: CAS + 1n, flags: 1 })).toBe(Status.Success);
  expect(set({ revision: 3, options: SKIP })).toBe(Status.Success);
  expect(server.vbucket.read(0, 'a')!.revision).toBe(3);
  expect(set({ revision: 99, cas: 0n })).toBe(Status.KeyExists);
  expect(set({ revision: 99, cas: 2n ** 64n - 1n })).toBe(Status.KeyExists);
});

test('the CAS of the header must be that of the document', () => {
  const parts = { extras: extras({ revision: 5 }), key: 'a', value: 'x' };
  expect(client.status(Opcode.SetWithMeta, { ...parts, cas: 9n })).toBe(Status.KeyNotFound);
  const cas = client.set('a', '1');
  expect(client.status(Opcode.SetWithMeta, { ...parts, cas: cas + 1n })).toBe(Status.KeyExists);
  expect(client.status(Opcode.SetWithMeta, { ...parts, cas })).toBe(Status.Success);
});

test('a new CAS may be asked for, when conflicts do not matter', () => {
  const parts = { key: 'a', value: 'x' };
  const both = extras({ revision: 5, options: SKIP | REGENERATE_CAS });
  expect(client.one(Opcode.SetWithMeta, { ...parts, extras: both }).cas).toBe(CAS);
  expect(client.get('a').cas).not.toBe(CAS);
  expect(server.vbucket.read(0, 'a')!.revision).toBe(5);
  const alone = extras({ revision: 6, options: REGENERATE_CAS });
  expect(client.status(Opcode.SetWithMeta, { ...parts, extras: alone })).toBe(Status.Invalid);
});

test('ADD_WITH_META takes the place of tombstones alone', () => {
  const add = (revision: number): number =>
    client.status(Opcode.AddWithMeta, { extras: extras({ revision }), key: 'a', value: 'x' });
  expect(add(1)).toBe(Status.Success);
  expect(add(2)).toBe(Status.KeyExists);
  client.one(Opcode.Delete, { key: 'a' });
  expect(add(2)).toBe(Status.KeyExists);
  expect(add(3)).toBe(Status.Success);
});

test('DEL_WITH_META leaves a tombstone, be there a document or not', () => {
  const parts = { extras: extras({ revision: 7, flags: 6 }), key: 'a' };
  expect(client.status(Opcode.DeleteWithMeta, parts)).toBe(Status.Success);
  expect(server.vbucket.stored(0, 'a')).toMatchObject({ deleted: true, revision: 7, flags: 6, cas: CAS });
});

test('the quiet ones', () => {
  const parts = { extras: extras({ revision: 7 }), key: 'a' };
  expect(client.ask(Opcode.SetWithMetaQ, parts)).toEqual([]);
  expect(client.status(Opcode.AddWithMetaQ, parts)).toBe(Status.KeyExists);
  expect(client.status(Opcode.DeleteWithMetaQ, parts)).toBe(Status.KeyExists);
});

test('xattrs stand before the body', () => {
  const section = encodeXattrs([{ key: '_s', value: Buffer.from('1') }])!;
  const parts = { extras: extras({ revision: 1 }), key: 'a', datatype: Datatype.Json | Datatype.Xattr };
  client.one(Opcode.SetWithMeta, { ...parts, value: Buffer.concat([section, Buffer.from('{}')]) });
  expect(client.get('a').value.toString()).toBe('{}');
  expect(decodeXattrs(server.vbucket.read(0, 'a')!.xattrs)).toEqual([{ key: '_s', value: Buffer.from('1') }]);
  expect(client.status(Opcode.SetWithMeta, { ...parts, key: 'b', value: Buffer.from([0, 0, 0, 9]) })).toBe(
    Status.Invalid,
  );
});

test('a compressed value, and another kind of metadata behind the value', () => {
  const snappy = server.connect([...USUAL, Feature.Snappy]);
  const parts = { extras: extras({ revision: 1 }), key: 'a', datatype: Datatype.Snappy };
  snappy.one(Opcode.SetWithMeta, { ...parts, value: Buffer.from('051073686f7274', 'hex') });
  expect(snappy.get('a').value.toString()).toBe('short');
  expect(snappy.status(Opcode.SetWithMeta, { ...parts, key: 'b', value: 'x' })).toBe(Status.Invalid);
  const longer = Buffer.concat([extras({ revision: 2 }), Buffer.from([0, 3])]);
  client.one(Opcode.SetWithMeta, { extras: longer, key: 'a', value: 'bodyxyz' });
  expect(client.get('a').value.toString()).toBe('body');
});
