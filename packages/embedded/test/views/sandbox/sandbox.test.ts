import { setTimeout } from 'node:timers/promises';
import { InvalidFunction, Sandbox, SandboxError, SandboxTimeout } from '../../../src/views/sandbox/sandbox.js';

/** Short for those who never end, long enough for those who do on a machine with other things to do. */
const LIMITS = { timeMs: 1000, memoryBytes: 16 * 1024 * 1024 };

const DOCUMENTS = '[[{"n":1},{"id":"a"}],[{"n":2},{"id":"b"}]]';

let sandbox: Sandbox;

beforeAll(() => {
  sandbox = new Sandbox(LIMITS);
});

afterAll(() => sandbox.dispose());

async function failure(call: Promise<unknown>): Promise<Error> {
  try {
    await call;
  } catch (error) {
    return error as Error;
  }
  throw new Error('the call succeeded');
}

test('runs every function over every document', async () => {
  const sources = [
    'function (doc, meta) { emit(meta.id, doc.n); }',
    '(doc) => { if (doc.n > 1) { emit(); emit([doc]); } }',
  ];
  const lines = ['1', '"a"', '1', '0', '1', '"b"', '2', '2', 'null', 'null', '[{"n":2}]', 'null', ''];
  expect(await sandbox.map(sources, DOCUMENTS)).toBe(lines.join('\n'));
});

test('reduces and rereduces', async () => {
  const source = 'function (keys, values, rereduce) { return [keys, sum(values), rereduce]; }';
  const answer = await sandbox.reduce(source, '[[["a"],[1,2]],[null,[3,4]]]');
  expect(answer).toBe('[["a"],3,false]\n[null,7,true]\n');
});

