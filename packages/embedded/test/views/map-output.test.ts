import { readMapOutput } from '../../src/views/map-output.js';
import { SandboxError } from '../../src/views/sandbox/sandbox.js';

test('is read line by line', () => {
  const text = '1\n["a"]\nnull\n0\n!"no"\n2\n1\n{}\n2\n"x"\n1,"said"\n';
  const { mapped, logged } = readMapOutput(text, 2, 2);
  expect(mapped).toEqual([
    [[{ key: ['a'], keyText: '["a"]', valueText: 'null' }], []],
    [
      { error: 'no' },
      [
        { key: 1, keyText: '1', valueText: '{}' },
        { key: 2, keyText: '2', valueText: '"x"' },
      ],
    ],
  ]);
  expect(logged).toEqual([{ document: 1, message: 'said' }]);
});

test('without functions there is none', () => {
  expect(readMapOutput('', 3, 0)).toEqual({ mapped: [[], [], []], logged: [] });
});

test.each([
  ['too few lines', '1\n1\n'],
  ['no number', 'x\n'],
  ['a negative number', '-1\n'],
  ['a key that is not JSON', '1\nx\nnull\n'],
  ['an error that is not JSON', '!x\n'],
  ['nothing', ''],
])('with %s it is not believed', (_what, text) => {
  expect(() => readMapOutput(text, 1, 1)).toThrow(SandboxError);
});
