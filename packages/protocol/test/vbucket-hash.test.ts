import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { ArgumentError } from '../src/errors/client-errors.js';
import { crc32, vbucketOf } from '../src/vbucket-hash.js';

describe('crc32', () => {
  test('of the check string of the CRC catalogue', () => {
    expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  });

  test('of nothing is 0, and of a part is that of the part', () => {
    expect(crc32(Buffer.alloc(0))).toBe(0);
    expect(crc32(Buffer.from('xx123456789yy'), 2, 11)).toBe(0xcbf43926);
  });

  test('agrees with zlib', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === zlibCrc32(bytes)));
  });
});

describe('vbucketOf', () => {
  // The manual page of libcouchbase's cbc prints these for a bucket of 1024 vbuckets.
  test.each([
    ['foo', 115],
    ['bar', 767],
    ['baz', 36],
  ])('of %p is the published %d', (key, vbucket) => {
    expect(vbucketOf(key, 1024)).toBe(vbucket);
    expect(vbucketOf(Buffer.from(key), 1024)).toBe(vbucket);
  });

  test('drops the lowest 16 bits and the highest, then takes the remainder', () => {
    // 0xcbf43926 >> 16 & 0x7fff = 0x4bf4 = 19444
    expect(vbucketOf('123456789', 1024)).toBe(19444 % 1024);
    expect(vbucketOf('123456789', 64)).toBe(19444 % 64);
    expect(vbucketOf('123456789', 48)).toBe(19444 % 48);
    expect(vbucketOf('123456789', 1)).toBe(0);
    expect(vbucketOf('123456789', 65536)).toBe(19444);
  });

  test('hashes the UTF-8 bytes, whether the key comes as text or as bytes', () => {
    for (const key of ['écrivain', 'a🍺', '\u007f\u0080', '\ud800']) {
      expect(vbucketOf(key, 1024)).toBe(vbucketOf(Buffer.from(key, 'utf8'), 1024));
    }
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: 'binary' })),
        fc.integer({ min: 1, max: 4096 }),
        (key, vbuckets) => {
          const expected = ((zlibCrc32(key) >>> 16) & 0x7fff) % vbuckets;
          return vbucketOf(key, vbuckets) === expected && vbucketOf(Buffer.from(key), vbuckets) === expected;
        },
      ),
    );
  });

  test.each([0, -1, Number.NaN])('refuses %p vbuckets', (vbuckets) => {
    expect(() => vbucketOf('k', vbuckets)).toThrow(ArgumentError);
  });
});
