import { der, derBits, derContext, derInteger, derOid, derSequence, derTime } from '../../src/tls/der.js';

/* The expected bytes are the examples of ITU-T X.690 and of RFC 5280, or follow from their rules. */

test.each([
  ['2.5.4.3', '0603550403'],
  ['2.5.29.17', '0603551d11'],
  ['1.2.840.10045.4.3.2', '06082a8648ce3d040302'],
  ['1.2.840.113549', '06062a864886f70d'],
])('the object identifier %s', (text, hex) => expect(derOid(text).toString('hex')).toBe(hex));

test.each([
  ['00', '020100'],
  ['7f', '02017f'],
  ['80', '02020080'],
  ['0001ff', '020201ff'],
  ['', '020100'],
])('the integer 0x%s', (bytes, hex) => expect(derInteger(Buffer.from(bytes, 'hex')).toString('hex')).toBe(hex));

test.each([
  [0, '00'],
  [127, '7f'],
  [128, '8180'],
  [256, '820100'],
  [65_536, '83010000'],
])('%i bytes of content', (length, hex) => {
  const value = der(0x04, Buffer.alloc(length));
  expect(value.subarray(1, 1 + hex.length / 2).toString('hex')).toBe(hex);
  expect(value).toHaveLength(1 + hex.length / 2 + length);
});

test('times have two digits of the year before 2050, and four from then on', () => {
  expect(derTime(new Date('2049-12-31T23:59:59.999Z')).toString('latin1')).toBe('\x17\x0d491231235959Z');
  expect(derTime(new Date('2050-01-01T00:00:00Z')).toString('latin1')).toBe('\x18\x0f20500101000000Z');
});

test('values within values', () => {
  expect(derSequence(derInteger(Buffer.of(1)), derBits(Buffer.of(0xff))).toString('hex')).toBe('3007020101030200ff');
  expect(derContext(0, true, derInteger(Buffer.of(2))).toString('hex')).toBe('a003020102');
  expect(derContext(7, false, Buffer.of(127, 0, 0, 1)).toString('hex')).toBe('87047f000001');
});
