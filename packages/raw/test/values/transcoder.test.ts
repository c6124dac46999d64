import { ArgumentError, ValueFormatError } from '@cb/protocol';
import fc from 'fast-check';
import {
  bigIntegerTranscoder,
  checkTranscoder,
  defaultTranscoder,
  FMT_AUTO,
  FMT_BYTES,
  FMT_JSON,
  FMT_UTF8,
  type Format,
  formatOf,
} from '../../src/values/transcoder.js';

function roundTrip(value: unknown, format: Format): unknown {
  const { payload, flags } = defaultTranscoder.encodeValue(value, format);
  return defaultTranscoder.decodeValue(Buffer.from(payload as string), flags);
}

describe('the default transcoder', () => {
  test('gives every JSON value back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // JSON knows no negative zero.
        expect(roundTrip(value, FMT_JSON)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('gives strings and bytes back', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => expect(roundTrip(text, FMT_UTF8)).toBe(text)));
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const { payload, flags } = defaultTranscoder.encodeValue(bytes, FMT_BYTES);
        expect(defaultTranscoder.decodeValue(Buffer.from(payload as Uint8Array), flags)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('writes the common flags that all official SDKs share', () => {
    expect(defaultTranscoder.encodeValue({ a: 'ü' }, FMT_JSON)).toEqual({
      payload: '{"a":"ü"}',
      flags: 0x02000000,
      datatype: 1,
    });
    expect(defaultTranscoder.encodeValue('x', FMT_UTF8)).toEqual({ payload: 'x', flags: 0x04000004, datatype: 0 });
    const bytes = Uint8Array.of(1);
    expect(defaultTranscoder.encodeValue(bytes, FMT_BYTES)).toEqual({ payload: bytes, flags: 0x03000002, datatype: 0 });
  });

  test('goes by the value with FMT_AUTO', () => {
    expect(defaultTranscoder.encodeValue('x', FMT_AUTO).flags).toBe(FMT_UTF8);
    expect(defaultTranscoder.encodeValue(Uint8Array.of(1), FMT_AUTO).flags).toBe(FMT_BYTES);
    for (const value of [null, 1, true, [], {}])
      expect(defaultTranscoder.encodeValue(value, FMT_AUTO).flags).toBe(FMT_JSON);
  });

  test.each([
    [0x02000000, 'json'],
    [0x02000001, 'json'],
    [0x04000004, 'utf8'],
    [0x03000002, 'bytes'],
    [0x01000001, 'bytes'],
    [0x05000000, 'json'],
    [0, 'json'],
    [2, 'bytes'],
    [4, 'utf8'],
    [1, 'bytes'],
  ])('reads flags 0x%s', (flags, format) => {
    expect(formatOf(flags)).toBe(format);
  });

  test('gives the bytes of a value without flags that is not JSON', () => {
    expect(defaultTranscoder.decodeValue(Buffer.from('not json'), 0)).toEqual(Buffer.from('not json'));
    expect(defaultTranscoder.decodeValue(Buffer.from('42'), 0)).toBe(42);
    expect(() => defaultTranscoder.decodeValue(Buffer.from('not json'), FMT_JSON)).toThrow(SyntaxError);
  });

  test('refuses what a format cannot express', () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    for (const value of [undefined, () => 1, Symbol('s'), 1n, circular]) {
      expect(() => defaultTranscoder.encodeValue(value, FMT_JSON)).toThrow(ValueFormatError);
    }
    expect(() => defaultTranscoder.encodeValue(1, FMT_UTF8)).toThrow(ValueFormatError);
    expect(() => defaultTranscoder.encodeValue('x', FMT_BYTES)).toThrow(ValueFormatError);
    expect(() => defaultTranscoder.encodeValue('x', 123 as Format)).toThrow(ArgumentError);
  });

  test('delivers bytes that are safe to keep', () => {
    const received = Buffer.from('abc');
    const value = defaultTranscoder.decodeValue(received, FMT_BYTES) as Buffer;
    received.fill(0);
    expect(value.toString()).toBe('abc');
  });
});

describe('the transcoder of big integers', () => {
  const encode = (value: unknown): string => bigIntegerTranscoder.encodeValue(value, FMT_JSON).payload as string;
  const decode = (json: string, flags = FMT_JSON): unknown =>
    bigIntegerTranscoder.decodeValue(Buffer.from(json), flags);

  test('loses no digit, where the default one rounds', () => {
    const json = '{"id":9007199254740993,"list":[-9007199254740993,18446744073709551616],"safe":9007199254740991}';
    const exact = { id: 9007199254740993n, list: [-9007199254740993n, 18446744073709551616n], safe: 9007199254740991 };
    expect(decode(json)).toEqual(exact);
    expect(encode(exact)).toBe(json);
    expect(defaultTranscoder.decodeValue(Buffer.from(json), FMT_JSON)).toMatchObject({ id: 9007199254740992 });
  });

  test('reads counters and other values without flags', () => {
    expect(decode('18446744073709551615', 0)).toBe(18446744073709551615n);
    expect(decode('5', 0)).toBe(5);
    expect(decode('not json', 0)).toEqual(Buffer.from('not json'));
  });

  test('leaves fractions, exponents and digits in strings and names alone', () => {
    const value = {
      '12345678901234567890': ['12345678901234567890', 1.2345678901234567, 1e300, 'n12345678901234567890'],
    };
    expect(decode(JSON.stringify(value))).toEqual(value);
    expect(encode({ ...value, big: 2n ** 70n })).toBe(
      `${JSON.stringify(value).slice(0, -1)},"big":1180591620717411303424}`,
    );
  });

  test('writes bigints by their value in FMT_AUTO as well', () => {
    expect(bigIntegerTranscoder.encodeValue(2n ** 64n, FMT_AUTO)).toEqual({
      payload: '18446744073709551616',
      flags: FMT_JSON,
      datatype: 1,
    });
    expect(bigIntegerTranscoder.encodeValue('x', FMT_AUTO).flags).toBe(FMT_UTF8);
  });

  test('gives every value back that JSON and bigints can express', () => {
    const big = fc.bigInt().filter((value) => !Number.isSafeInteger(Number(value)));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 0 }).map((value) => JSON.parse(JSON.stringify(value))),
        big,
        fc.array(tie('tree')),
        fc.dictionary(fc.string(), tie('tree')),
      ),
    }));
    // Numbers without a fraction from 2^53 are written as integers, in their shortest form, and so come back as bigints.
    const expected = (value: unknown): unknown => {
      if (typeof value === 'number') return isUnsafe(value) ? BigInt(JSON.stringify(value)) : value;
      if (Array.isArray(value)) return value.map(expected);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, expected(member)]));
    };
    const isUnsafe = (value: number): boolean =>
      /^-?\d{16,}$/.test(JSON.stringify(value)) && !Number.isSafeInteger(value);
    fc.assert(fc.property(tree, (value) => expect(decode(encode(value))).toEqual(expected(value))));
  });

  test('refuses what JSON cannot express', () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    for (const value of [undefined, () => 1, Symbol('s'), circular, [1n, circular]]) {
      expect(() => encode(value)).toThrow(ValueFormatError);
    }
    expect(() => decode('{"a":')).toThrow(SyntaxError);
  });
});

test.each([null, 5, 'json', {}, { encodeValue: () => {} }, class {}])('%p is not a transcoder', (given) => {
  expect(() => checkTranscoder(given)).toThrow(ArgumentError);
});
