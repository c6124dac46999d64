import { Opcode, Status } from '@cb/protocol';
import { Server, storeExtras, u32s } from './conversation.js';
import { reader } from './reader.js';

const extras = storeExtras();

function get(framing: number[]): { status: number; context: string | undefined } {
  return outcome(Opcode.Get, framing, {});
}

function set(framing: number[]): { status: number; context: string | undefined } {
  return outcome(Opcode.Set, framing, { extras, value: '1' });
}

function outcome(opcode: number, framing: number[], parts: { extras?: Buffer; value?: string }) {
  const answer = new Server().connect().one(opcode, { key: 'k', framing: Buffer.from(framing), ...parts });
  const text = answer.extrasLength === 0 ? answer.value.toString() : '';
  return { status: answer.status, context: text.startsWith('{') ? JSON.parse(text).error.context : undefined };
}

// Statuses and words as a 7.2.4 server was recorded to answer.
test.each<[string, () => { status: number; context: string | undefined }, number, string | undefined]>([
  ['a barrier means nothing to a get', () => get([0x00]), Status.KeyNotFound, undefined],
  ['neither does a tracing context', () => get([0x34, 1, 2, 3, 4]), Status.KeyNotFound, undefined],
  ['an unknown id', () => get([0xe0]), Status.UnknownFrameInfo, undefined],
  ['an unknown escaped id', () => get([0xf0, 0x01]), Status.UnknownFrameInfo, undefined],
  ['a broken row', () => get([0x13, 0x01]), Status.Invalid, 'Invalid encoding in FrameExtras'],
  ['a cut-off escape', () => get([0x0f]), Status.Invalid, 'Invalid encoding in FrameExtras'],
  [
    'durability on a read',
    () => get([0x11, 0x01]),
    Status.Invalid,
    'The requested command does not support durability requirements',
  ],
  ['preserve-ttl on a read', () => get([0x50]), Status.NotSupported, 'This command does not support PreserveTtl'],
  ['durability', () => set([0x11, 0x01]), Status.Success, undefined],
  ['durability with a timeout', () => set([0x13, 0x01, 0x13, 0x88]), Status.Success, undefined],
  [
    'no level',
    () => set([0x11, 0x00]),
    Status.DurabilityInvalidLevel,
    'Content represents an invalid requirement specification',
  ],
  [
    'no time',
    () => set([0x13, 0x01, 0, 0]),
    Status.DurabilityInvalidLevel,
    'Timeout(): Cannot specify bucket default timeout',
  ],
  [
    'for ever',
    () => set([0x13, 0x01, 0xff, 0xff]),
    Status.DurabilityInvalidLevel,
    'Timeout(): Cannot specify an infinite timeout',
  ],
  [
    'to act as nobody',
    () => get([0x45, ...Buffer.from('ghost')]),
    Status.Access,
    'User "ghost" is not a Couchbase user',
  ],
])('%s', (_name, ask, status, context) => {
  expect(ask()).toEqual({ status, context });
});

test('a user that acts as another has the privileges of that one', () => {
  const server = new Server();
  server.node.users.set('reader', { password: 'x', roles: ['data_reader[b]'] });
  const framing = Buffer.from([0x46, ...Buffer.from('reader')]);
  const client = server.connect();
  expect(client.status(Opcode.Get, { key: 'k', framing })).toBe(Status.KeyNotFound);
  expect(client.status(Opcode.Set, { key: 'k', framing, extras, value: '1' })).toBe(Status.Access);
  // Only for that request.
  expect(client.status(Opcode.Set, { key: 'k', extras, value: '1' })).toBe(Status.Success);
});

test('only who may impersonate does', () => {
  const server = new Server();
  const framing = Buffer.from([0x4d, ...Buffer.from('Administrator')]);
  expect(reader(server).status(Opcode.Get, { key: 'k', framing })).toBe(Status.Access);
});

test('preserve-ttl keeps the expiry', () => {
  const server = new Server();
  const client = server.connect();
  client.set('k', '1', 1000);
  const expiry = server.vbucket.read(0, 'k')!.expiry;
  client.one(Opcode.Set, { key: 'k', framing: Buffer.of(0x50), extras, value: '2' });
  expect(server.vbucket.read(0, 'k')).toMatchObject({ expiry });
  client.one(Opcode.Set, { key: 'k', extras: u32s(0, 0), value: '3' });
  expect(server.vbucket.read(0, 'k')).toMatchObject({ expiry: 0 });
});
