import { Datatype, Feature, Opcode, Status } from '@cb/protocol';
import { parseManifest } from '../../../src/store/manifest.js';
import { Server, USUAL, u32s } from '../conversation.js';

test('a random document of the bucket, with its key', () => {
  const client = new Server().connect();
  expect(client.status(Opcode.GetRandomKey)).toBe(Status.KeyNotFound);
  for (const key of ['a', 'b', 'c']) client.set(key, '{}');
  client.one(Opcode.Delete, { key: 'b' });
  const seen = new Set<string>();
  for (let turn = 0; turn < 100; turn++) {
    const found = client.one(Opcode.GetRandomKey);
    expect(found).toMatchObject({ status: Status.Success, datatype: Datatype.Json, extrasLength: 4 });
    seen.add(found.key.toString());
  }
  expect([...seen].sort()).toEqual(['a', 'c']);
});

test('of one collection when they are agreed', () => {
  const server = new Server();
  server.bucket.setManifest(
    parseManifest('{"uid":"1","scopes":[{"name":"_default","uid":"0","collections":[{"name":"c","uid":"9"}]}]}')!,
  );
  const client = server.connect([...USUAL, Feature.Collections]);
  client.set('\x09a', '1');
  expect(client.one(Opcode.GetRandomKey, { extras: u32s(9) }).key.toString('hex')).toBe('0961');
  expect(client.status(Opcode.GetRandomKey, { extras: u32s(0x55) })).toBe(Status.UnknownCollection);
  expect(client.status(Opcode.GetRandomKey)).toBe(Status.Invalid);
  expect(server.connect().status(Opcode.GetRandomKey, { extras: u32s(9) })).toBe(Status.Invalid);
});

test('keys of a vbucket in order, from a given one on', () => {
  const client = new Server().connect();
  for (const key of ['c', 'a', 'd', 'b']) client.set(key, '1');
  client.one(Opcode.Delete, { key: 'c' });
  expect(client.one(Opcode.GetKeys, { key: 'b' }).value.toString('hex')).toBe('000162000164');
  expect(client.one(Opcode.GetKeys, { key: 'a', extras: u32s(1) }).value.toString('hex')).toBe('000161');
  expect(client.status(Opcode.GetKeys, { key: 'a', extras: Buffer.alloc(2) })).toBe(Status.Invalid);
});

test('a random document of a named collection is one that is persisted', () => {
  const server = new Server({ persistenceLagMs: 100 });
  server.bucket.setManifest(
    parseManifest(
      '{"uid":"1","scopes":[{"name":"_default","uid":"0","collections":[{"name":"_default","uid":"0"},{"name":"c","uid":"9"}]}]}',
    )!,
  );
  const client = server.connect([...USUAL, Feature.Collections]);
  client.set('\x09a', '1');
  client.set('\0b', '1');
  expect(client.status(Opcode.GetRandomKey, { extras: u32s(9) })).toBe(Status.KeyNotFound);
  expect(client.status(Opcode.GetRandomKey, { extras: u32s(0) })).toBe(Status.Success);
  server.clock.advance(200);
  expect(client.status(Opcode.GetRandomKey, { extras: u32s(9) })).toBe(Status.Success);
});
