import { Datatype, Feature, type Frame, Opcode, readLeb128, Status } from '@cb/protocol';
import { leb128Length } from '@cb/protocol/internal';
import { revised } from '../../../src/store/document.js';
import { encodeXattrs } from '../../../src/store/xattr.js';
import { type Conversation, Server, USUAL, u32s } from '../conversation.js';

let server: Server;
let client: Conversation;
beforeEach(() => {
  server = new Server();
  client = server.connect();
});

const ALL = { range: { start: '', end: Buffer.alloc(4, 0xff).toString('base64') } };

function create(spec: object): Frame {
  return client.one(Opcode.RangeScanCreate, { value: JSON.stringify(spec), datatype: Datatype.Json });
}

function next(id: Buffer, items = 0, bytes = 0): Frame[] {
  return client.ask(Opcode.RangeScanContinue, { extras: Buffer.concat([id, u32s(items, 0, bytes)]) });
}

/** Cuts a value into the texts that have their length before them, after `skip` bytes each time. */
function cut(value: Buffer, skips: readonly number[]): string[] {
  const found: string[] = [];
  for (let at = 0, turn = 0; at < value.length; turn++) {
    at += skips[turn % skips.length]!;
    const length = readLeb128(value, at);
    const start = at + leb128Length(length);
    at = start + length;
    found.push(value.toString('latin1', start, at));
  }
  return found;
}

test('keys in order, part by part', () => {
  for (const key of ['c', 'a', 'e', 'b', 'd']) client.set(key, '1');
  client.one(Opcode.Delete, { key: 'e' });
  const id = create({ ...ALL, key_only: true }).value;
  client.set('bb', 'comes too late');
  const [first] = next(id, 3);
  expect(first).toMatchObject({ status: Status.RangeScanMore });
  expect(first!.extras.readUInt32BE(0)).toBe(0);
  expect(cut(first!.value, [0])).toEqual(['a', 'b', 'c']);
  const [second] = next(id, 3);
  expect(second).toMatchObject({ status: Status.RangeScanComplete });
  expect(cut(second!.value, [0])).toEqual(['d']);
  expect(next(id)[0]!.status).toBe(Status.KeyNotFound);
});

test('documents with their metadata', () => {
  const cas = client.set('a', '{"n":1}', 100);
  const [answer] = next(create(ALL).value);
  const { value } = answer!;
  expect(answer!.extras.readUInt32BE(0)).toBe(1);
  expect(value.readUInt32BE(4)).toBe(server.clock.now() / 1000 + 100);
  expect([value.readBigUInt64BE(8), value.readBigUInt64BE(16), value[24]]).toEqual([1n, cas, Datatype.Json]);
  expect(cut(value, [25, 0])).toEqual(['a', '{"n":1}']);
});

test('xattrs when they are asked for', () => {
  client.set('a', '{}');
  const xattrs = encodeXattrs([{ key: 'x', value: Buffer.from('1') }])!;
  server.vbucket.commit(revised(server.vbucket.read(0, 'a')!, { xattrs }));
  const [plain] = next(create(ALL).value);
  expect([plain!.value[24], ...cut(plain!.value, [25, 0])]).toEqual([Datatype.Json, 'a', '{}']);
  const [whole] = next(create({ ...ALL, include_xattrs: true }).value);
  expect(whole!.value[24]).toBe(Datatype.Json | Datatype.Xattr);
  expect(cut(whole!.value, [25, 0])[1]).toBe(`${xattrs.toString('latin1')}{}`);
});

test('compressed documents for those who understand them', () => {
  const snappy = server.connect([...USUAL, Feature.Snappy]);
  const run = Buffer.from(`e8070061${'fe0100'.repeat(15)}9a0100`, 'hex');
  snappy.one(Opcode.Set, { extras: u32s(0, 0), key: 'a', value: run, datatype: Datatype.Snappy });
  const [plain] = next(create(ALL).value);
  expect([plain!.value[24], cut(plain!.value, [25, 0])[1]!.length]).toEqual([Datatype.Raw, 1000]);
  client = snappy;
  const [whole] = next(create(ALL).value);
  expect([whole!.value[24], cut(whole!.value, [25, 0])[1]!.length]).toEqual([Datatype.Snappy, run.length]);
});

test('much comes in several packets; the limit of bytes is kept to whole documents', () => {
  for (let index = 0; index < 20; index++) client.set(`k${index}`, 'x'.repeat(1000));
  const packets = next(create(ALL).value);
  expect(packets.map(({ status }) => status)).toEqual([Status.Success, Status.Success, Status.RangeScanComplete]);
  const [limited] = next(create(ALL).value, 0, 1500);
  expect(limited!.status).toBe(Status.RangeScanMore);
  expect(cut(limited!.value, [25, 0])).toHaveLength(4);
});

test('what is not there to scan', () => {
  expect(create(ALL).status).toBe(Status.KeyNotFound);
  expect(create({ ...ALL, collection: '55' }).status).toBe(Status.UnknownCollection);
  expect(create({}).status).toBe(Status.Invalid);
  expect(client.status(Opcode.RangeScanCreate, { value: JSON.stringify(ALL) })).toBe(Status.Invalid);
  expect(client.status(Opcode.RangeScanCancel, { extras: Buffer.alloc(16) })).toBe(Status.KeyNotFound);
});

test('a scan is cancelled, and ends with the vbucket', () => {
  client.set('a', '1');
  const [first, second] = [create(ALL).value, create(ALL).value];
  expect(client.status(Opcode.RangeScanCancel, { extras: first })).toBe(Status.Success);
  expect(next(first)[0]!.status).toBe(Status.KeyNotFound);
  server.vbucket.setState('replica');
  server.vbucket.setState('active');
  expect(next(second)[0]!.status).toBe(Status.KeyNotFound);
});

test('a snapshot may have to have a uuid and a seqno', () => {
  server = new Server({ persistenceLagMs: 100 });
  client = server.connect();
  client.set('a', '1');
  client.set('a', '2');
  const { uuidHigh, uuidLow } = server.vbucket.failoverLog.latest;
  const vb_uuid = String(BigInt(uuidHigh) * 2n ** 32n + BigInt(uuidLow));
  const spec = (more: object) => ({ ...ALL, snapshot_requirements: { vb_uuid, seqno: 2, ...more } });
  expect(create(spec({ vb_uuid: '1' })).status).toBe(Status.VbUuidNotEqual);
  expect(create(spec({})).status).toBe(Status.TemporaryFailure);
  const value = JSON.stringify(spec({ timeout_ms: 500 }));
  expect(client.ask(Opcode.RangeScanCreate, { value, datatype: Datatype.Json })).toEqual([]);
  server.clock.advance(200);
  expect(client.arrived()[0]!.status).toBe(Status.Success);
  const later = JSON.stringify(spec({ seqno: 3, timeout_ms: 500 }));
  expect(client.ask(Opcode.RangeScanCreate, { value: later, datatype: Datatype.Json })).toEqual([]);
  server.clock.advance(500);
  expect(client.arrived()[0]!.status).toBe(Status.TemporaryFailure);
  expect(create(spec({ seqno: 1, seqno_exists: true })).status).toBe(Status.NotStored);
  expect(create(spec({ seqno_exists: true })).status).toBe(Status.Success);
});