test('tells of exceptions, and goes on', async () => {
  const source = 'function (doc) { if (doc.n === 1) throw new TypeError("no"); emit(doc.n); }';
  expect(await sandbox.map([source], DOCUMENTS)).toBe('!"TypeError: no"\n1\n2\nnull\n');
  const nasty = 'function () { throw { toString: function () { throw 1; } }; }';
  expect(await sandbox.map([nasty], DOCUMENTS)).toBe('!"runtime error"\n!"runtime error"\n');
  expect(await sandbox.reduce('function () { null.x; }', '[[null,[]]]')).toMatch(/^!"TypeError: /);
});

test.each([
  ['no source at all', ''],
  ['a number', '42'],
  ['half a function', 'function (doc) {'],
  ['two functions', 'function (a) {} function (b) {}'],
])('%s is not a function', async (_what, source) => {
  expect(await failure(sandbox.check(source))).toBeInstanceOf(InvalidFunction);
  expect(await failure(sandbox.map([source], DOCUMENTS))).toBeInstanceOf(InvalidFunction);
});

test('a function may have a name and a comment behind it', async () => {
  await sandbox.check('function named(doc) { emit(1); } // the end');
});

describe('out of reach', () => {
  test.each(['process', 'require', 'globalThis.fetch', 'setTimeout', 'WebAssembly', 'std', 'os', 'module'])(
    '%s',
    async (name) => {
      const source = `function () { emit(typeof ${name}, (function () {}).constructor('return typeof ${name}')()); }`;
      expect(await sandbox.map([source], '[[1,{}]]')).toBe('1\n"undefined"\n"undefined"\n');
    },
  );

  test('what the prelude works with, and the realms of other functions', async () => {
    const source = `function () {
      JSON.stringify = JSON.parse = String = Error = Array.prototype.push = null;
      globalThis.left = 'behind';
      emit(1, 2);
    }`;
    expect(await sandbox.map([source], '[[1,{}]]')).toBe('1\n1\n2\n');
    expect(await sandbox.map([source], '[[1,{}]]')).toBe('1\n1\n2\n');
    expect(await sandbox.map(['function () { emit(typeof left); }'], '[[1,{}]]')).toBe('1\n"undefined"\nnull\n');
  });
});

describe('ended when it does not end by itself', () => {
  test.each([
    ['a loop', 'while (true) {}'],
    ['a loop that catches everything', 'while (true) { try { while (true) {} } catch {} }'],
    ['an operation of its own that never ends', 'Array.prototype.indexOf.call({ length: 1e15 }, 1);'],
    ['slow operations in a loop', 'var s = "a".repeat(1e6); while (true) s.indexOf("b");'],
    ['a regular expression without hope', '/(a+)+b/.test("a".repeat(40));'],
    ['an exception that loops when it is read', 'throw { toString: function () { while (true) {} } };'],
  ])('%s', async (_what, body) => {
    const ticks: number[] = [];
    const done = failure(sandbox.map([`function () { ${body} }`], DOCUMENTS));
    for (let tick = 0; tick < 5; tick++) {
      await setTimeout(10);
      ticks.push(tick);
    }
    // The host goes on in the meantime.
    expect(ticks).toHaveLength(5);
    expect(await done).toBeInstanceOf(SandboxTimeout);
    expect(await sandbox.map(['function () { emit(1); }'], '[[1,{}]]')).toBe('1\n1\nnull\n');
  });

  test('others are not harmed', async () => {
    const [bad, good] = ['function () { while (true) {} }', 'function () { emit(1); }'];
    const results = await Promise.all([
      failure(sandbox.map([bad], DOCUMENTS)),
      sandbox.map([good], '[[1,{}]]'),
      failure(sandbox.map([bad], DOCUMENTS)),
      sandbox.map([good], '[[1,{}]]'),
    ]);
    expect(results).toEqual([expect.any(SandboxTimeout), '1\n1\nnull\n', expect.any(SandboxTimeout), '1\n1\nnull\n']);
  });
});

describe('kept within its memory', () => {
  test.each([
    ['an array', 'var list = []; while (true) list.push(new Array(1000).fill(list.length));'],
    ['a string', 'var s = "x"; while (true) s += s;'],
    ['a tree', 'var tree = {}; while (true) tree = { left: tree, right: "x".repeat(1000) };'],
  ])('%s that grows and grows', async (_what, body) => {
    const before = process.memoryUsage().heapUsed;
    const source = `function () { ${body} }`;
    const outcome = await sandbox.map([source], DOCUMENTS).catch((error: Error) => error);
    expect(outcome instanceof SandboxError || /^!"/.test(outcome as string)).toBe(true);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(4 * LIMITS.memoryBytes);
    expect(await sandbox.map(['function () { emit(1); }'], '[[1,{}]]')).toBe('1\n1\nnull\n');
  });

  test.each([
    ['calls', 'function f() { return f() + 1; } f();'],
    ['getters', 'var p = new Proxy({}, { get: function (t, k, r) { return r[k]; } }); p.x;'],
    ['what a text nests', 'JSON.parse("[".repeat(100000));'],
  ])('the depth of %s', async (_what, body) => {
    const source = `function () { ${body} }`;
    const outcome = await sandbox.map([source], '[[1,{}]]').catch((error: Error) => error);
    expect(outcome instanceof SandboxError || /^!"/.test(outcome as string)).toBe(true);
    expect(await sandbox.map(['function () { emit(1); }'], '[[1,{}]]')).toBe('1\n1\nnull\n');
  });
});

test('keeps more designs than it has room for', async () => {
  for (let turn = 0; turn < 2; turn++) {
    for (let index = 0; index < 40; index++) {
      expect(await sandbox.map([`function () { emit(${index}); }`], '[[1,{}]]')).toBe(`1\n${index}\nnull\n`);
    }
  }
});

test('does nothing any more once it is disposed of', async () => {
  const other = new Sandbox(LIMITS);
  const running = failure(other.map(['function () { while (true) {} }'], DOCUMENTS));
  const waiting = failure(other.check('function () {}'));
  await setTimeout(50);
  await other.dispose();
  expect(await running).toBeInstanceOf(SandboxError);
  expect(await waiting).toBeInstanceOf(SandboxError);
  expect(await failure(other.check('function () {}'))).toMatchObject({ message: 'the cluster is stopped' });
});
