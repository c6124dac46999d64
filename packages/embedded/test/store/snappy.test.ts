import { snappyLength } from '@cb/protocol';
import fc from 'fast-check';
import { deflate, inflate, isWorthKeeping } from '../../src/store/snappy.js';

/** 1000 times `a`, as a real client compressed it. */
const RUN = Buffer.from(`e8070061${'fe0100'.repeat(15)}9a0100`, 'hex');

test('inflates a literal and copies', () => {
  expect(inflate(Buffer.from('02043132', 'hex'))?.toString()).toBe('12');
  expect(inflate(RUN)?.toString()).toBe('a'.repeat(1000));
  expect(inflate(Buffer.from([0]))?.length).toBe(0);
});

test.each([
  ['nothing', ''],
  ['garbage', 'ffffffff0f0102'],
  ['text', 'c3bfc3bfc3bfc3bfc3bfc3bf'],
  ['a copy cut off', RUN.subarray(0, 20).toString('hex')],
  ['an element missing', RUN.subarray(0, 19).toString('hex')],
  ['more than announced', '0104313200'],
  ['a copy from before the start', '040101'],
  ['a length without end', '8080808080'],
  ['a length of 2^32', '808080801000'],
  ['a literal cut off', '0508'],
  ['a literal length cut off', '64f4'],
])('refuses %s', (_name, hex) => {
  expect(inflate(Buffer.from(hex, 'hex'))).toBeUndefined();
});

test('keeps a block only when it is small enough', () => {
  expect(deflate(Buffer.from('a'.repeat(1000)))!.length).toBeLessThan(100);
  expect(deflate(Buffer.from('abcdefgh'))).toBeUndefined();
  expect(deflate(Buffer.alloc(0))).toBeUndefined();
  expect(isWorthKeeping(Buffer.alloc(10), Buffer.alloc(12))).toBe(true);
  expect(isWorthKeeping(Buffer.alloc(10), Buffer.alloc(11))).toBe(false);
});

test('what is compressed inflates to the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 20, max: 300 }), (bytes, times) => {
      const value = Buffer.concat(Array.from({ length: times }, () => Buffer.from(bytes)));
      const block = deflate(value);
      return block === undefined || inflate(block)!.equals(value);
    }),
  );
});

test('damage is noticed or harmless, never an exception', () => {
  fc.assert(
    fc.property(fc.nat({ max: RUN.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const damaged = Buffer.from(RUN);
      damaged[at] = byte;
      const content = inflate(damaged);
      return content === undefined || content.length === snappyLength(damaged);
    }),
  );
});
