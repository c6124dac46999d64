import { KEY_BYTES_MAX, LOG_CHARACTERS_MAX } from '../../../src/views/sandbox/prelude.js';
import { Sandbox } from '../../../src/views/sandbox/sandbox.js';

const sandbox = new Sandbox({ timeMs: 10_000, memoryBytes: 16 * 1024 * 1024 });

afterAll(() => sandbox.dispose());

/** What an expression is in a map function, as JSON. */
async function evaluate(expression: string): Promise<unknown> {
  const lines = await sandbox.map([`function (doc, meta) { emit(${expression}); }`], '[[{},{}]]');
  return JSON.parse(lines.startsWith('!') ? lines.slice(1) : lines.split('\n')[1]!);
}

test('sum adds', async () => {
  expect(await evaluate('[sum([1, 2.5, -1]), sum([])]')).toEqual([2.5, 0]);
});

test('dateToArray takes a date apart, in UTC', async () => {
  expect(await evaluate("dateToArray('2013-02-03T04:05:06Z')")).toEqual([2013, 2, 3, 4, 5, 6]);
  expect(await evaluate('dateToArray(new Date(0))')).toEqual([1970, 1, 1, 0, 0, 0]);
  expect(await evaluate("dateToArray('no date')")).toBeNull();
});

test.each(['', 'h', 'he', 'hel', 'hell', '\u00ff\u0000z'])('decodeBase64 gives the bytes of %j', async (text) => {
  const bytes = Buffer.from(text, 'latin1');
  expect(await evaluate(`decodeBase64('${bytes.toString('base64')}')`)).toEqual([...bytes]);
});

test('decodeBase64 takes only texts of whole groups', async () => {
  expect(await evaluate('decodeBase64(1)')).toBe('Input is not a string');
  expect(await evaluate("decodeBase64('abc')")).toBe('Invalid base64 source.');
});

describe('emit', () => {
  test('takes what is not JSON for null', async () => {
    const lines = await sandbox.map(
      ['function () { emit(); emit(undefined, function () {}); emit(NaN, 1/0); }'],
      '[[1,{}]]',
    );
    expect(lines).toBe(`3\n${'null\n'.repeat(6)}`);
  });

  test('takes keys that are below the limit', async () => {
    const ascii = (length: number): string => `'x'.repeat(${length - 2})`;
    const wide = (length: number): string => `'\u00e9'.repeat(${(length - 2) / 2})`;
    for (const key of [ascii, wide]) {
      expect(await evaluate(key(KEY_BYTES_MAX - (key === ascii ? 1 : 2)))).toEqual(expect.any(String));
      expect(await evaluate(key(KEY_BYTES_MAX))).toBe(`too long key emitted: ${KEY_BYTES_MAX} bytes`);
    }
    const emoji = `'\u{1f600}'.repeat(${(KEY_BYTES_MAX - 4) / 4})`;
    expect(Buffer.byteLength((await evaluate(emoji)) as string)).toBe(KEY_BYTES_MAX - 4);
  });

  test('does nothing outside of map functions', async () => {
    const source = 'function (keys, values) { emit(1, 2); return values; }';
    expect(await sandbox.reduce(source, '[[null,[1]]]')).toBe('[1]\n');
  });

  test('keeps what was emitted from later changes', async () => {
    const source = 'function (doc) { var list = [1]; emit(list, list); list.push(2); emit(list); }';
    expect(await sandbox.map([source], '[[1,{}]]')).toBe('2\n[1]\n[1]\n[1,2]\nnull\n');
  });

  test('keeps line breaks and halves of characters apart', async () => {
    const source = "function () { emit('\\u2028\\n', '\\ud800'); }";
    expect(await sandbox.map([source], '[[1,{}]]')).toBe('1\n"\u2028\\n"\n"\\ud800"\n');
  });
});

test('what is logged comes last, with the number of the document', async () => {
  const source = `function (doc) { log('at ' + doc); log(1); log('x'.repeat(${LOG_CHARACTERS_MAX + 1})); }`;
  const lines = (await sandbox.map([source], '[["a",{}],["b",{}]]')).split('\n');
  expect(lines.slice(0, 2)).toEqual(['0', '0']);
  expect(lines[2]).toBe('0,"at a"');
  expect(lines[3]).toBe('0,"Error while logging:Log value is not a string"');
  expect(lines[4]).toBe(`0,"Truncated: ${'x'.repeat(LOG_CHARACTERS_MAX)}"`);
  expect(lines[5]).toBe('1,"at b"');
  expect(lines.at(-1)).toBe('');
});
