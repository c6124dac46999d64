import { Opcode, Status } from '@cb/protocol';
import { type Conversation, Server, u32s } from '../conversation.js';

let server: Server;
let client: Conversation;
beforeEach(() => {
  server = new Server();
  client = server.connect();
});

test('sets the expiry, with a new CAS and without a token', () => {
  const cas = client.set('a', '1');
  const touched = client.one(Opcode.Touch, { extras: u32s(100), key: 'a' });
  expect(touched).toMatchObject({ status: Status.Success, bodyLength: 0 });
  expect(touched.cas).not.toBe(cas);
  expect(server.vbucket.read(0, 'a')!.expiry).toBe(server.clock.now() / 1000 + 100);
  expect(client.one(Opcode.Touch, { extras: u32s(100), key: 'a' }).cas).toBe(touched.cas);
  expect(server.vbucket.highSeqno).toBe(2);
});

test('GAT returns the document, and 0 takes the expiry off', () => {
  client.set('a', '1', 100);
  const found = client.one(Opcode.GetAndTouch, { extras: u32s(0), key: 'a' });
  expect(found.value.toString()).toBe('1');
  expect(found.cas).toBe(client.get('a').cas);
  expect(server.vbucket.read(0, 'a')!.expiry).toBe(0);
});

test('a time in the past ends the document', () => {
  client.set('a', '1');
  expect(client.status(Opcode.Touch, { extras: u32s(2_592_005), key: 'a' })).toBe(Status.Success);
  expect(client.get('a').status).toBe(Status.KeyNotFound);
});

test('a missing document', () => {
  for (const opcode of [Opcode.Touch, Opcode.GetAndTouch]) {
    expect(client.status(opcode, { extras: u32s(1), key: 'a' })).toBe(Status.KeyNotFound);
  }
  expect(client.ask(Opcode.GetAndTouchQ, { extras: u32s(1), key: 'a' })).toEqual([]);
});

test('there is no durable touch', () => {
  client.set('a', '1');
  const framing = Buffer.from([0x11, 0x01]);
  expect(client.status(Opcode.Touch, { framing, extras: u32s(1), key: 'a' })).toBe(Status.NotSupported);
});
