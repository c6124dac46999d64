import { ArgumentError, ValueFormatError } from '@cb/protocol';
import fc from 'fast-check';
import {
  defaultTranscoder,
  FMT_AUTO,
  FMT_BYTES,
  FMT_JSON,
  FMT_UTF8,
  type Format,
  formatOf,
} from '../src/transcoder.js';

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
