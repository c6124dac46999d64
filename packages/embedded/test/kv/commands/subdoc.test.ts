import { Datatype, Feature, type Frame, Opcode, Status } from '@cb/protocol';
import { FEATURES_7_2 } from '../../../src/config/features.js';
import { deflate } from '../../../src/store/snappy.js';
import { lookupSpec, mutationSpec, type SpecParts } from '../../subdoc/subdoc-bytes.js';
import { type Conversation, Server, USUAL } from '../conversation.js';

const XATTR = 0x05;
const EXPAND = 0x15;
const ACCESS_DELETED = 0x04;
const SYSTEM_XATTR_BYTES = 1024 * 1024;

let server: Server;
let client: Conversation;
beforeEach(() => {
  server = new Server();
  client = server.connect();
});

interface SingleParts {
  readonly key?: string;
  readonly value?: string;
  readonly flags?: number;
  readonly expiry?: number;
  readonly docFlags?: number;
  readonly cas?: bigint;
  readonly framing?: Buffer;
}

function single(opcode: number, path: string, parts: SingleParts = {}, by = client): Frame {
  const { key = 'a', value = '', flags = 0, expiry = 0, docFlags = 0, ...rest } = parts;
  const extras = Buffer.from([0, 0, flags, 0, 0, 0, 0, docFlags]);
  extras.writeUInt16BE(Buffer.byteLength(path));
  extras.writeUInt32BE(expiry, 3);
  const isLookup = opcode === Opcode.SubdocGet;
  const sent = isLookup ? Buffer.from([...extras.subarray(0, 3), docFlags]) : extras;
  return by.one(opcode, { key, extras: sent, value: path + value, ...rest });
}

function lookups(specs: readonly SpecParts[], docFlags = 0): Frame {
  const extras = Buffer.from(docFlags === 0 ? [] : [docFlags]);
  return client.one(Opcode.SubdocMultiLookup, { key: 'a', extras, value: Buffer.concat(specs.map(lookupSpec)) });
}

function mutations(specs: readonly SpecParts[], docFlags = 0, framing?: Buffer): Frame {
  const extras = Buffer.from(docFlags === 0 ? [] : [docFlags]);
  const value = Buffer.concat(specs.map(mutationSpec));
  return client.one(Opcode.SubdocMultiMutation, { key: 'a', extras, value, ...(framing && { framing }) });
}

function body(): string {
  return client.get('a').value.toString();
}

function xattr(path: string): string {
  return single(Opcode.SubdocGet, path, { flags: 0x04 }).value.toString();
}

test('a lookup replies with the value, the CAS and, where agreed, that it is JSON', () => {
  const cas = client.set('a', '{"n":5}');
  expect(single(Opcode.SubdocGet, 'n')).toMatchObject({ status: 0, datatype: Datatype.Json, cas });
  const bare = server.connect([]);
  expect(single(Opcode.SubdocGet, 'n', {}, bare)).toMatchObject({ status: 0, datatype: Datatype.Raw });
  expect(lookups([[Opcode.Get, '']]).value.toString('latin1')).toBe('\0\0\0\0\0\x07{"n":5}');
});

test('a mutation stores, and replies with the new CAS and the token', () => {
  client.set('a', '{"n":5}');
  const reply = single(Opcode.SubdocCounter, 'n', { value: '2' });
  const stored = server.vbucket.read(0, 'a')!;
  expect(reply).toMatchObject({ status: 0, cas: stored.cas, datatype: Datatype.Json });
  expect(reply.value.toString()).toBe('7');
  expect(reply.extras.readBigUInt64BE(8)).toBe(2n);
  expect(stored).toMatchObject({ seqno: 2, datatype: Datatype.Json });
  expect(body()).toBe('{"n":7}');
  const bare = server.connect([]);
  expect(single(Opcode.SubdocCounter, 'n', { value: '2' }, bare).extrasLength).toBe(0);
});

test('a failure stores nothing', () => {
  const cas = client.set('a', '{"n":5}');
  expect(single(Opcode.SubdocDictAdd, 'n', { value: '1' })).toMatchObject({ status: Status.SubdocPathExists, cas: 0n });
  const reply = mutations([
    [Opcode.SubdocDictUpsert, 'x', '1'],
    [Opcode.SubdocReplace, 'y', '1'],
  ]);
  expect(reply).toMatchObject({ status: Status.SubdocMultiPathFailure, cas: 0n });
  expect(client.get('a')).toMatchObject({ cas });
});

test('a bad request says what is wrong with it', () => {
  const reply = client.one(Opcode.SubdocGet, { key: 'a', extras: Buffer.from([0, 9, 0]), value: 'n' });
  expect(reply.status).toBe(Status.Invalid);
  expect(reply.value.toString()).toBe('{"error":{"context":"Path length can\'t exceed value"}}');
  expect(lookups([]).status).toBe(Status.SubdocInvalidCombo);
});

