import { Opcode, Status } from '@cb/protocol';
import { Server } from '../conversation.js';

test('version, verbosity and noop', () => {
  const client = new Server().connect();
  expect(client.one(Opcode.Version).value.toString()).toBe('7.2.4');
  expect(client.status(Opcode.Verbosity, { extras: Buffer.alloc(4) })).toBe(Status.Success);
  expect(client.status(Opcode.Noop)).toBe(Status.Success);
});

test('quit is answered, the quiet one is not, and both end the connection', () => {
  const server = new Server();
  const [loud, quiet] = [server.connect(), server.connect()];
  expect(loud.status(Opcode.Quit)).toBe(Status.Success);
  expect(loud.ask(Opcode.Noop)).toEqual([]);
  expect(quiet.ask(Opcode.QuitQ)).toEqual([]);
  expect(quiet.ask(Opcode.Noop)).toEqual([]);
  expect(server.node.sessions.size).toBe(0);
});

test('the error map comes in the version asked for', () => {
  const client = new Server().connect();
  const ask = (...bytes: number[]) => client.one(Opcode.GetErrorMap, { value: Buffer.from(bytes) });
  expect(JSON.parse(ask(0, 1).value.toString()).version).toBe(1);
  expect(JSON.parse(ask(0, 2).value.toString()).version).toBe(2);
  expect(ask(0, 0).status).toBe(Status.KeyNotFound);
  expect(ask(0, 0, 0, 1).status).toBe(Status.Invalid);
});

test('what the server no longer has is not supported, whatever comes with it', () => {
  const client = new Server().connect();
  expect(client.status(0x30)).toBe(Status.NotSupported);
  expect(client.status(0x40, { key: 'k', value: 'v', extras: Buffer.alloc(3), cas: 1n })).toBe(Status.NotSupported);
});
