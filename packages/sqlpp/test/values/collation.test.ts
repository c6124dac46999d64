import * as fc from 'fast-check';
import { compare, compareStrings } from '../../src/values/collation.js';
import { equal, identityKey, isSame } from '../../src/values/equality.js';
import { jsonText } from '../../src/values/json-text.js';
import { addNumbers, fromDouble, fromInteger, numberText } from '../../src/values/numbers.js';
import type { Value } from '../../src/values/value.js';
import { VALUES } from '../functions/values.js';

const ASCENDING: readonly Value[] = [
  undefined,
  null,
  false,
  true,
  Number.NaN,
  -Infinity,
  -1,
  0,
  2 ** 53,
  2n ** 53n + 1n,
  2 ** 63,
  '',
  '10',
  '9',
  'A',
  'a',
  'é',
  '\uffff',
  '😀',
  [],
  [null],
  [1],
  [1, 0],
  [2],
  ['a'],
  {},
  { a: 1 },
  { a: 2 },
  { b: 0 },
  { a: 1, b: 0 },
];

describe('the order of values', () => {
  it('goes through all types', () => {
    for (const [at, value] of ASCENDING.entries()) {
      for (const [other, against] of ASCENDING.entries()) {
        expect(Math.sign(compare(value, against))).toBe(Math.sign(at - other));
      }
    }
  });

  it('is total', () => {
    fc.assert(
      fc.property(VALUES, VALUES, VALUES, (a, b, c) => {
        expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) || 0);
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('of strings is that of their bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(Math.sign(compareStrings(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});

describe('equality', () => {
  it('is unknown where what decides is unknown', () => {
    expect(equal([1, null], [1, 2])).toBeNull();
    expect(equal([1, null], [2, null])).toBe(false);
    expect(equal([1, undefined], [1, null])).toBeUndefined();
    expect(equal({ a: null }, { b: null })).toBe(false);
    expect(equal(null, 1)).toBeNull();
    expect(equal(undefined, null)).toBeUndefined();
    expect(equal(Number.NaN, Number.NaN)).toBe(false);
    expect(equal(2n ** 53n + 1n, 2 ** 53)).toBe(false);
    expect(equal(2n ** 60n, 2 ** 60)).toBe(true);
  });

  it('of keys is that of values', () => {
    fc.assert(
      fc.property(VALUES, VALUES, (a, b) => {
        expect(Object.is(identityKey(a), identityKey(b)) || identityKey(a) === identityKey(b)).toBe(isSame(a, b));
      }),
      { numRuns: 300 },
    );
    expect(identityKey('\0[1]')).not.toBe(identityKey([1]));
    expect(identityKey(2 ** 60)).toBe(identityKey(2n ** 60n));
    expect(identityKey(['NaN'])).not.toBe(identityKey([Number.NaN]));
  });
});

describe('text', () => {
  it('of numbers has no exponent', () => {
    expect([1e21, 1e-7, -1.5e-9, 1e22, 0.1, -0].map(numberText)).toEqual([
      '1000000000000000000000',
      '0.0000001',
      '-0.0000000015',
      '10000000000000000000000',
      '0.1',
      '0',
    ]);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) =>
        expect(Number(numberText(x))).toBe(x + 0),
      ),
    );
  });

  it('of values is JSON with sorted names', () => {
    expect(jsonText({ b: 1, a: [undefined, Number.NaN, Infinity], 10: 0 })).toBe(
      '{"10":0,"a":[null,"NaN","+Infinity"],"b":1}',
    );
    expect(jsonText('\u2028\b\\b\ud800')).toBe('"\\u2028\\u0008\\\\b\ufffd"');
  });

  it('of integers keeps their digits', () => {
    expect(jsonText(fromInteger(2n ** 63n - 1n))).toBe('9223372036854775807');
    expect(jsonText(fromInteger(2n ** 63n))).toBe('9223372036854776000');
    expect(jsonText(fromDouble(1234567890123456800))).toBe('1234567890123456768');
  });
});

describe('numbers that are not exact', () => {
  it('are compared with integers as doubles', () => {
    expect(equal(2n ** 63n - 1n, 2 ** 63)).toBe(true);
    expect(equal(2n ** 53n + 1n, 2 ** 53)).toBe(false);
    expect(compare(2n ** 62n + 1n, 2 ** 62)).toBe(0);
    expect(compare(2n ** 53n + 1n, 0.5)).toBeGreaterThan(0);
  });

  it('are added as doubles', () => {
    expect(addNumbers(-(2 ** 63), 1)).toBe(-(2 ** 63));
    expect(addNumbers(2n ** 62n, 1)).toBe(2n ** 62n + 1n);
    expect(addNumbers(2n ** 63n - 1n, 2n ** 63n - 1n)).toBe(2 ** 64);
  });
});

describe('text of many values', () => {
  it('is the same whatever was written before', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 6 }), (values) => {
        for (const value of values)
          expect(JSON.parse(jsonText(value as Value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(jsonText({ b: 1, a: 2 })).toBe('{"a":2,"b":1}');
    expect(jsonText({ a: 2, b: 1 })).toBe('{"a":2,"b":1}');
    expect(jsonText({ c: 1, d: undefined })).toBe('{"c":1}');
    expect(jsonText({ d: 1, c: 2 })).toBe('{"c":2,"d":1}');
  });
});