test('flags stay; expiry goes unless it is given or preserved', () => {
  client.one(Opcode.Set, { key: 'a', extras: Buffer.from('0000123400000064', 'hex'), value: '{}' });
  const { expiry } = server.vbucket.read(0, 'a')!;
  const preserve = Buffer.of(0x50);
  single(Opcode.SubdocDictUpsert, 'n', { value: '1', framing: preserve });
  expect(server.vbucket.read(0, 'a')).toMatchObject({ flags: 0x1234, expiry });
  single(Opcode.SubdocDictUpsert, 'n', { value: '1' });
  expect(server.vbucket.read(0, 'a')).toMatchObject({ flags: 0x1234, expiry: 0 });
  single(Opcode.SubdocDictUpsert, 'n', { value: '1', expiry: 50 });
  expect(server.vbucket.read(0, 'a')).toMatchObject({ expiry: server.vbucket.nowSeconds + 50 });
});

test('a CAS must be the right one, and means nothing to a document that is made', () => {
  const cas = client.set('a', '{}');
  expect(single(Opcode.SubdocDictUpsert, 'n', { value: '1', cas: cas + 1n }).status).toBe(Status.KeyExists);
  expect(single(Opcode.SubdocDictUpsert, 'n', { value: '1', cas }).status).toBe(Status.Success);
  const made = single(Opcode.SubdocDictUpsert, 'n', { key: 'new', value: '1', cas: 5n, docFlags: 1 });
  expect(made.status).toBe(Status.Success);
});

test('a locked document is changed with the CAS of its lock alone', () => {
  client.set('a', '{}');
  const { cas } = client.one(Opcode.GetLocked, { key: 'a' });
  expect(single(Opcode.SubdocGet, 'n').status).toBe(Status.Locked);
  expect(single(Opcode.SubdocDictUpsert, 'n', { value: '1', cas: 4n }).status).toBe(Status.Locked);
  const without = server.connect([Feature.Json]);
  expect(single(Opcode.SubdocGet, 'n', {}, without).status).toBe(Status.TemporaryFailure);
  expect(single(Opcode.SubdocDictUpsert, 'n', { value: '1', cas }).status).toBe(Status.Success);
  expect(single(Opcode.SubdocGet, 'n').status).toBe(Status.Success);
});

test('attributes take their feature, and survive in the store', () => {
  client.set('a', '{}');
  const bare = server.connect([Feature.Json]);
  expect(single(Opcode.SubdocDictUpsert, 'm.x', { value: '1', flags: XATTR }, bare).status).toBe(Status.NotSupported);
  expect(single(Opcode.SubdocDictUpsert, 'm.x', { value: '1', flags: XATTR }).status).toBe(Status.Success);
  expect(xattr('m')).toBe('{"x":1}');
  expect(xattr('$document.datatype')).toBe('["json","xattr"]');
  expect(body()).toBe('{}');
});

test('macros tell the CAS, the seqno and the checksum that the document has', () => {
  client.set('a', '{"a":1}');
  const specs = ['CAS', 'seqno', 'value_crc32c'].map(
    (name): SpecParts => [Opcode.SubdocDictUpsert, `m.${name}`, `"\${Mutation.${name}}"`, EXPAND],
  );
  const { cas } = mutations(specs);
  const littleEndian = Buffer.alloc(8);
  littleEndian.writeBigUInt64LE(cas);
  expect(JSON.parse(xattr('m'))).toEqual({
    CAS: `0x${littleEndian.toString('hex')}`,
    seqno: '0x0000000000000002',
    value_crc32c: '0xcff7d56a',
  });
});

test('macros are expanded in durable writes too', () => {
  client.set('a', '{}');
  const spec: SpecParts = [Opcode.SubdocDictUpsert, 'm.cas', `"\${Mutation.CAS}"`, EXPAND];
  const { status, cas } = mutations([spec], 0, Buffer.from([0x11, 1]));
  expect(status).toBe(Status.Success);
  expect(Buffer.from(xattr('m.cas').slice(3, -1), 'hex').readBigUInt64LE()).toBe(cas);
});

test('a write that cannot be made durable is refused', () => {
  client.set('a', '{}');
  server.vbucket.syncWrites.topology = undefined;
  const reply = single(Opcode.SubdocDictUpsert, 'n', { value: '1', framing: Buffer.from([0x11, 1]) });
  expect(reply.status).toBe(Status.DurabilityImpossible);
});

