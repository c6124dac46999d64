import { Opcode, Status } from '@cb/protocol';
import { Server } from '../conversation.js';

test('what is on disk may leave memory', () => {
  const server = new Server({ persistenceLagMs: 100 });
  const client = server.connect();
  expect(client.status(Opcode.EvictKey, { key: 'a' })).toBe(Status.KeyNotFound);
  client.set('a', '1');
  expect(client.status(Opcode.EvictKey, { key: 'a' })).toBe(Status.KeyExists);
  server.clock.advance(100);
  expect(client.one(Opcode.EvictKey, { key: 'a' }).value.toString()).toBe('Ejected.');
  expect(client.get('a').value.toString()).toBe('1');
});
