import { Feature, Opcode, Status } from '@cb/protocol';
import { parseManifest } from '../../../src/store/manifest.js';
import { Server, USUAL } from '../conversation.js';

function asked(...keys: [vbucket: number, key: string][]): Buffer {
  return Buffer.concat(
    keys.map(([vbucket, key]) => {
      const head = Buffer.alloc(4);
      head.writeUInt16BE(vbucket);
      head.writeUInt16BE(key.length, 2);
      return Buffer.concat([head, Buffer.from(key)]);
    }),
  );
}

/** State and CAS of each key of an answer. */
function states(value: Buffer): [state: number, cas: bigint][] {
  const found: [number, bigint][] = [];
  for (let at = 0; at < value.length; ) {
    const end = at + 4 + value.readUInt16BE(at + 2);
    found.push([value[end]!, value.readBigUInt64BE(end + 1)]);
    at = end + 9;
  }
  return found;
}

test('follows a key from memory to disk, and the same for its deletion', () => {
  const server = new Server({ persistenceLagMs: 100 });
  const client = server.connect();
  const observe = (): [number, bigint][] =>
    states(client.one(Opcode.Observe, { value: asked([0, 'a'], [0, 'never']) }).value);
  const cas = client.set('a', '1');
  expect(observe()).toEqual([
    [0x00, cas],
    [0x80, 0n],
  ]);
  server.clock.advance(100);
  expect(observe()[0]).toEqual([0x01, cas]);
  const deletion = client.one(Opcode.Delete, { key: 'a' }).cas;
  expect(observe()[0]).toEqual([0x81, deletion]);
  server.clock.advance(100);
  expect(observe()[0]).toEqual([0x80, 0n]);
});

test('tells the real CAS of a locked document', () => {
  const client = new Server().connect();
  const cas = client.set('a', '1');
  client.one(Opcode.GetLocked, { key: 'a' });
  expect(states(client.one(Opcode.Observe, { value: asked([0, 'a']) }).value)).toEqual([[0x01, cas]]);
});

test('a replica is observed as well; a vbucket that is not here fails the whole', () => {
  const server = new Server();
  const client = server.connect();
  const replica = server.bucket.setVbucketState(1, 'replica');
  client.set('a', '1');
  replica.replicate(server.vbucket.read(0, 'a')!);
  expect(states(client.one(Opcode.Observe, { value: asked([1, 'a']) }).value)[0]![0]).toBe(0x01);
  expect(client.status(Opcode.Observe, { value: asked([0, 'a'], [3, 'a']) })).toBe(Status.NotMyVbucket);
});

test('knows collections when they are agreed', () => {
  const server = new Server();
  server.bucket.setManifest(
    parseManifest('{"uid":"1","scopes":[{"name":"_default","uid":"0","collections":[{"name":"c","uid":"9"}]}]}')!,
  );
  const client = server.connect([...USUAL, Feature.Collections]);
  client.set('\x09a', '1');
  expect(states(client.one(Opcode.Observe, { value: asked([0, '\x09a']) }).value)[0]![0]).toBe(0x01);
  expect(client.status(Opcode.Observe, { value: asked([0, '\x55a']) })).toBe(Status.UnknownCollection);
  expect(client.status(Opcode.Observe, { value: asked([0, '\x80']) })).toBe(Status.Invalid);
});

test.each(['', '0001', '00000005', '0000000561'])('a malformed list: %s', (hex) => {
  expect(new Server().connect().status(Opcode.Observe, { value: Buffer.from(hex, 'hex') })).toBe(Status.Invalid);
});