test('a tombstone is made, staged on, and revived', () => {
  const id: SpecParts = [Opcode.SubdocDictUpsert, '_txn.id', '1', XATTR];
  expect(mutations([id], 0x09).status).toBe(Status.SubdocSuccessDeleted);
  expect(client.get('a').status).toBe(Status.KeyNotFound);
  const staged: SpecParts = [Opcode.SubdocDictUpsert, '_txn.body', '{"v":1}', XATTR];
  expect(mutations([staged], ACCESS_DELETED).status).toBe(Status.SubdocSuccessDeleted);
  expect(lookups([[Opcode.SubdocGet, '_txn.id', '', 0x04]], ACCESS_DELETED).status).toBe(Status.SubdocSuccessDeleted);
  const revive: SpecParts[] = [
    [Opcode.SubdocReplaceBodyWithXattr, '_txn.body', '', 0x04],
    [Opcode.SubdocDelete, '_txn', '', 0x04],
  ];
  expect(mutations(revive, 0x14).status).toBe(Status.Success);
  expect(client.get('a')).toMatchObject({ status: 0, datatype: Datatype.Json });
  expect(body()).toBe('{"v":1}');
  expect(server.vbucket.itemCount).toBe(1);
});

test('deleting the body leaves a tombstone with the attributes of the system', () => {
  client.set('a', '{}');
  single(Opcode.SubdocDictUpsert, 'user.x', { value: '1', flags: XATTR });
  single(Opcode.SubdocDictUpsert, '_sys.x', { value: '1', flags: XATTR });
  expect(mutations([[Opcode.Delete, '']]).status).toBe(Status.Success);
  expect(client.get('a').status).toBe(Status.KeyNotFound);
  const toc = lookups([[Opcode.SubdocGet, '$XTOC', '', 0x04]], ACCESS_DELETED);
  expect(toc.value.subarray(6).toString()).toBe('["_sys"]');
});

test('an expired document is a missing one', () => {
  client.set('a', '{"n":1}', 10);
  server.clock.advance(11_000);
  expect(single(Opcode.SubdocGet, 'n').status).toBe(Status.KeyNotFound);
  expect(single(Opcode.SubdocDictUpsert, 'n', { value: '2', docFlags: 1 }).status).toBe(Status.Success);
  expect(body()).toBe('{"n":2}');
});

test('works on compressed documents', () => {
  const withSnappy = server.connect([...USUAL, Feature.Snappy]);
  const value = deflate(Buffer.from(`{"n":1,"pad":"${'x'.repeat(400)}"}`))!;
  withSnappy.one(Opcode.Set, { key: 'a', extras: Buffer.alloc(8), value, datatype: Datatype.Snappy });
  expect(server.vbucket.read(0, 'a')?.isCompressed).toBe(true);
  expect(single(Opcode.SubdocGet, 'n').value.toString()).toBe('1');
  single(Opcode.SubdocReplace, 'n', { value: '2' });
  expect(body().slice(0, 8)).toBe('{"n":2,"');
});

test('what is stored does not lie in the memory of a request', () => {
  client.set('a', '{}');
  mutations([[Opcode.Set, '', '{"whole":1}']]);
  client.set('other', '{"something":"else"}');
  expect(body()).toBe('{"whole":1}');
});

test('body and own attributes share the limit of a value; the system has one of its own', () => {
  server = new Server({ valueBytesMax: 100 });
  client = server.connect();
  client.set('a', '{}');
  const text = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
  expect(single(Opcode.SubdocDictUpsert, 'k', { value: text(95) }).status).toBe(Status.TooBig);
  expect(single(Opcode.SubdocDictUpsert, 'u', { value: text(100), flags: XATTR }).status).toBe(Status.TooBig);
  expect(single(Opcode.SubdocDictUpsert, '_s', { value: text(100), flags: XATTR }).status).toBe(Status.Success);
  const tooBig = { value: text(SYSTEM_XATTR_BYTES), flags: XATTR };
  expect(single(Opcode.SubdocDictUpsert, '_s', tooBig).status).toBe(Status.TooBig);
});

