import fc from 'fast-check';
import { compareBytes, compareKeys, compareStrings, type Json } from '../../src/views/collation.js';

/** The order that CouchDB's documentation gives as an example, "Collation Specification". */
const SPECIFIED: readonly Json[] = [
  null,
  false,
  true,
  1,
  2,
  3.0,
  4,
  'a',
  'A',
  'aa',
  'b',
  'B',
  'ba',
  'bb',
  ['a'],
  ['b'],
  ['b', 'c'],
  ['b', 'c', 'a'],
  ['b', 'd'],
  ['b', 'd', 'e'],
  { a: 1 },
  { a: 2 },
  { b: 1 },
  { b: 2 },
  { b: 2, a: 1 },
  { b: 2, c: 2 },
];

/** Pairs from the server's own test, couchbase/couchdb, 01-collation.t, the lesser first. */
const LESSER: readonly (readonly [string, string])[] = [
  ['null', 'true'],
  ['null', 'false'],
  ['false', 'true'],
  ['null', '111'],
  ['true', '111'],
  ['1', '123'],
  ['-123', '123'],
  ['123', '123.0001'],
  ['-123.1', '123.2'],
  ['123', '123e1'],
  ['0', '3.1415'],
  ['123456', '[]'],
  ['123456', '[null,true,false]'],
  ['[1,2]', '[1,2,3]'],
  ['[1,2]', '[1,2,0]'],
  ['[1,2,0]', '[1,2.1]'],
  ['[1,2.1,null]', '[1,2.1,true]'],
  ['[1,2.1,null,0]', '[1,2.1,true,55]'],
  ['125.4e3', '""'],
  ['["abc",""]', '["abc","1a"]'],
  ['"abcdefghijklmniopqrstuvwxyz1234567890"', '"abcdefghijklmniopqrstuvwxyz1234567890X"'],
  ['[]', '{}'],
  ['"foo bar"', '{}'],
  ['{}', '{"prop1":null}'],
  ['{"prop1":123}', '{"prop1":7777}'],
  ['{"prop1":123}', '{"prop1":123,"prop2":"abc"}'],
  ['{"prop1":123,"prop2":"aba"}', '{"prop1":123,"prop2":"abc"}'],
];

/** Keys, often nearly the same as each other. */
const key = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'key' },
    fc.constantFrom<Json>(null, false, true, 0, -1, 1.5, 1e300, '', 'a', 'A', 'b', 'ä', '法', '\u{1f600}', '-', 'a b'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 2, noNullPrototype: true }),
  ),
})).value;

test('values are in the specified order', () => {
  for (const [low, a] of SPECIFIED.entries()) {
    for (const [high, b] of SPECIFIED.entries()) expect(Math.sign(compareKeys(a, b))).toBe(Math.sign(low - high));
  }
});

test.each(LESSER)('%s is before %s', (a, b) => {
  expect(compareKeys(JSON.parse(a), JSON.parse(b))).toBeLessThan(0);
  expect(compareKeys(JSON.parse(b), JSON.parse(a))).toBeGreaterThan(0);
});

test('numbers that are too great for a double are equal', () => {
  expect(compareKeys(JSON.parse('1e999'), JSON.parse('2e999'))).toBe(0);
  expect(compareKeys(JSON.parse('-1e999'), JSON.parse('1e999'))).toBeLessThan(0);
});

test('strings do not go by the locale of the process', () => {
  // In Swedish ä comes after z, in the root collation after a.
  expect(['z', 'ä', 'a'].sort(compareStrings)).toEqual(['a', 'ä', 'z']);
});

test('the order is total', () => {
  fc.assert(
    fc.property(key, key, key, (a, b, c) => {
      expect(compareKeys(a, a)).toBe(0);
      expect(Math.sign(compareKeys(a, b))).toBe(-Math.sign(compareKeys(b, a)) + 0);
      const [low, middle, high] = [a, b, c].sort(compareKeys);
      expect(compareKeys(low!, middle!)).toBeLessThanOrEqual(0);
      expect(compareKeys(low!, high!)).toBeLessThanOrEqual(0);
    }),
  );
});

test('bytes go by their numbers', () => {
  expect(['b', '\xff', 'B', ''].sort(compareBytes)).toEqual(['', 'B', 'b', '\xff']);
  expect(compareBytes('a', 'a')).toBe(0);
});
