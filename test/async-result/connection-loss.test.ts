import { AuthError, NetworkError, ObjectDestroyedError, Opcode, Status } from '@cb/protocol';
import type { RawBucket } from '@cb/raw';
import type { ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { answerUnlessSilent, connectTo, quietNode } from './quiet-node.js';
import { allIsQuiet, TerminalCalls } from './terminal-calls.js';

let node: ScriptedNode;
let bucket: RawBucket;

beforeEach(async () => {
  node = await quietNode();
  bucket = await connectTo(node);
});

afterEach(async () => {
  bucket.destroy();
  await node[Symbol.asyncDispose]();
});

/** The node closes its connections as soon as it is asked to store something, once. */
function hangUpOnce(): void {
  let hung = false;
  node.script = (frame) => {
    if (frame.opcode !== Opcode.Set || hung) return answerUnlessSilent(frame);
    hung = true;
    return 'hang up';
  };
}

test('a mutation on the wire fails as ambiguous, a read is sent again', async () => {
  hangUpOnce();
  const mutation = new TerminalCalls(bucket.upsert('k', 1));
  const read = new TerminalCalls(bucket.get('k'));
  const error = await mutation.error();
  expect(error).toBeInstanceOf(NetworkError);
  expect(error).toMatchObject({ operation: 'upsert', key: 'k', ambiguous: true, attempts: 1 });
  expect((await read.value()).value).toBe('answered');
  await allIsQuiet();
  expect([mutation.all.length, read.all.length]).toEqual([1, 1]);
});

test('the bucket may be destroyed by the errback of a lost mutation: each operation makes one call', async () => {
  hangUpOnce();
  const mutations = [new TerminalCalls(bucket.upsert('k', 1)), new TerminalCalls(bucket.upsert('l', 2))];
  const read = new TerminalCalls(bucket.get('k'));
  const first = mutations[0]!.result;
  const { errback } = first;
  first.errback = (...args) => {
    errback?.(...args);
    bucket.destroy();
  };
  expect(await read.error()).toBeInstanceOf(ObjectDestroyedError);
  expect(await mutations[1]!.error()).toBeInstanceOf(NetworkError);
  await allIsQuiet();
  expect([...mutations, read].map(({ all }) => all.length)).toEqual([1, 1, 1]);
});

test('an errback may cancel another operation that was lost with it: each makes one call', async () => {
  hangUpOnce();
  const all = [1, 2, 3].map((value) => new TerminalCalls(bucket.upsert(`k${value}`, value)));
  const first = all[0]!.result;
  const { errback } = first;
  first.errback = (...args) => {
    errback?.(...args);
    for (const { result } of all) result.cancel();
  };
  await Promise.all(all.map((calls) => calls.first));
  await allIsQuiet();
  expect(all.map(({ all: calls }) => calls.length)).toEqual([1, 1, 1]);
});

test('what waits for a node that refuses the login until the deadline fails with that, each with an error of its own', async () => {
  for (const socket of node.connections) socket.destroy();
  node.script = (frame) =>
    frame.opcode === Opcode.SaslAuth ? { status: Status.AuthError } : answerUnlessSilent(frame);
  await allIsQuiet();
  const waiting = ['a', 'b'].map((key) => new TerminalCalls(bucket.get(key)));
  const errors = await Promise.all(waiting.map((calls) => calls.error()));
  for (const [index, error] of errors.entries()) {
    expect(error).toBeInstanceOf(AuthError);
    expect(error.result).toBe(waiting[index]?.result.get(error.key!));
    expect(error.allResults).toBe(waiting[index]?.result);
  }
  expect(errors.map(({ key }) => key)).toEqual(['a', 'b']);
});

test('an answer that is not one breaks the connection, and the next operation has a new one', async () => {
  node.script = (frame) =>
    frame.opcode === Opcode.Set ? { bytes: Buffer.alloc(24, 0x77) } : answerUnlessSilent(frame);
  const error = await new TerminalCalls(bucket.upsert('k', 1)).error();
  expect(error).toMatchObject({ code: 'network_failure', ambiguous: true, cause: { code: 'protocol' } });
  expect((await new TerminalCalls(bucket.get('k')).value()).value).toBe('answered');
});

test('an answer of the wrong shape fails its operation and no other', async () => {
  node.script = (frame) =>
    frame.opcode === Opcode.GetAndTouch ? { status: Status.Success, value: 'no flags' } : answerUnlessSilent(frame);
  const broken = new TerminalCalls(bucket.get('k', { ttl: 5 }));
  const good = new TerminalCalls(bucket.get('k'));
  expect(await broken.error()).toMatchObject({ code: 'protocol', message: expect.stringContaining('extras') });
  expect((await good.value()).value).toBe('answered');
  expect(node.connections.size).toBe(1);
});

test('a status that nobody knows is an error that names it', async () => {
  node.script = (frame) => (frame.opcode === Opcode.Set ? { status: 0x7abc } : answerUnlessSilent(frame));
  const error = await new TerminalCalls(bucket.upsert('k', 1)).error();
  expect(error.status).toBe(0x7abc);
  expect(error.message).toContain('0x7abc');
});
