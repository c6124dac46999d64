import { Feature, Opcode, Status } from '@cb/protocol';
import { Server, USUAL, u32s } from '../conversation.js';

function uuid({ vbucket }: Server): Buffer {
  const { uuidHigh, uuidLow } = vbucket.failoverLog.latest;
  return u32s(uuidHigh, uuidLow);
}

test('OBSERVE_SEQNO tells how far memory and disk have come', () => {
  const server = new Server({ persistenceLagMs: 100 });
  const client = server.connect();
  client.set('a', '1');
  server.clock.advance(100);
  client.set('b', '1');
  const { value } = client.one(Opcode.ObserveSeqno, { value: uuid(server) });
  expect(value.length).toBe(27);
  expect([value[0], value.readUInt16BE(1)]).toEqual([0, 0]);
  expect(value.subarray(3, 11)).toEqual(uuid(server));
  expect([value.readBigUInt64BE(11), value.readBigUInt64BE(19)]).toEqual([1n, 2n]);
});

test('under an older uuid it tells where that branch ended', () => {
  const server = new Server();
  const client = server.connect();
  client.set('a', '1');
  const old = uuid(server);
  server.vbucket.setState('replica');
  server.vbucket.setState('active');
  client.set('b', '1');
  const { value } = client.one(Opcode.ObserveSeqno, { value: old });
  expect(value.length).toBe(43);
  expect(value[0]).toBe(1);
  expect(value.subarray(3, 11)).toEqual(uuid(server));
  expect(value.subarray(27, 35)).toEqual(old);
  expect([value.readBigUInt64BE(19), value.readBigUInt64BE(35)]).toEqual([2n, 1n]);
});

test('OBSERVE_SEQNO with an unknown uuid, a wrong length, a vbucket that is not here', () => {
  const server = new Server();
  const client = server.connect();
  expect(client.status(Opcode.ObserveSeqno, { value: u32s(0, 1) })).toBe(Status.KeyNotFound);
  expect(client.status(Opcode.ObserveSeqno, { value: u32s(1) })).toBe(Status.Invalid);
  expect(client.status(Opcode.ObserveSeqno, { value: u32s(0, 1), vbucket: 3 })).toBe(Status.NotMyVbucket);
});

test('GET_FAILOVER_LOG lists the branches, the newest first', () => {
  const server = new Server();
  const client = server.connect();
  const old = uuid(server);
  client.set('a', '1');
  server.vbucket.setState('replica');
  server.vbucket.setState('active');
  const { value } = client.one(Opcode.GetFailoverLog);
  expect(value).toEqual(Buffer.concat([uuid(server), u32s(0, 1), old, u32s(0, 0)]));
});

test('SEQNO_PERSISTENCE waits for the disk, but not for ever', () => {
  const server = new Server({ persistenceLagMs: 100 });
  const client = server.connect();
  client.set('a', '1');
  expect(client.ask(Opcode.SeqnoPersistence, { extras: u32s(0, 1) })).toEqual([]);
  server.clock.advance(100);
  expect(client.arrived()[0]!.status).toBe(Status.Success);
  expect(client.status(Opcode.SeqnoPersistence, { extras: u32s(0, 1) })).toBe(Status.Success);
  client.ask(Opcode.SeqnoPersistence, { extras: u32s(0, 99) });
  server.clock.advance(30_000);
  expect(client.arrived()[0]!.status).toBe(Status.TemporaryFailure);
});

test('GET_ALL_VB_SEQNOS by state and by collection', () => {
  const server = new Server();
  server.bucket.setVbucketState(2, 'replica');
  server.bucket.setVbucketState(3, 'dead');
  const client = server.connect();
  client.set('a', '1');
  server.vbucket.advance();
  const active = Buffer.from('00000000000000000001', 'hex');
  const replica = Buffer.from('00020000000000000000', 'hex');
  expect(client.one(Opcode.GetAllVbSeqnos).value).toEqual(Buffer.concat([active, replica]));
  expect(client.one(Opcode.GetAllVbSeqnos, { extras: u32s(2) }).value).toEqual(replica);
  const collections = server.connect([...USUAL, Feature.Collections]);
  expect(collections.one(Opcode.GetAllVbSeqnos, { extras: u32s(1) }).value.readBigUInt64BE(2)).toBe(2n);
  expect(collections.one(Opcode.GetAllVbSeqnos, { extras: u32s(1, 9) }).value.readBigUInt64BE(2)).toBe(0n);
  expect(client.status(Opcode.GetAllVbSeqnos, { extras: u32s(5) })).toBe(Status.Invalid);
  expect(client.status(Opcode.GetAllVbSeqnos, { extras: Buffer.alloc(3) })).toBe(Status.Invalid);
});
