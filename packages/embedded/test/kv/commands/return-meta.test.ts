import { Opcode, Status } from '@cb/protocol';
import { Server, u32s } from '../conversation.js';

test('a write is answered with flags, expiry and revision', () => {
  const client = new Server().connect();
  const answer = client.one(Opcode.ReturnMeta, { extras: u32s(1, 7, 0), key: 'a', value: '{}' });
  // The flags come in the byte order of a PC: that is what a server sends.
  expect(answer.extras.toString('hex')).toBe('07000000000000000000000000000001');
  expect(answer.cas).toBe(client.get('a').cas);
  expect(client.status(Opcode.ReturnMeta, { extras: u32s(2, 7, 0), key: 'a', value: '1' })).toBe(Status.KeyExists);
  expect(client.status(Opcode.ReturnMeta, { extras: u32s(2, 7, 0), key: 'b', value: '1' })).toBe(Status.Success);
  expect(client.status(Opcode.ReturnMeta, { extras: u32s(3, 0, 0), key: 'a' })).toBe(Status.Success);
  expect(client.status(Opcode.ReturnMeta, { extras: u32s(3, 0, 0), key: 'a' })).toBe(Status.KeyNotFound);
  expect(client.status(Opcode.ReturnMeta, { extras: u32s(4, 0, 0), key: 'a' })).toBe(Status.Invalid);
  expect(client.status(Opcode.ReturnMeta, { extras: u32s(1, 0, 0), key: 'b', value: '1', cas: 5n })).toBe(
    Status.KeyExists,
  );
  expect(client.status(Opcode.Get, { key: 'a' })).toBe(Status.KeyNotFound);
});
