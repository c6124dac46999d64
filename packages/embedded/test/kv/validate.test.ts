import { Datatype, Feature, Opcode, Status } from '@cb/protocol';
import { deflate } from '../../src/store/snappy.js';
import { Server, storeExtras, USUAL, u32s } from './conversation.js';
import type { RequestParts } from './request-bytes.js';

const extras = storeExtras();

// The words are those of a 7.2.4 server, as recorded.
test.each<[string, number, RequestParts, string]>([
  ['extras that are missing', Opcode.Set, { key: 'k', value: '1' }, 'Request must include extras of length 8'],
  ['extras that must not be', Opcode.Get, { key: 'k', extras: u32s(0) }, 'Request must not include extras'],
  ['a key that is missing', Opcode.Get, {}, 'Request must include key'],
  ['a key that must not be', Opcode.Noop, { key: 'k' }, 'Request must not include key'],
  ['a value that must not be', Opcode.Get, { key: 'k', value: '1' }, 'Request must not include value'],
  ['a CAS that must not be', Opcode.Get, { key: 'k', cas: 5n }, 'Request CAS must not be set'],
  ['a CAS that is missing', Opcode.UnlockKey, { key: 'k' }, 'Request CAS must be set'],
  ['an over-long key', Opcode.Get, { key: 'k'.repeat(251) }, 'Key length exceeds 250'],
  ['a datatype on a get', Opcode.Get, { key: 'k', datatype: 1 }, 'Request datatype invalid'],
  ['a datatype that nobody has', Opcode.Set, { extras, key: 'k', value: '1', datatype: 8 }, 'Request datatype invalid'],
  [
    'snappy that is not agreed',
    Opcode.Set,
    { extras, key: 'k', value: '1', datatype: 2 },
    'Datatype (snappy) not enabled for the connection',
  ],
])('%s', (_name, opcode, parts, context) => {
  const answer = new Server().connect().one(opcode, parts);
  expect(answer.status).toBe(Status.Invalid);
  expect(JSON.parse(answer.value.toString())).toEqual({ error: { context } });
});

test('the connection stays open after a refusal', () => {
  const client = new Server().connect();
  client.one(Opcode.Get, { key: 'k', extras });
  expect(client.status(Opcode.Noop)).toBe(Status.Success);
});

// Source: kv_engine docs/Collections.md; the words are recorded.
test.each<[number[] | Buffer, string]>([
  [[0x00], 'Key length must be >= 2'],
  [[0x80, 0x80], 'No stop-byte found'],
  [[0x01, 0x6b], 'Invalid collection-id:1'],
  [Buffer.concat([Buffer.of(0x00), Buffer.alloc(251, 'k')]), 'Key length exceeds 251'],
  [Buffer.concat([Buffer.of(0x09), Buffer.alloc(247, 'k')]), 'Logical key exceeds 246'],
  [[0x88, 0x01], 'No logical key found'],
])('the key %p is refused', (bytes, context) => {
  const client = new Server().connect([Feature.Xerror, Feature.Json, Feature.Collections]);
  const answer = client.one(Opcode.Get, { key: Buffer.from(bytes) });
  expect(answer.status).toBe(Status.Invalid);
  expect(JSON.parse(answer.value.toString()).error.context).toBe(context);
});

test('one document has two names, with collections and without', () => {
  const server = new Server();
  server.connect().set('käse', '1');
  const key = Buffer.concat([Buffer.of(0), Buffer.from('käse')]);
  const answer = server.connect([Feature.Xerror, Feature.Collections]).one(Opcode.Get, { key });
  expect(answer.value.toString()).toBe('1');
});

test('a compressed value is for the commands that store, unless it was agreed for all', () => {
  const server = new Server();
  const text = `"${'compressible '.repeat(20)}"`;
  const parts = { key: 'a', extras: Buffer.from([0, 1, 0]), value: Buffer.alloc(0), datatype: Datatype.Snappy };
  const path = Buffer.from('p');
  const value = Buffer.concat([path, Buffer.from(text)]);
  const some = server.connect([...USUAL, Feature.Snappy]);
  some.set('a', '{}');
  expect(some.status(Opcode.SubdocDictUpsert, { ...parts, value: deflate(value)! })).toBe(Status.Invalid);
  const all = server.connect([...USUAL, Feature.Snappy, Feature.SnappyEverywhere]);
  expect(all.status(Opcode.SubdocDictUpsert, { ...parts, value: deflate(value)! })).toBe(Status.Success);
  expect(some.get('a').value.toString()).toBe(`{"p":${text}}`);
  const answer = all.one(Opcode.SubdocDictUpsert, { ...parts, value: Buffer.from([255, 255, 255, 255, 255]) });
  expect([answer.status, answer.value.toString()]).toEqual([Status.Invalid, expect.stringContaining('inflate')]);
});
