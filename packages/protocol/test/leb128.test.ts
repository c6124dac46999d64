import fc from 'fast-check';
import { ArgumentError, ProtocolError } from '../src/errors/client-errors.js';
import { FrameWriter } from '../src/frame-writer.js';
import { LEB128_BYTES_MAX, leb128Length, readLeb128, splitCollectionKey, writeLeb128 } from '../src/leb128.js';

function encoded(value: number): string {
  const writer = new FrameWriter(1);
  writeLeb128(writer, value);
  return writer.written.toString('hex');
}

// The table of kv_engine docs/Collections.md.
const DOCUMENTED: [number, string][] = [
  [0x00, '00'],
  [0x01, '01'],
  [0x7f, '7f'],
  [0x80, '8001'],
  [0x555, 'd50a'],
  [0x7fff, 'ffff01'],
  [0xbfff, 'ffff02'],
  [0xffff, 'ffff03'],
  [0x8000, '808002'],
  [0x5555, 'd5aa01'],
  [0xcafef00, '80debf65'],
  [0xcafef00d, '8de0fbd70c'],
  [0xffffffff, 'ffffffff0f'],
];

test.each(DOCUMENTED)('%d is %s, both ways', (value, hex) => {
  expect(encoded(value)).toBe(hex);
  expect(readLeb128(Buffer.from(hex, 'hex'))).toBe(value);
  expect(leb128Length(value)).toBe(hex.length / 2);
});

test('reads from the middle of other bytes', () => {
  expect(readLeb128(Buffer.from('ffd50aff', 'hex'), 1, 3)).toBe(0x555);
});

test('every number comes back, in as many bytes as announced', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (value) => {
      const bytes = Buffer.from(encoded(value), 'hex');
      return readLeb128(bytes) === value && bytes.length === leb128Length(value) && bytes.length <= LEB128_BYTES_MAX;
    }),
  );
});

test.each([-1, 0.5, 2 ** 32, Number.NaN, Number.POSITIVE_INFINITY])('refuses to write %p', (value) => {
  expect(() => encoded(value)).toThrow(ArgumentError);
});

test.each([
  ['', 'cut off after 0 bytes'],
  ['80', 'cut off after 1 bytes'],
  ['ffffffff', 'cut off after 4 bytes'],
  ['8100', 'shortest form'],
  ['8180808000', 'shortest form'],
  ['808000', 'shortest form'],
  ['ffffffff00', 'shortest form'],
  ['ffffffff10', 'over 32 bits'],
  ['ffffffff8f00', 'over 32 bits'],
  ['ffffffffffff', 'over 32 bits'],
])('refuses to read %p: %s', (hex, reason) => {
  const read = () => readLeb128(Buffer.from(hex, 'hex'));
  expect(read).toThrow(ProtocolError);
  expect(read).toThrow(reason);
});

test('does not look past the given end', () => {
  expect(() => readLeb128(Buffer.from('8001', 'hex'), 0, 1)).toThrow('cut off');
});

test('splits the collection from the key', () => {
  expect(splitCollectionKey(Buffer.from('\0foo'))).toEqual({ collection: 0, key: Buffer.from('foo') });
  expect(splitCollectionKey(Buffer.from('d50a666f6f', 'hex'))).toEqual({ collection: 0x555, key: Buffer.from('foo') });
  expect(splitCollectionKey(Buffer.from('08', 'hex'))).toEqual({ collection: 8, key: Buffer.alloc(0) });
  expect(() => splitCollectionKey(Buffer.from('80', 'hex'))).toThrow(ProtocolError);
});
