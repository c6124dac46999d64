import { Feature, Opcode, Status } from '@cb/protocol';
import { DISK_DEFAULT } from '../../src/store/disk-options.js';
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
  const server = new Server({ disk: { ...DISK_DEFAULT, readLagMs: READ_LAG_MS } });
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
  server.bucket.disk = { ...DISK_DEFAULT, evictionRatio: 1 };
  expect(client.get('cold').status).toBe(Status.Success);
});

describe('a bucket that keeps to its memory', () => {
  const QUOTA_BYTES = 1024 * 1024;
  const VALUE = Buffer.alloc(10_000);
  const WRITE_MS = 1;

  function limited(): Bed {
    const disk = { ...DISK_DEFAULT, limitMemory: true, diskWriteMsPerItem: WRITE_MS };
    const server = new Server({ ramQuotaBytes: QUOTA_BYTES, disk });
    return { server, client: server.connect(ORDERED) };
  }

  function store({ client }: Bed, key: string): number {
    return client.status(Opcode.Set, { key, extras: storeExtras(), value: VALUE });
  }

  function fill(one: Bed): number {
    let stored = 0;
    while (store(one, `k-${stored}`) === Status.Success) stored++;
    return stored;
  }

  test('refuses for now what does not fit while too little is persisted', () => {
    const one = limited();
    const stored = fill(one);
    const taken = (stored * VALUE.length) / QUOTA_BYTES;
    expect(taken).toBeGreaterThan(0.9);
    expect(taken).toBeLessThanOrEqual(0.95);
    expect(store(one, 'more')).toBe(Status.TemporaryFailure);
  });

  test.each([
    ['Append', Opcode.Append, { value: 'x' }],
    ['Increment', Opcode.Increment, { extras: counterExtras(1n) }],
    ['SubdocDictUpsert', Opcode.SubdocDictUpsert, { extras: Buffer.from([0, 1, 0]), value: 'p1' }],
  ])('refuses %s alike', (_name, opcode, parts) => {
    const one = limited();
    fill(one);
    expect(one.client.status(opcode, { key: 'k-0', ...parts })).toBe(Status.TemporaryFailure);
  });

  test('goes on reading, removing and touching', () => {
    const one = limited();
    fill(one);
    expect(one.client.get('k-0').status).toBe(Status.Success);
    expect(one.client.status(Opcode.Touch, { key: 'k-0', extras: u32s(0) })).toBe(Status.Success);
    expect(one.client.status(Opcode.Delete, { key: 'k-0' })).toBe(Status.Success);
  });

  test('takes more when the disk has caught up, as values leave memory', () => {
    const one = limited();
    const stored = fill(one);
    one.server.clock.step(stored * WRITE_MS);
    expect(store(one, 'more')).toBe(Status.Success);
    const { residency } = one.server.bucket;
    expect(residency!.onDisk).toBeGreaterThan(0);
    expect(residency!.bytes).toBeLessThan(0.85 * QUOTA_BYTES);
    // All of it can be read, wherever it is.
    for (let index = 0; index < stored; index++) expect(one.client.get(`k-${index}`).status).toBe(Status.Success);
  });

  test('has more room when its quota is raised', () => {
    const one = limited();
    fill(one);
    one.server.bucket.ramQuotaBytes = 2 * QUOTA_BYTES;
    expect(store(one, 'more')).toBe(Status.Success);
  });
});
