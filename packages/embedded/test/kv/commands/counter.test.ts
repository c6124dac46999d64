import { Datatype, Opcode, Status } from '@cb/protocol';
import { type Conversation, counterExtras, Server } from '../conversation.js';

let server: Server;
let client: Conversation;
beforeEach(() => {
  server = new Server();
  client = server.connect();
});

function count(opcode: number, delta: bigint, initial = 0n, expiry = 0): bigint | number {
  const answer = client.one(opcode, { extras: counterExtras(delta, initial, expiry), key: 'c' });
  return answer.status === Status.Success ? answer.value.readBigUInt64BE(0) : answer.status;
}

const MAX = 2n ** 64n - 1n;

test('is created with the initial value unless that is forbidden', () => {
  expect(count(Opcode.Increment, 1n, 5n, 0xffffffff)).toBe(Status.KeyNotFound);
  expect(count(Opcode.Decrement, 1n, 77n, 100)).toBe(77n);
  expect(server.vbucket.read(0, 'c')).toMatchObject({ flags: 0, expiry: server.clock.now() / 1000 + 100 });
  expect(client.get('c')).toMatchObject({ datatype: Datatype.Json, valueLength: 2 });
});

test('goes round upwards, stops at zero downwards', () => {
  expect(count(Opcode.Increment, 1n, MAX)).toBe(MAX);
  expect(count(Opcode.Increment, 1n)).toBe(0n);
  expect(count(Opcode.Increment, MAX)).toBe(MAX);
  expect(count(Opcode.Decrement, 10n)).toBe(MAX - 10n);
  expect(count(Opcode.Decrement, MAX)).toBe(0n);
});

test.each(['7', ' 7', '7 ', '007', '+7', '\t\n\v\f\r7', '7 7', '7 a', '7\n{}', '7\0', '7\0-', '-18446744073709551609'])(
  'counts on from the text %j',
  (text) => {
    client.set('c', text);
    expect(count(Opcode.Increment, 1n)).toBe(8n);
  },
);

test.each([
  '-5',
  '1.5',
  '',
  'seven',
  '99999999999999999999',
  '0x7',
  '7a',
  '+',
  '-',
  '- 7',
  '{}',
  '\0',
  '\0' + '7',
  '9223372036854775808 -',
])('refuses the text %j', (text) => {
  client.set('c', text);
  expect(count(Opcode.Increment, 1n)).toBe(Status.DeltaBadval);
});

test.each([' ', '\n', '  seven', '-0', '+0', '0 7', '\t{}'])('takes the text %j for 0', (text) => {
  client.set('c', text);
  expect(count(Opcode.Increment, 1n)).toBe(1n);
});

test('takes what is above 2^63 where there is no minus sign', () => {
  client.set('c', '9223372036854775808 +');
  expect(count(Opcode.Increment, 1n)).toBe(9223372036854775809n);
});

test('keeps flags and expiry of what is there', () => {
  client.one(Opcode.Set, { extras: Buffer.from('0000005500000064', 'hex'), key: 'c', value: '1' });
  const { expiry } = server.vbucket.read(0, 'c')!;
  expect(count(Opcode.Increment, 1n, 0n, 5)).toBe(2n);
  expect(server.vbucket.read(0, 'c')).toMatchObject({ flags: 0x55, expiry });
});

test('the quiet ones answer failures alone', () => {
  expect(client.ask(Opcode.IncrementQ, { extras: counterExtras(1n, 1n), key: 'c' })).toEqual([]);
  expect(client.ask(Opcode.DecrementQ, { extras: counterExtras(1n), key: 'c' })).toEqual([]);
  expect(client.get('c').value.toString()).toBe('0');
  client.set('c', 'x');
  expect(client.status(Opcode.IncrementQ, { extras: counterExtras(1n), key: 'c' })).toBe(Status.DeltaBadval);
});

test('the text is looked at before the lock', () => {
  client.set('c', 'x');
  client.one(Opcode.GetLocked, { key: 'c' });
  expect(count(Opcode.Increment, 1n)).toBe(Status.DeltaBadval);
  client.set('d', '1');
  client.one(Opcode.GetLocked, { key: 'd' });
  expect(client.status(Opcode.Increment, { extras: counterExtras(1n), key: 'd' })).toBe(Status.Locked);
});
