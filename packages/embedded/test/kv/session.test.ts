import { Opcode, Status } from '@cb/protocol';
import { KvSession } from '../../src/kv/session.js';
import { testNode } from '../test-node.js';
import { RecordingTransport } from './recording-transport.js';
import { requestBytes } from './request-bytes.js';

const { node, warnings } = testNode();

function signedIn(): { session: KvSession; transport: RecordingTransport } {
  const transport = new RecordingTransport();
  const session = new KvSession(node, transport);
  session.signIn(node.users.get('Administrator'));
  return { session, transport };
}

test('what a chunk asks for leaves in one write, or in parts of 64 KiB while the rest is made', () => {
  const { session, transport } = signedIn();
  const opaques = Array.from({ length: 6000 }, (_none, opaque) => opaque);
  session.receive(Buffer.concat(opaques.map((opaque) => requestBytes(Opcode.Noop, { opaque }))));
  // 24 bytes each: a part leaves with the answer that makes it longer than that.
  const part = 24 * Math.ceil((64 * 1024 + 1) / 24);
  expect(transport.writes.map(({ length }) => length)).toEqual([part, part, 24 * 6000 - 2 * part]);
  expect(transport.frames.map(({ opaque }) => opaque)).toEqual(opaques);
});

test('all that a short chunk asks for is answered in one write', () => {
  const { session, transport } = signedIn();
  session.receive(Buffer.concat([1, 2, 3].map((opaque) => requestBytes(Opcode.Noop, { opaque }))));
  expect(transport.writes).toHaveLength(1);
  expect(transport.frames.map((frame) => [frame.opcode, frame.status, frame.opaque])).toEqual([
    [Opcode.Noop, Status.Success, 1],
    [Opcode.Noop, Status.Success, 2],
    [Opcode.Noop, Status.Success, 3],
  ]);
});

test('a malformed frame ends the session silently, after the answers to what came before it', () => {
  const { session, transport } = signedIn();
  session.receive(Buffer.concat([requestBytes(Opcode.Noop), Buffer.alloc(24, 0x55), requestBytes(Opcode.Noop)]));
  expect(transport.frames).toHaveLength(1);
  expect(transport.isClosed).toBe(true);
  session.receive(requestBytes(Opcode.Noop));
  expect(transport.frames).toHaveLength(1);
});

test('a slow reader is not served until its backlog is gone', () => {
  const { session, transport } = signedIn();
  transport.backlogBytes = 5 * 1024 * 1024;
  session.receive(Buffer.concat([requestBytes(Opcode.Noop, { opaque: 1 }), requestBytes(Opcode.Noop, { opaque: 2 })]));
  expect(transport.frames).toHaveLength(0);
  expect(transport.pauses).toBe(1);
  transport.backlogBytes = 0;
  session.drained();
  expect(transport.frames.map((frame) => frame.opaque)).toEqual([1, 2]);
  expect(transport.resumes).toBe(1);
});

test('an unknown opcode gets the answer of the protocol and a warning that names it', () => {
  const { session, transport } = signedIn();
  session.receive(requestBytes(0xee));
  expect(transport.frames[0]!.status).toBe(Status.UnknownCommand);
  expect(warnings).toEqual([expect.stringContaining('0xee')]);
});

test('before authentication a request without XERROR agreed closes the connection', () => {
  const transport = new RecordingTransport();
  const session = new KvSession(node, transport);
  session.receive(requestBytes(Opcode.Noop));
  expect(transport.frames).toHaveLength(0);
  expect(transport.isClosed).toBe(true);
});

test('before anybody has signed in a frame of 16 KiB is the longest', () => {
  const oversized = requestBytes(Opcode.Hello, { value: Buffer.alloc(16 * 1024) });
  const stranger = new RecordingTransport();
  const session = new KvSession(node, stranger);
  session.receive(requestBytes(Opcode.Hello, { value: Buffer.alloc(16 * 1024 - 24) }));
  expect([stranger.frames.length, stranger.isClosed]).toEqual([1, false]);
  session.receive(oversized.subarray(0, 24));
  expect(stranger.isClosed).toBe(true);

  const known = signedIn();
  known.session.receive(oversized);
  expect([known.transport.frames.length, known.transport.isClosed]).toEqual([1, false]);
  known.session.signIn(undefined);
  known.session.receive(oversized);
  expect(known.transport.isClosed).toBe(true);
});
