import { Opcode, Status } from '@cb/protocol';
import { type Conversation, Server, storeExtras, u32s } from '../conversation.js';

let server: Server;
let client: Conversation;
let cas: bigint;
beforeEach(() => {
  server = new Server();
  client = server.connect();
  cas = client.set('a', '1');
});

function lock(seconds?: number): bigint {
  const answer = client.one(Opcode.GetLocked, { key: 'a', ...(seconds !== undefined && { extras: u32s(seconds) }) });
  expect(answer.value.toString()).toBe('1');
  return answer.cas;
}

test('others read the document with a CAS that never matches', () => {
  expect(lock()).not.toBe(cas);
  for (const opcode of [Opcode.Get, Opcode.GetK, Opcode.GetMeta]) {
    expect(client.one(opcode, { key: 'a' }).cas).toBe(2n ** 64n - 1n);
  }
});

test('others cannot write it', () => {
  lock();
  const store = { extras: storeExtras(), key: 'a', value: '2' };
  for (const parts of [store, { ...store, cas }]) {
    expect(client.status(Opcode.Set, parts)).toBe(Status.Locked);
    expect(client.status(Opcode.Replace, parts)).toBe(Status.Locked);
  }
  expect(client.status(Opcode.Add, store)).toBe(Status.KeyExists);
  expect(client.status(Opcode.Append, { key: 'a', value: 'x' })).toBe(Status.Locked);
  expect(client.status(Opcode.Delete, { key: 'a', cas })).toBe(Status.Locked);
  expect(client.status(Opcode.Touch, { extras: u32s(1), key: 'a' })).toBe(Status.Locked);
  expect(client.status(Opcode.GetLocked, { key: 'a' })).toBe(Status.Locked);
});

test('a client without XERROR is told so in other words', () => {
  lock();
  const bare = server.connect([]);
  expect(bare.status(Opcode.GetLocked, { key: 'a' })).toBe(Status.TemporaryFailure);
  expect(bare.status(Opcode.Set, { extras: storeExtras(), key: 'a', value: '2' })).toBe(Status.KeyExists);
});

test('unlocking brings the old CAS back', () => {
  const lockCas = lock();
  expect(client.status(Opcode.UnlockKey, { key: 'a', cas: lockCas + 1n })).toBe(Status.Locked);
  expect(client.status(Opcode.UnlockKey, { key: 'a', cas: lockCas })).toBe(Status.Success);
  expect(client.get('a').cas).toBe(cas);
  expect(client.status(Opcode.UnlockKey, { key: 'a', cas: lockCas })).toBe(Status.TemporaryFailure);
  expect(client.status(Opcode.UnlockKey, { key: 'b', cas: lockCas })).toBe(Status.KeyNotFound);
});

test('a write with the CAS of the lock unlocks', () => {
  client.set('a', '2', 0, lock());
  expect(client.status(Opcode.Append, { key: 'a', value: 'x' })).toBe(Status.Success);
});

test.each([
  [undefined, 15],
  [0, 15],
  [31, 15],
  [30, 30],
  [1, 1],
])('asked for %p seconds it lasts %i, and to the end of the second after', (asked, seconds) => {
  server.clock.advance(300);
  const lockCas = lock(asked);
  server.clock.advance((seconds + 1) * 1000 - 301);
  expect(client.status(Opcode.Append, { key: 'a', value: 'x' })).toBe(Status.Locked);
  server.clock.advance(1);
  expect(client.status(Opcode.UnlockKey, { key: 'a', cas: lockCas })).toBe(Status.TemporaryFailure);
  expect(client.get('a').cas).toBe(cas);
});

test('GETL of a missing document', () => {
  expect(client.status(Opcode.GetLocked, { key: 'b' })).toBe(Status.KeyNotFound);
  expect(client.status(Opcode.GetLocked, { key: 'a', extras: Buffer.alloc(2) })).toBe(Status.Invalid);
});

test('in a memcached bucket the CAS of the lock stays', () => {
  server = new Server({ type: 'memcached' });
  client = server.connect();
  client.set('a', '1');
  const lockCas = lock();
  expect(lockCas).toBe(2n);
  expect(client.status(Opcode.UnlockKey, { key: 'a', cas: lockCas })).toBe(Status.Success);
  expect(client.get('a').cas).toBe(lockCas);
});

test.each([
  ['7.2.4-0000', Status.TemporaryFailure],
  ['7.6.0-2176', Status.NotLocked],
  ['8.0.0', Status.NotLocked],
  ['6.6.5-0000', Status.TemporaryFailure],
])('to unlock what is not locked is answered by %s with %d', (version, status) => {
  const later = new Server({}, undefined, version);
  const at = later.connect();
  at.set('a', '1');
  expect(at.status(Opcode.UnlockKey, { key: 'a', cas: 1n })).toBe(status);
  expect(later.connect([]).status(Opcode.UnlockKey, { key: 'a', cas: 1n })).toBe(Status.TemporaryFailure);
});
