import { BlockingSandbox } from '../../../src/views/sandbox/blocking-sandbox.js';
import {
  InvalidFunction,
  SandboxError,
  SandboxTimeout,
  SandboxUnavailable,
} from '../../../src/views/sandbox/sandbox.js';

/** Short for those who never end, long enough for those who do on a machine with other things to do. */
const LIMITS = { timeMs: 1000, memoryBytes: 16 * 1024 * 1024 };

/** Longest time for calls that end by themselves, in milliseconds. */
const LONG_MS = 60_000;

const ENDLESS = '(unused, values) => { for (;;); }';

let sandbox: BlockingSandbox;

beforeAll(async () => {
  sandbox = new BlockingSandbox({ ...LIMITS, timeMs: LONG_MS });
  await sandbox.prepare();
});

afterAll(() => sandbox.dispose());

test('the result of a call is there when it returns', () => {
  const source = '(unused, [a, b]) => ({ sum: a + b, missing: undefined })';
  expect(sandbox.call(source, '[1,2]', LONG_MS)).toBe('{"sum":3}');
  expect(sandbox.call(source, '["x","y"]', LONG_MS)).toBe('{"sum":"xy"}');
  expect(sandbox.call('() => undefined', '[]', LONG_MS)).toBe('null');
});

test('what a function throws is thrown, and the next call is served', () => {
  expect(() => sandbox.call('() => { throw new TypeError("no"); }', '[]', LONG_MS)).toThrow(
    new SandboxError('TypeError: no'),
  );
  expect(() => sandbox.call('"not a function"', '[]', LONG_MS)).toThrow(InvalidFunction);
  expect(sandbox.call('() => 1', '[]', LONG_MS)).toBe('1');
});

test('a function that does not end is ended at the limit of the call or of the sandbox', async () => {
  expect(() => sandbox.call(ENDLESS, '[]', 50)).toThrow(SandboxTimeout);
  expect(sandbox.call('() => 2', '[]', LONG_MS)).toBe('2');
  const short = new BlockingSandbox({ ...LIMITS, timeMs: 50 });
  await short.prepare();
  expect(() => short.call(ENDLESS, '[]', LONG_MS)).toThrow(SandboxTimeout);
  short.dispose();
});

test('a function that takes too much memory fails, and the next call is served', () => {
  const greedy = '() => { const all = []; for (;;) all.push(new Array(1000).fill(0)); }';
  expect(() => sandbox.call(greedy, '[]', LONG_MS)).toThrow(SandboxError);
  expect(sandbox.call('() => 3', '[]', LONG_MS)).toBe('3');
});

test('nothing of the process is within reach', () => {
  const names = ['process', 'require', 'globalThis.Worker', 'fetch', 'setTimeout'];
  const source = `() => [${names.map((name) => `typeof ${name}`).join()}]`;
  expect(sandbox.call(source, '[]', LONG_MS)).toBe(JSON.stringify(names.map(() => 'undefined')));
});

test('without the interpreter nothing can be called', () => {
  expect(() => new BlockingSandbox(LIMITS).call('() => 1', '[]', LONG_MS)).toThrow(SandboxUnavailable);
});

test('after its end a sandbox serves again', async () => {
  sandbox.dispose();
  expect(sandbox.call('() => 4', '[]', LONG_MS)).toBe('4');
});
