import { getEventListeners } from 'node:events';
import { CancelledError, Opcode } from '@cb/protocol';
import { RawBucket } from '@cb/raw';
import type { ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { answerUnlessSilent, connectTo, keyOf, quietNode } from './quiet-node.js';
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

/** Waits until the node has received requests with this opcode. */
async function received(opcode: number, count = 1): Promise<void> {
  while (node.received.filter((each) => each === opcode).length < count) await allIsQuiet();
}

test('an operation that was called off in its own turn fails without calling back from cancel', async () => {
  const calls = new TerminalCalls(bucket.get('k'));
  expect(calls.result.cancel('changed my mind')).toBe(true);
  expect(calls.all).toEqual([]);
  const error = await calls.error();
  expect(error).toBeInstanceOf(CancelledError);
  expect(error).toMatchObject({ key: 'k', operation: 'get', cause: 'changed my mind', ambiguous: false });
  expect(error.result).toMatchObject({ key: 'k', success: false });
  await allIsQuiet();
  expect(calls.all).toHaveLength(1);
});

test('an operation on the wire fails, and its late answer finds nobody', async () => {
  node.script = (frame, socket) => {
    if (frame.opcode === Opcode.Get && keyOf(frame) === 'silent') {
      const late = Buffer.from(frame.bytes.subarray(frame.start, frame.end));
      late.fill(0, 2, 12);
      late[0] = 0x81;
      setTimeout(() => socket.write(late.subarray(0, 24)), 100);
    }
    return answerUnlessSilent(frame);
  };
  const calls = new TerminalCalls(bucket.get('silent'));
  await received(Opcode.Get);
  expect(calls.result.cancel()).toBe(true);
  expect(await calls.error()).toBeInstanceOf(CancelledError);
  await new Promise((resolve) => setTimeout(resolve, 120));
  await allIsQuiet();
  expect(calls.all).toHaveLength(1);
  expect((await new TerminalCalls(bucket.get('k')).value()).value).toBe('answered');
});

test('a mutation that the server may have carried out is ambiguous, a read is not', async () => {
  const mutation = new TerminalCalls(bucket.upsert('silent', 1));
  const read = new TerminalCalls(bucket.get('silent too'));
  await received(Opcode.Get);
  mutation.result.cancel();
  read.result.cancel();
  expect(await mutation.error()).toMatchObject({ ambiguous: true, attempts: 1 });
  expect(await read.error()).toMatchObject({ ambiguous: false });
});

test('there is nothing to cancel twice, or after the answer', async () => {
  const cancelled = new TerminalCalls(bucket.get('silent'));
  expect(cancelled.result.cancel()).toBe(true);
  expect(cancelled.result.cancel()).toBe(false);
  const answered = new TerminalCalls(bucket.get('k'));
  await answered.value();
  expect(answered.result.cancel()).toBe(false);
  await allIsQuiet();
  expect(cancelled.all).toHaveLength(1);
  expect(answered.all).toHaveLength(1);
});

test('other operations on the same connection are not disturbed', async () => {
  const all = Array.from({ length: 100 }, (_none, index) => new TerminalCalls(bucket.get(`k${index}`)));
  for (const [index, calls] of all.entries()) if (index % 2 === 0) calls.result.cancel();
  await Promise.all(all.map(({ first }) => first));
  await allIsQuiet();
  expect(all.map(({ all: [call], all: { length } }) => [call?.slot, length])).toEqual(
    all.map((_calls, index) => [index % 2 === 0 ? 'errback' : 'callback', 1]),
  );
});

test('waiting for connect can be called off, which does not stop it for others', async () => {
  const other = new RawBucket(node.connectionString, { username: 'u', password: 'p' });
  const calls = new TerminalCalls(other.connect());
  const waiting = new TerminalCalls(other.connect());
  expect(calls.result.cancel('enough')).toBe(true);
  expect(calls.all).toEqual([]);
  expect(await calls.error()).toMatchObject({ code: 'cancelled', cause: 'enough' });
  expect(calls.result.cancel()).toBe(false);
  await waiting.value();
  expect(other.connected).toBe(true);
  await allIsQuiet();
  expect(calls.all).toHaveLength(1);
  other.destroy();
});

describe('an AbortSignal', () => {
  test('cancels with its reason as the cause', async () => {
    const controller = new AbortController();
    const reason = new Error('the user went away');
    const calls = new TerminalCalls(bucket.get('silent', { signal: controller.signal }));
    await received(Opcode.Get);
    controller.abort(reason);
    expect(calls.all).toEqual([]);
    const error = await calls.error();
    expect(error).toBeInstanceOf(CancelledError);
    expect(error.cause).toBe(reason);
  });

  test('that is aborted already sends nothing, and still calls back later', async () => {
    const calls = new TerminalCalls(bucket.upsert('k', 1, { signal: AbortSignal.abort() }));
    const noop = new TerminalCalls(bucket.noop({ signal: AbortSignal.abort() }));
    expect(calls.all).toEqual([]);
    expect(await calls.error()).toMatchObject({ code: 'cancelled', ambiguous: false, attempts: 0 });
    expect(await noop.error()).toMatchObject({ code: 'cancelled' });
    await new TerminalCalls(bucket.get('k')).value();
    expect(node.received).not.toContain(Opcode.Set);
    expect(node.received).not.toContain(Opcode.Noop);
  });

  test('of many operations cancels them all, and is not held on to by those that are settled', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    await new TerminalCalls(bucket.get('k', { signal })).value();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const all = ['silent1', 'silent2', 'silent3'].map((key) => new TerminalCalls(bucket.get(key, { signal })));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    controller.abort();
    const errors = await Promise.all(all.map((calls) => calls.error()));
    expect(errors.map(({ code, key }) => [code, key])).toEqual([
      ['cancelled', 'silent1'],
      ['cancelled', 'silent2'],
      ['cancelled', 'silent3'],
    ]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('is not held on to by an operation that was refused', () => {
    const { signal } = new AbortController();
    expect(() => bucket.get('k', { signal, ttl: -1 })).toThrow('ttl');
    expect(() => bucket.upsert('k', undefined, { signal })).toThrow('undefined');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('that is aborted after the answer changes nothing', async () => {
    const controller = new AbortController();
    const calls = new TerminalCalls(bucket.get('k', { signal: controller.signal }));
    await calls.value();
    controller.abort();
    await allIsQuiet();
    expect(calls.all).toHaveLength(1);
  });
});
