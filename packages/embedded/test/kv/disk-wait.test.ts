import { Feature, Opcode, Status } from '@cb/protocol';
import { Document } from '../../src/store/document.js';
import { encodeXattrs } from '../../src/store/xattr.js';
import { type Conversation, counterExtras, Server, storeExtras, u32s } from './conversation.js';

const READ_LAG_MS = 20;
const ORDERED = [Feature.Xerror];
const UNORDERED = [Feature.Xerror, Feature.UnorderedExecution];
const BARRIER = Buffer.from([0x00]);

interface Bed {
  readonly server: Server;
  readonly client: Conversation;
}

/** A server whose documents `cold` and `cold with xattrs` are on disk only, and one client of it. */
function bed(features: readonly number[]): Bed {
  const server = new Server({ disk: { readLagMs: READ_LAG_MS, evictionRatio: 0 } });
  const xattrs = encodeXattrs([{ key: 'x', value: Buffer.from('1') }]);
  for (const [key, section] of [['hot'], ['cold'], ['cold with xattrs', xattrs]] as const) {
    const parts = { value: Buffer.from('7'), xattrs: section, flags: 0, expiry: 0 };
    server.vbucket.commit(new Document(0, key, parts));
    if (key !== 'hot') expect(server.bucket.evict(server.vbucket.read(0, key)!)).toBe(true);
  }
  return { server, client: server.connect(features) };
}

function opaques(client: Conversation): number[] {
  return client.arrived().map(({ opaque }) => opaque);
}

function get({ client }: Bed, key: string, opaque: number, framing?: Buffer): number[] {
  const parts = framing === undefined ? {} : { framing };
  return client.ask(Opcode.Get, { key, opaque, ...parts }).map((answer) => answer.opaque);
}

test('a get of a document on disk holds up its connection for as long as the read takes', () => {
  const one = bed(ORDERED);
  expect(get(one, 'cold', 1)).toEqual([]);
  expect(get(one, 'hot', 2)).toEqual([]);
  one.server.clock.step(READ_LAG_MS - 1);
  expect(opaques(one.client)).toEqual([]);
  one.server.clock.step(1);
  expect(opaques(one.client)).toEqual([1, 2]);
});

test('other connections go on', () => {
  const one = bed(ORDERED);
  get(one, 'cold', 1);
  expect(get({ server: one.server, client: one.server.connect(ORDERED) }, 'hot', 2)).toEqual([2]);
});

test('with unordered execution others overtake it, in the order in which they came', () => {
  const one = bed(UNORDERED);
  expect(get(one, 'cold', 1)).toEqual([]);
  expect(get(one, 'hot', 2)).toEqual([2]);
  expect(get(one, 'missing', 3)).toEqual([3]);
  one.server.clock.step(READ_LAG_MS);
  expect(opaques(one.client)).toEqual([1]);
});

test('a write overtakes a read of the same key, and the read sees it', () => {
  const { server, client } = bed(UNORDERED);
  client.ask(Opcode.Get, { key: 'cold', opaque: 1 });
  expect(client.status(Opcode.Set, { key: 'cold', extras: storeExtras(), value: 'new' })).toBe(Status.Success);
  server.clock.step(READ_LAG_MS);
  expect(client.arrived().map(({ opaque, value }) => [opaque, value.toString()])).toEqual([[1, 'new']]);
});

test('nothing overtakes at a barrier, nor what is behind it', () => {
  const one = bed(UNORDERED);
  get(one, 'cold', 1);
  expect(get(one, 'hot', 2, BARRIER)).toEqual([]);
  expect(get(one, 'hot', 3)).toEqual([]);
  one.server.clock.step(READ_LAG_MS);
  expect(opaques(one.client)).toEqual([1, 2, 3]);
});

test('so many requests of a connection wait at most; the rest waits behind them', () => {
  const { server, client } = bed(UNORDERED);
  for (let opaque = 1; opaque <= 32; opaque++) client.ask(Opcode.Get, { key: 'cold', opaque });
  expect(client.ask(Opcode.Get, { key: 'hot', opaque: 33 })).toEqual([]);
  server.clock.step(READ_LAG_MS);
  expect(opaques(client).sort((a, b) => a - b)).toEqual(Array.from({ length: 33 }, (_none, index) => index + 1));
});

test('what was read is in memory, and stays until it is evicted', () => {
  const one = bed(ORDERED);
  get(one, 'cold', 1);
  one.server.clock.step(READ_LAG_MS);
  expect(opaques(one.client)).toEqual([1]);
  expect(get(one, 'cold', 2)).toEqual([2]);
  expect(one.client.ask(Opcode.EvictKey, { key: 'cold', opaque: 3 })).toMatchObject([{ status: Status.Success }]);
  expect(get(one, 'cold', 4)).toEqual([]);
});

test('reads of one document at the same time are one read', () => {
  const { server } = bed(ORDERED);
  const clients = [server.connect(ORDERED), server.connect(ORDERED)];
  for (const client of clients) client.ask(Opcode.Get, { key: 'cold', opaque: 1 });
  server.clock.step(READ_LAG_MS);
  expect(clients.map(opaques)).toEqual([[1], [1]]);
  expect(server.bucket.residency!.fetches).toBe(1);
});

test.each([
  ['GetK', Opcode.GetK, 'cold', {}],
  ['GetAndTouch', Opcode.GetAndTouch, 'cold', { extras: u32s(100) }],
  ['Touch', Opcode.Touch, 'cold', { extras: u32s(100) }],
  ['GetLocked', Opcode.GetLocked, 'cold', {}],
  ['Append', Opcode.Append, 'cold', { value: '1' }],
  ['Increment', Opcode.Increment, 'cold', { extras: counterExtras(1n) }],
  ['SubdocExists', Opcode.SubdocExists, 'cold', { extras: Buffer.from([0, 1, 0]), value: 'p' }],
  ['Set on a document with xattrs', Opcode.Set, 'cold with xattrs', { extras: storeExtras(), value: '1' }],
  ['Delete of a document with xattrs', Opcode.Delete, 'cold with xattrs', {}],
])('%s needs the value', (_name, opcode, key, parts) => {
  const { server, client } = bed(ORDERED);
  expect(client.ask(opcode, { key, ...parts })).toEqual([]);
  server.clock.step(READ_LAG_MS);
  expect(client.arrived()).toHaveLength(1);
});

test.each([
  ['Set', Opcode.Set, { extras: storeExtras(), value: '1' }],
  ['Add', Opcode.Add, { extras: storeExtras(), value: '1' }],
  ['Delete', Opcode.Delete, {}],
  ['GetMeta', Opcode.GetMeta, {}],
])('%s does without', (_name, opcode, parts) => {
  expect(bed(ORDERED).client.ask(opcode, { key: 'cold', ...parts })).toHaveLength(1);
});

test('a read that waits takes part in the order again when its vbucket has left', () => {
  const { server, client } = bed(ORDERED);
  client.ask(Opcode.Get, { key: 'cold', opaque: 1 });
  server.bucket.deleteVbucket(0);
  server.clock.step(READ_LAG_MS);
  expect(client.arrived()).toMatchObject([{ opaque: 1, status: Status.NotMyVbucket }]);
});

test('without a read lag nothing waits', () => {
  const { server, client } = bed(ORDERED);
  server.bucket.disk = { readLagMs: 0, evictionRatio: 1 };
  expect(client.get('cold').status).toBe(Status.Success);
});