describe('a replica', () => {
  const READ = 0x20;
  const lookup = { extras: Buffer.of(READ), value: lookupSpec([Opcode.SubdocGet, 'n']) };

  beforeEach(() => {
    client.set('a', '{"n":1}');
    const replica = server.bucket.setVbucketState(1, 'replica');
    replica.replicate(server.vbucket.read(0, 'a')!);
  });

  test.each([
    ['get', Opcode.SubdocGet, { extras: Buffer.of(0, 1, 0, READ), value: 'n' }, '1'],
    ['exists', Opcode.SubdocExists, { extras: Buffer.of(0, 1, 0, READ), value: 'n' }, ''],
    ['count', Opcode.SubdocGetCount, { extras: Buffer.of(0, 0, 0, READ) }, '1'],
    ['multi', Opcode.SubdocMultiLookup, lookup, '\0\0\0\0\0\x011'],
  ] as const)('is looked into by those who ask for one: %s', (_name, opcode, parts, value) => {
    const answer = client.one(opcode, { key: 'a', vbucket: 1, ...parts });
    expect(answer).toMatchObject({ status: 0, cas: server.vbucket.read(0, 'a')!.cas });
    expect(answer.value.toString('latin1')).toBe(value);
    // Only a replica will do, as only the active one does without the flag.
    expect(client.status(opcode, { key: 'a', vbucket: 0, ...parts })).toBe(Status.NotMyVbucket);
    const extras = Buffer.from(parts.extras);
    extras[extras.length - 1] = 0;
    expect(client.status(opcode, { key: 'a', vbucket: 1, ...parts, extras })).toBe(Status.NotMyVbucket);
  });

  test('has no part in the requests that follow', () => {
    expect(client.status(Opcode.SubdocMultiLookup, { key: 'a', vbucket: 1, ...lookup })).toBe(Status.Success);
    expect(client.status(Opcode.Get, { key: 'a', vbucket: 1 })).toBe(Status.NotMyVbucket);
    expect(client.status(Opcode.Get, { key: 'a' })).toBe(Status.Success);
  });

  test('tells of deleted documents', () => {
    const id: SpecParts = [Opcode.SubdocDictUpsert, '_txn.id', '1', XATTR];
    mutations([id]);
    mutations([[Opcode.Delete, '']]);
    server.bucket.vbuckets[1]!.replicate(server.vbucket.stored(0, 'a')!);
    const value = lookupSpec([Opcode.SubdocGet, '_txn.id', '', 0x04]);
    const ask = (docFlags: number) =>
      client.one(Opcode.SubdocMultiLookup, { key: 'a', vbucket: 1, extras: Buffer.of(docFlags), value });
    expect(ask(READ).status).toBe(Status.KeyNotFound);
    expect(ask(READ | ACCESS_DELETED)).toMatchObject({ status: Status.SubdocSuccessDeleted });
  });
});

test.each([
  ['replica reads', Status.Invalid, { extras: Buffer.of(0x20), value: lookupSpec([Opcode.SubdocGet, 'n']) }],
  [
    'several attributes',
    Status.SubdocXattrInvalidKeyCombo,
    { value: Buffer.concat([lookupSpec([Opcode.SubdocGet, 'a', '', 4]), lookupSpec([Opcode.SubdocGet, 'b', '', 4])]) },
  ],
  ['binary values', Status.Invalid, { value: lookupSpec([Opcode.SubdocGet, 'a', '', 0x24]) }],
] as const)('a server of 7.2 has no %s', (_name, status, parts) => {
  server = new Server({}, FEATURES_7_2);
  client = server.connect();
  client.set('a', '{"n":1}');
  expect(client.status(Opcode.SubdocMultiLookup, { key: 'a', ...parts })).toBe(status);
});

test('a memcached bucket has no attributes', () => {
  server = new Server({ type: 'memcached' });
  client = server.connect();
  client.set('a', '{}');
  expect(single(Opcode.SubdocGet, '$document', { flags: 0x04 }).status).toBe(Status.NotSupported);
});

test('a mutation may set the flags of the document, and leaves them alone otherwise', () => {
  const spec = Buffer.concat([mutationSpec([Opcode.SubdocDictUpsert, 'n', '1'])]);
  const mutate = (extras: string): Frame =>
    client.one(Opcode.SubdocMultiMutation, { key: 'a', extras: Buffer.from(extras, 'hex'), value: spec });
  const flags = (): number => client.get('a').extras.readUInt32BE(0);
  expect(mutate('000000000200000601').status).toBe(Status.Success);
  expect(flags()).toBe(0x02000006);
  expect(mutate('0000000000000000').status).toBe(Status.Success);
  expect(flags()).toBe(0);
  const single = Buffer.from('0001000000000004000000', 'hex');
  expect(client.one(Opcode.SubdocDictUpsert, { key: 'a', extras: single, value: 'n2' }).status).toBe(Status.Success);
  expect(flags()).toBe(0x04000000);
  expect(mutate('00000000').status).toBe(Status.Success);
  expect(flags()).toBe(0x04000000);
});

test('a server of 7.2 knows nothing of flags in a mutation', () => {
  client = new Server({}, FEATURES_7_2).connect();
  const value = mutationSpec([Opcode.SubdocDictUpsert, 'n', '1']);
  const answer = client.one(Opcode.SubdocMultiMutation, { key: 'a', extras: Buffer.alloc(9), value });
  expect(answer.status).toBe(Status.Invalid);
});
