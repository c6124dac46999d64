import { Opcode, Status } from '@cb/protocol';
import { Server } from '../conversation.js';
import { reader } from '../reader.js';

test('vbuckets are made, changed and deleted', () => {
  const server = new Server();
  const client = server.connect();
  const state = (vbucket: number): number | undefined => {
    const answer = client.one(Opcode.GetVbucket, { vbucket });
    return answer.status === Status.Success ? answer.value.readUInt32BE() : undefined;
  };
  expect(state(1)).toBeUndefined();
  for (const wanted of [1, 2, 3, 4]) {
    expect(client.status(Opcode.SetVbucket, { vbucket: 1, extras: Buffer.of(wanted) })).toBe(Status.Success);
    expect(state(1)).toBe(wanted);
  }
  expect(client.status(Opcode.DeleteVbucket, { vbucket: 1 })).toBe(Status.Success);
  expect(state(1)).toBeUndefined();
});

test('a topology makes durable writes possible, a malformed one closes the connection', () => {
  const server = new Server();
  const client = server.connect();
  const set = (value: string): unknown =>
    client.ask(Opcode.SetVbucket, { vbucket: 1, extras: Buffer.of(1), datatype: 1, value });
  set('{"topology":[["n0",null,null]]}');
  const vbucket = server.bucket.vbuckets[1]!;
  expect(vbucket.syncWrites.isPossible).toBe(false);
  set('{"topology":[["n0","n1"]]}');
  expect(vbucket.syncWrites.isPossible).toBe(true);
  expect(set('{"topology":"x"}')).toEqual([]);
  expect(client.ask(Opcode.Noop)).toEqual([]);
});

test('a state or a vbucket that there is not is refused', () => {
  const client = new Server().connect();
  expect(client.status(Opcode.SetVbucket, { vbucket: 1, extras: Buffer.of(5) })).toBe(Status.Invalid);
  expect(client.status(Opcode.SetVbucket, { vbucket: 4, extras: Buffer.of(1) })).toBe(Status.Invalid);
});

test('a reader changes nothing', () => {
  const server = new Server();
  expect(reader(server).status(Opcode.SetVbucket, { vbucket: 1, extras: Buffer.of(1) })).toBe(Status.Access);
  expect(server.bucket.vbuckets[1]).toBeUndefined();
});
