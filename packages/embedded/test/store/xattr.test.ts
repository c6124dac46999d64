import fc from 'fast-check';
import { decodeXattrs, encodeXattrs, systemXattrs, xattrSectionLength } from '../../src/store/xattr.js';

/** The first pair of the example in kv_engine docs/Document.md. */
const DOCUMENTED = '000000215f73796e63007b22636173223a2264656164626565666361666566656564227d00';

test('writes the documented form', () => {
  const section = encodeXattrs([{ key: '_sync', value: Buffer.from('{"cas":"deadbeefcafefeed"}') }])!;
  expect(section.toString('hex')).toBe(`00000025${DOCUMENTED}`);
});

test('no attributes, no section', () => {
  expect(encodeXattrs([])).toBeUndefined();
  expect(decodeXattrs(undefined)).toEqual([]);
  expect(systemXattrs(undefined)).toBeUndefined();
});

test('only system attributes outlive the document', () => {
  const section = encodeXattrs([
    { key: 'user', value: Buffer.from('1') },
    { key: '_sys', value: Buffer.from('2') },
  ]);
  expect(decodeXattrs(systemXattrs(section))).toEqual([{ key: '_sys', value: Buffer.from('2') }]);
});

test.each(['', '0000', '00000005', '0000000400000000', '00000006000000026100', '0000000700000003610031'])(
  'a damaged section is seen to be one: %s',
  (hex) => expect(decodeXattrs(Buffer.from(hex, 'hex'))).toBeUndefined(),
);

test('finds the body behind the section', () => {
  const section = encodeXattrs([{ key: 'a', value: Buffer.from('{}') }])!;
  expect(xattrSectionLength(Buffer.concat([section, Buffer.from('body')]))).toBe(section.length);
  expect(xattrSectionLength(Buffer.from([0, 0, 0, 9]))).toBeUndefined();
});

test('what is encoded decodes to the same', () => {
  const pair = fc.record({
    key: fc.string({ minLength: 1, maxLength: 16 }).filter((key) => !key.includes('\0')),
    value: fc.json().map((text) => Buffer.from(text)),
  });
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 5 }), (pairs) => {
      expect(decodeXattrs(encodeXattrs(pairs))).toEqual(pairs.map(({ key, value }) => ({ key, value })));
    }),
  );
});
