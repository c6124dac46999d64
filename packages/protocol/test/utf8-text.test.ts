import fc from 'fast-check';
import { utf8Text } from '../src/utf8-text.js';

test('reads any text wherever it lies', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 9 }), (text, before) => {
      const bytes = Buffer.concat([before, Buffer.from(text), Buffer.from('é')]);
      expect(utf8Text(bytes, before.length, bytes.length - 2)).toBe(text);
    }),
  );
});

test('replaces what is not UTF-8, as toString does', () => {
  const bytes = Buffer.from([0x61, 0xff, 0xc3]);
  expect(utf8Text(bytes, 0, 3)).toBe(bytes.toString('utf8'));
});
