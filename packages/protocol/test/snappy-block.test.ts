import fc from 'fast-check';
import { isSnappyBlock, snappyContent, snappyLength } from '../src/snappy-block.js';

/** 1000 times `a`, as a real client compressed it. */
const RUN = `e8070061${'fe0100'.repeat(15)}9a0100`;

test.each([
  ['two literal bytes', '02043132', '12'],
  ['a literal and copies', RUN, 'a'.repeat(1000)],
  ['no content', '00', ''],
  ['a literal with its length in a byte of its own', `3df03c${'61'.repeat(61)}`, 'a'.repeat(61)],
  ['a long literal', `64f063${'6162'.repeat(50)}`, 'ab'.repeat(50)],
  ['copies with offsets of one, two and four bytes', '0d0c6162636401040a04000704000000', 'abcdabcdabcda'],
  ['a short literal with its length in one byte', '02f0013132', '12'],
  ['a short literal with its length in two bytes', '02f401003132', '12'],
  ['a short literal with its length in three bytes', '01f800000031', '1'],
  ['a short literal with its length in four bytes', '01fc0000000031', '1'],
])('%s is whole', (_what, hex, content) => {
  const block = Buffer.from(hex, 'hex');
  expect(snappyLength(block)).toBe(content.length);
  expect(isSnappyBlock(block)).toBe(true);
  expect(snappyContent(block)?.toString()).toBe(content);
});

test.each([
  ['nothing', ''],
  ['garbage', 'ffffffff0f0102'],
  ['a copy cut off', RUN.slice(0, 40)],
  ['an element missing', RUN.slice(0, 38)],
  ['more than announced', '0104313200'],
  ['a copy from before the start', '040101'],
  ['a copy from nowhere', '08003101000a0000'],
  ['a length without end', '8080808080'],
  ['a length of 2^32', '808080801000'],
  ['a literal cut off', '0508'],
  ['a literal length cut off', '64f4'],
  ['a literal of 4 GiB', '01fcffffffff31'],
])('%s is not', (_what, hex) => {
  expect(isSnappyBlock(Buffer.from(hex, 'hex'))).toBe(false);
  expect(snappyContent(Buffer.from(hex, 'hex'))).toBeUndefined();
});

test('a length is told before anything else is looked at', () => {
  expect(snappyLength(Buffer.from('ffffffff0f', 'hex'))).toBe(2 ** 32 - 1);
  expect(snappyLength(Buffer.from('8080808010', 'hex'))).toBeUndefined();
});

test('damage is noticed or harmless, never an exception', () => {
  fc.assert(
    fc.property(fc.nat({ max: RUN.length / 2 - 1 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
      const damaged = Buffer.from(RUN, 'hex');
      damaged[at] = byte;
      const content = snappyContent(damaged);
      return content === undefined || content.length === snappyLength(damaged);
    }),
  );
});
