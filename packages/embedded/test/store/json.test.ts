import fc from 'fast-check';
import { isJson } from '../../src/store/json.js';

function check(text: string | Buffer): boolean {
  return isJson(Buffer.from(text as string));
}

test.each([
  '42',
  '"a"',
  'true',
  'false',
  'null',
  '[1,2]',
  '{}',
  '[]',
  '  { "a" : 1 }  ',
  '-1.5e10',
  '0',
  '-0',
  '1E+2',
  '"\\u00e9\\n"',
])('JSON: %s', (text) => expect(check(text)).toBe(true));

test.each([
  '',
  ' ',
  'NaN',
  '{"a":',
  '[1,]',
  '{"a":1,}',
  '{,}',
  '[,]',
  '01',
  '1.',
  '.5',
  '+1',
  '-',
  '1e',
  "'a'",
  '{a:1}',
  '{"a" 1}',
])('not JSON: %j', (text) => expect(check(text)).toBe(false));

test.each([
  'tru',
  'nul',
  '"',
  '"\\x"',
  '"\\u12g4"',
  '"\\u12"',
  '"\t"',
  '1 2',
  '{}x',
  '[1]]',
  '[1}',
  '{"a":1]',
  '[',
  '{"a"',
  '{"a":1,',
])('not JSON either: %j', (text) => expect(check(text)).toBe(false));

test('bytes that are not UTF-8 are not JSON', () => {
  expect(check(Buffer.from([0x22, 0xe9, 0x22]))).toBe(false);
  expect(check(Buffer.from('"é"'))).toBe(true);
});

test('nesting needs no stack', () => {
  expect(check('['.repeat(100_000) + ']'.repeat(100_000))).toBe(true);
  expect(check('['.repeat(100_000) + ']'.repeat(99_999))).toBe(false);
});

test('accepts whatever JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 3 }), (value, indent) =>
      check(JSON.stringify(value, null, indent)),
    ),
  );
});

test('agrees with JSON.parse on damaged text', () => {
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[],:"\\0123eE+-. \u0007ntfx'))
    .map(([text, at, insert]) => {
      const cut = at % (text.length + 1);
      return text.slice(0, cut) + insert + text.slice(cut + (at % 3));
    });
  fc.assert(
    fc.property(damaged, (text) => {
      // A lone half of a surrogate pair has no UTF-8 form: Buffer.from writes another character in its place.
      fc.pre(Buffer.from(text).toString() === text);
      let parses = true;
      try {
        JSON.parse(text);
      } catch {
        parses = false;
      }
      return check(text) === parses;
    }),
    { numRuns: 500 },
  );
});
