import { Opcode, TimeoutError } from '@cb/protocol';
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

test('is two and a half seconds unless the bucket or the operation says otherwise', async () => {
  expect(bucket.timeout).toBe(2500);
  const started = performance.now();
  const calls = new TerminalCalls(bucket.get('silent'));
  const error = await calls.error();
  const elapsed = performance.now() - started;
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error.message).toBe('get was not answered within 2500 ms');
  expect(elapsed).toBeGreaterThanOrEqual(2490);
  bucket.timeout = 30;
  expect((await new TerminalCalls(bucket.get('silent')).error()).message).toContain('30 ms');
  expect((await new TerminalCalls(bucket.get('silent', { timeout: 20 })).error()).message).toContain('20 ms');
});

test('tells which operation, key and node, and whether the server may have carried it out', async () => {
  const read = await new TerminalCalls(bucket.get('silent', { timeout: 20 })).error();
  expect(read).toMatchObject({
    operation: 'get',
    key: 'silent',
    node: `127.0.0.1:${node.port}`,
    attempts: 1,
    ambiguous: false,
    result: { key: 'silent', success: false },
  });
  const write = await new TerminalCalls(bucket.upsert('silent', 1, { timeout: 20 })).error();
  expect(write).toMatchObject({ operation: 'upsert', ambiguous: true });
});

test('is each operation its own: shorter ones end first, whatever their order', async () => {
  const ended: number[] = [];
  // Farther apart than the loop can be held up without the deadlines moving: no two are found overdue together.
  const all = [620, 20, 320].map(async (timeout) => {
    await new TerminalCalls(bucket.get('silent', { timeout })).error();
    ended.push(timeout);
  });
  await Promise.all(all);
  expect(ended).toEqual([20, 320, 620]);
});

test('makes one call though the answer comes later, and the connection goes on', async () => {
  let answers = 0;
  node.script = (frame, socket) => {
    if (frame.opcode !== Opcode.Get || answers > 0) return answerUnlessSilent(frame);
    answers++;
    const header = Buffer.alloc(24);
    header[0] = 0x81;
    header.writeUInt32BE(frame.opaque, 12);
    setTimeout(() => socket.write(header), 60);
    return 'silence';
  };
  const calls = new TerminalCalls(bucket.get('late', { timeout: 20 }));
  expect(await calls.error()).toBeInstanceOf(TimeoutError);
  await new Promise((resolve) => setTimeout(resolve, 80));
  await allIsQuiet();
  expect(calls.all).toHaveLength(1);
  expect((await new TerminalCalls(bucket.get('k')).value()).value).toBe('answered');
  expect(node.connections.size).toBe(1);
});

test('an errback may cancel another operation that is overdue too: each makes one call', async () => {
  const all = Array.from({ length: 4 }, () => new TerminalCalls(bucket.get('silent', { timeout: 20 })));
  const results = all.map(({ result }) => result);
  const { errback } = results[0]!;
  results[0]!.errback = (...args) => {
    errback?.(...args);
    for (const result of results) result.cancel();
  };
  await Promise.all(all.map(({ first }) => first));
  await allIsQuiet();
  expect(all.map(({ all: calls }) => calls.length)).toEqual([1, 1, 1, 1]);
});

test('an errback may destroy the bucket while others are overdue: each makes one call', async () => {
  const all = Array.from({ length: 4 }, () => new TerminalCalls(bucket.upsert('silent', 1, { timeout: 20 })));
  const first = all[0]!.result;
  const { errback } = first;
  first.errback = (...args) => {
    errback?.(...args);
    bucket.destroy();
  };
  await Promise.all(all.map((calls) => calls.first));
  await allIsQuiet();
  expect(all.map(({ all: calls }) => calls.length)).toEqual([1, 1, 1, 1]);
});

test('is kept while there is no connection', async () => {
  node.script = () => 'hang up';
  for (const socket of node.connections) socket.destroy();
  await allIsQuiet();
  const error = await new TerminalCalls(bucket.upsert('k', 1, { timeout: 60 })).error();
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ ambiguous: false, attempts: 0, retryReasons: ['node_not_available'] });
  expect(error.cause).toBeDefined();
});
