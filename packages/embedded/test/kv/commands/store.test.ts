import { Datatype, Feature, Opcode, Status } from '@cb/protocol';
import { type Conversation, Server, storeExtras, USUAL } from '../conversation.js';

let server: Server;
let client: Conversation;
beforeEach(() => {
  server = new Server();
  client = server.connect();
});

const PARTS = { extras: storeExtras(), key: 'a', value: 'v' };

test('SET answers with the CAS and the mutation token', () => {
  const answer = client.one(Opcode.Set, PARTS);
  const { uuidHigh, uuidLow } = server.vbucket.failoverLog.latest;
  expect(answer.extras.readUInt32BE(0)).toBe(uuidHigh);
  expect(answer.extras.readUInt32BE(4)).toBe(uuidLow);
  expect(answer.extras.readBigUInt64BE(8)).toBe(1n);
  expect(answer.cas).toBe(server.vbucket.read(0, 'a')!.cas);
  expect(server.connect([Feature.Json]).one(Opcode.Set, PARTS).extrasLength).toBe(0);
});

test('the CAS decides', () => {
  expect(client.status(Opcode.Set, { ...PARTS, cas: 5n })).toBe(Status.KeyNotFound);
  const cas = client.set('a', '1');
  expect(client.status(Opcode.Set, { ...PARTS, cas: cas + 1n })).toBe(Status.KeyExists);
  expect(client.status(Opcode.Replace, { ...PARTS, cas: cas + 1n })).toBe(Status.KeyExists);
  expect(client.status(Opcode.Set, { ...PARTS, cas })).toBe(Status.Success);
});

test('ADD needs a missing document, REPLACE an existing one', () => {
  expect(client.status(Opcode.Replace, PARTS)).toBe(Status.KeyNotFound);
  expect(client.status(Opcode.Replace, { ...PARTS, cas: 7n })).toBe(Status.KeyNotFound);
  expect(client.status(Opcode.Add, PARTS)).toBe(Status.Success);
  expect(client.status(Opcode.Add, PARTS)).toBe(Status.KeyExists);
  expect(client.status(Opcode.Replace, PARTS)).toBe(Status.Success);
});

test('the quiet ones answer failures alone', () => {
  expect(client.ask(Opcode.SetQ, PARTS)).toEqual([]);
  expect(client.ask(Opcode.ReplaceQ, PARTS)).toEqual([]);
  expect(client.status(Opcode.AddQ, PARTS)).toBe(Status.KeyExists);
  expect(client.status(Opcode.SetQ, { ...PARTS, cas: 3n })).toBe(Status.KeyExists);
  expect(client.status(Opcode.ReplaceQ, { ...PARTS, key: 'b' })).toBe(Status.KeyNotFound);
  expect(client.ask(Opcode.AddQ, { ...PARTS, key: 'b' })).toEqual([]);
});

test('the server decides what is JSON', () => {
  client.one(Opcode.Set, { ...PARTS, datatype: Datatype.Json, value: 'text' });
  expect(client.get('a').datatype).toBe(Datatype.Raw);
  client.one(Opcode.Set, { ...PARTS, value: ' [1] ' });
  expect(client.get('a').datatype).toBe(Datatype.Json);
});

test('a value has its limit', () => {
  server = new Server({ valueBytesMax: 100 });
  client = server.connect();
  expect(client.status(Opcode.Set, { ...PARTS, value: 'x'.repeat(101) })).toBe(Status.TooBig);
  expect(client.status(Opcode.Set, { ...PARTS, value: 'x'.repeat(100) })).toBe(Status.Success);
});

test('PreserveTtl keeps the expiry of a document that is there', () => {
  const preserveTtl = Buffer.from([0x50]);
  client.one(Opcode.Set, { ...PARTS, extras: storeExtras(0, 100), framing: preserveTtl });
  const { expiry } = server.vbucket.read(0, 'a')!;
  expect(expiry).toBe(server.clock.now() / 1000 + 100);
  client.one(Opcode.Set, { ...PARTS, extras: storeExtras(0, 5), framing: preserveTtl });
  expect(server.vbucket.read(0, 'a')!.expiry).toBe(expiry);
  client.one(Opcode.Set, PARTS);
  expect(server.vbucket.read(0, 'a')!.expiry).toBe(0);
});

