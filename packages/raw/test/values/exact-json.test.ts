import { ValueFormatError } from '@cb/protocol';
import fc from 'fast-check';
import { parseJson, stringifyJson } from '../../src/values/exact-json.js';

describe('reading', () => {
  test.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9007199254740993', -9007199254740993n],
    ['18446744073709551615', 18446744073709551615n],
    ['[1,12345678901234567890,2]', [1, 12345678901234567890n, 2]],
    ['{"12345678901234567890" : "12345678901234567890"}', { '12345678901234567890': '12345678901234567890' }],
    [
      '{"a":"\\"12345678901234567890","n":12345678901234567890}',
      { a: '"12345678901234567890', n: 12345678901234567890n },
    ],
    [
      '["n12345678901234567890","s","\\u006e1",12345678901234567890]',
      ['n12345678901234567890', 's', 'n1', 12345678901234567890n],
    ],
    ['1.5000000000000000000', 1.5],
    ['1000000000000000000e1', 1e19],
  ])('%s', (text, value) => expect(parseJson(text)).toEqual(value));

  test.each(['', '{', '12345678901234567890,', '"a" 1'])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});

describe('writing', () => {
  test.each([
    [2n ** 64n - 1n, '18446744073709551615'],
    [{ a: [1n, 'n1', '"s', -5n], n2: 'x' }, '{"a":[1,"n1","\\"s",-5],"n2":"x"}'],
    [{ '"a': 1n, ':': ':' }, '{"\\"a":1,":":":"}'],
    [[new Date(0), 1n, undefined], '["1970-01-01T00:00:00.000Z",1,null]'],
  ])('%p', (value, text) => expect(stringifyJson(value)).toBe(text));

  const circular: unknown[] = [1n];
  circular.push(circular);
  test.each([undefined, () => 1, Symbol('s'), circular])('refuses what JSON cannot express', (value) => {
    expect(() => stringifyJson(value)).toThrow(ValueFormatError);
  });
});

test('values with integers of any size come back as they were', () => {
  const integer = fc.bigInt().map((big) => (Number.isSafeInteger(Number(big)) ? Number(big) : big));
  const { value: anyValue } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      integer,
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(null, true, 'n1', 's', '12345678901234567890'),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(fc.property(anyValue, (value) => expect(parseJson(stringifyJson(value))).toEqual(value)));
});
