import fc from 'fast-check';
import { keptBytes } from '../src/kept-bytes.js';

const received = Buffer.from(Uint8Array.from({ length: 70_000 }, (_none, index) => (index * 31) & 0xff));

test('copies are equal to what was received, and stay so whatever comes after them', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(60_000), fc.nat(9000)), { maxLength: 60 }), (places) => {
      const source = Buffer.from(received);
      const copies = places.map(([start, length]) => keptBytes(source, start, start + length));
      source.fill(0);
      return copies.every((copy, index) => {
        const [start, length] = places[index]!;
        return copy.equals(received.subarray(start, start + length));
      });
    }),
  );
});

test('a short copy keeps 32 KiB alive at most, a long one itself only', () => {
  expect(keptBytes(received, 0, 4096).buffer.byteLength).toBe(32 * 1024);
  expect(keptBytes(received, 0, 4097).buffer.byteLength).toBe(4097);
  expect(keptBytes(received, 5, 5)).toHaveLength(0);
});

test('an empty copy needs no block, which may have been handed to another thread', () => {
  // A copy that does not fit what is left takes a block, and the first copy of one knows its memory.
  const fresh = Array.from({ length: 17 }, () => keptBytes(received, 0, 4096)).at(-1)!;
  expect(keptBytes(received, 5, 5).buffer).not.toBe(fresh.buffer);
});
