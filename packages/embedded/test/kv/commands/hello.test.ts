import { Feature, Opcode, Status } from '@cb/protocol';
import { KvSession } from '../../../src/kv/session.js';
import { testNode } from '../../test-node.js';
import { RecordingTransport } from '../recording-transport.js';
import { requestBytes } from '../request-bytes.js';

function hello(codes: readonly number[], agent = '', session = newSession()) {
  const { transport } = session;
  const value = Buffer.from(codes.flatMap((code) => [code >> 8, code & 0xff]));
  transport.writes.length = 0;
  session.receive(requestBytes(Opcode.Hello, { key: agent, value }));
  return transport.frames[0]!;
}

function newSession(): KvSession & { transport: RecordingTransport } {
  const transport = new RecordingTransport();
  return Object.assign(new KvSession(testNode().node, transport), { transport });
}

test('what is granted comes in order, once, without what nobody knows', () => {
  const answer = hello([
    Feature.Json,
    Feature.Xerror,
    0x7777,
    Feature.Json,
    Feature.SelectBucket,
    Feature.SnappyEverywhere,
  ]);
  expect(answer.value.toString('hex')).toBe('00070008000b0013');
});

test('each request replaces what was agreed before', () => {
  const session = newSession();
  hello([Feature.Json, Feature.Xerror], 'agent/1', session);
  expect([session.features.json, session.features.xerror, session.agent]).toEqual([true, true, 'agent/1']);
  hello([Feature.Xerror], 'agent/2', session);
  expect([session.features.json, session.features.xerror, session.agent]).toEqual([false, true, 'agent/2']);
});

// The words are those of a 7.2.4 server, as recorded.
test.each<[number[], string, string]>([
  [[Feature.TcpNoDelay, Feature.TcpDelay], '', 'TCPNODELAY cannot co-exist with TCPDELAY'],
  [[Feature.ClustermapChangeNotification], '', 'Clustermap change notification needs Duplex'],
  [[Feature.Json], 'a'.repeat(251), 'Key length exceeds 250'],
])('%p is refused, and nothing changes', (codes, agent, context) => {
  const session = newSession();
  hello([Feature.Xerror], '', session);
  const answer = hello(codes, agent, session);
  expect(answer.status).toBe(Status.Invalid);
  expect(JSON.parse(answer.value.toString()).error.context).toBe(context);
  expect(session.features.xerror).toBe(true);
});

test('traced answers tell how long the server took, save the one that agrees to it', () => {
  const session = newSession();
  expect(hello([Feature.Tracing, Feature.Xerror], '', session).framingLength).toBe(0);
  session.transport.writes.length = 0;
  session.receive(requestBytes(Opcode.Noop));
  const [answer] = session.transport.frames;
  expect(answer!.framing[0]).toBe(0x02);
  expect(answer!.framingLength).toBe(3);
});
