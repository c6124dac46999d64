import { readNamed, readParameters } from '../../src/query/parameters.js';
import { UsageError } from '../../src/terminal/usage-error.js';

test('are values of JSON, by place or by name', () => {
  expect(readParameters([], [])).toBeUndefined();
  const texts = ['1', '"a"', '[null]', '12345678901234567890'];
  expect(readParameters(texts, [])).toEqual([1, 'a', [null], 12345678901234567890n]);
  expect(readParameters([], ['a=1', '$b={"c":"x=y"}'])).toEqual({ a: 1, b: { c: 'x=y' } });
});

test.each<[string, () => unknown]>([
  ['--arg must be JSON', () => readParameters(['Ann'], [])],
  ['a must be JSON', () => readNamed('a=Ann')],
  ['a parameter is NAME=JSON', () => readNamed('a')],
  ['a parameter is NAME=JSON', () => readNamed('=1')],
  ['--arg and --param cannot be combined', () => readParameters(['1'], ['a=1'])],
])('%s', (message, read) => {
  expect(read).toThrow(UsageError);
  expect(read).toThrow(message);
});