describe('snappy', () => {
  /** 1000 times `a`. */
  const RUN = Buffer.from(`e8070061${'fe0100'.repeat(15)}9a0100`, 'hex');
  const COMPRESSED = { ...PARTS, value: RUN, datatype: Datatype.Snappy };

  test('a compressed value stays so in a passive bucket, and is inflated for others', () => {
    const snappy = server.connect([...USUAL, Feature.Snappy]);
    snappy.one(Opcode.Set, COMPRESSED);
    expect(snappy.get('a')).toMatchObject({ datatype: Datatype.Snappy, valueLength: RUN.length });
    expect(client.get('a')).toMatchObject({ datatype: Datatype.Raw, valueLength: 1000 });
  });

  test('it is stored plain when the bucket says so, or when it saves too little', () => {
    const plain = new Server({ compressionMode: 'off' }).connect([...USUAL, Feature.Snappy]);
    plain.one(Opcode.Set, COMPRESSED);
    expect(plain.get('a')).toMatchObject({ datatype: Datatype.Raw, valueLength: 1000 });
    const snappy = server.connect([...USUAL, Feature.Snappy]);
    snappy.one(Opcode.Set, { ...COMPRESSED, value: Buffer.from('051073686f7274', 'hex') });
    expect(snappy.get('a').value.toString()).toBe('short');
  });

  test('an active bucket compresses by itself', () => {
    const snappy = new Server({ compressionMode: 'active' }).connect([...USUAL, Feature.Snappy]);
    snappy.set('a', JSON.stringify('a'.repeat(1000)));
    expect(snappy.get('a').datatype).toBe(Datatype.Json | Datatype.Snappy);
  });

  test.each(['02f0013132', '02f401003132', '02f80100003132', '02fc010000003132'])(
    '%s is a block, with a length wider than it needs',
    (hex) => {
      const snappy = server.connect([...USUAL, Feature.Snappy]);
      const block = { key: 'a', value: Buffer.from(hex, 'hex'), datatype: Datatype.Snappy };
      expect(snappy.status(Opcode.Set, { ...PARTS, ...block })).toBe(Status.Success);
      expect(snappy.status(Opcode.Append, block)).toBe(Status.Success);
      expect(snappy.get('a').value.toString()).toBe('1212');
    },
  );

  test('damage is refused, and so is what is too big when it is inflated', () => {
    const snappy = new Server({ valueBytesMax: 999 }).connect([...USUAL, Feature.Snappy]);
    expect(snappy.status(Opcode.Set, COMPRESSED)).toBe(Status.TooBig);
    const answer = snappy.one(Opcode.Set, { ...COMPRESSED, value: 'garbage' });
    expect(answer.status).toBe(Status.Invalid);
    expect(JSON.parse(answer.value.toString())).toEqual({ error: { context: 'Failed to inflate payload' } });
  });

  test('an appended value is inflated', () => {
    const snappy = server.connect([...USUAL, Feature.Snappy]);
    snappy.one(Opcode.Set, COMPRESSED);
    snappy.one(Opcode.Append, { key: 'a', value: Buffer.from('0308434343', 'hex'), datatype: Datatype.Snappy });
    expect(snappy.get('a').value.toString()).toBe(`${'a'.repeat(1000)}CCC`);
  });
});

describe('durable', () => {
  const MAJORITY = Buffer.from([0x13, 0x01, 0x03, 0xe8]);

  test('without a topology it is impossible', () => {
    server.vbucket.syncWrites.topology = undefined;
    expect(client.status(Opcode.Set, { ...PARTS, framing: MAJORITY })).toBe(Status.DurabilityImpossible);
  });

  test('it is answered when the majority has it', () => {
    server.vbucket.syncWrites.topology = [['n0', 'n1']];
    client.set('a', 'old');
    expect(client.ask(Opcode.Set, { ...PARTS, framing: MAJORITY })).toEqual([]);
    const other = server.connect();
    expect(other.get('a').value.toString()).toBe('old');
    for (const opcode of [Opcode.Set, Opcode.Add, Opcode.Replace]) {
      expect(other.status(opcode, PARTS)).toBe(Status.SyncWriteInProgress);
    }
    server.vbucket.syncWrites.topology = [['n0']];
    const [answer] = client.arrived();
    expect(answer!.status).toBe(Status.Success);
    // The token is that of the prepare, which came before the commit.
    expect(answer!.extras.readBigUInt64BE(8)).toBe(2n);
    expect(other.get('a').value.toString()).toBe('v');
  });

  test('it is ambiguous when that takes too long; what waited behind it is served then', () => {
    server.vbucket.syncWrites.topology = [['n0', 'n1']];
    client.ask(Opcode.Set, { ...PARTS, framing: MAJORITY });
    expect(client.ask(Opcode.Noop)).toEqual([]);
    server.clock.advance(1000);
    expect(client.arrived().map(({ status }) => status)).toEqual([Status.SyncWriteAmbiguous, Status.Success]);
  });

  test('a quiet one says nothing, and does not hold up what is behind it', () => {
    server.vbucket.syncWrites.topology = [['n0', 'n1']];
    client.ask(Opcode.SetQ, { ...PARTS, framing: MAJORITY });
    client.ask(Opcode.Noop);
    server.vbucket.syncWrites.topology = [['n0']];
    expect(client.arrived().map(({ opcode }) => opcode)).toEqual([Opcode.Noop]);
  });
});
