import { snappyContent } from '@cb/protocol/internal';
import fc from 'fast-check';
import { deflate, isWorthKeeping } from '../../src/store/snappy.js';

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
      return block === undefined || snappyContent(block)!.equals(value);
    }),
  );
});
