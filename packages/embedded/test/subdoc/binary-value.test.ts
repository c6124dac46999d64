import fc from 'fast-check';
import { decodeBinaryValue, encodeBinaryValue, isBadlyEncoded } from '../../src/subdoc/binary-value.js';

test('bytes are stored as the server stores them', () => {
  expect(encodeBinaryValue(Buffer.from('value')).toString()).toBe('"cb-content-base64-encoded:dmFsdWU="');
});

test('bytes come back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const encoded = encodeBinaryValue(Buffer.from(bytes));
      expect(decodeBinaryValue(encoded)).toEqual(Buffer.from(bytes));
      expect(isBadlyEncoded(encoded)).toBe(false);
    }),
  );
});

test.each([
  '',
  '"',
  '""',
  '1',
  '"value"',
  '{"cb-content-base64-encoded:":1}',
  'cb-content-base64-encoded:AA==',
  '"cb-content-base64-encoded:AA"',
  '"cb-content-base64-encoded:A A=="',
  '"cb-content-base64-encoded:AB=="',
  '"cb-content-base64-encoded:-_-_"',
])('%j stands for no bytes', (text) => expect(decodeBinaryValue(Buffer.from(text))).toBeUndefined());

test.each([
  ['1', false],
  ['"cb-content-base64-encoded:"', false],
  ['{"raw":1,"b":"cb-content-base64-encoded:AA=="}', false],
  ['cb-content-base64-encoded:AA==', false],
  ['cb-content-base64-encoded:AA=', true],
  ['"cb-content-base64-encoded:AA==', true],
  ['{"b":"cb-content-base64-encoded:?"}', true],
])('%j is badly encoded: %p', (value, bad) => expect(isBadlyEncoded(Buffer.from(value))).toBe(bad));
