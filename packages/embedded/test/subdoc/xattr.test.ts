import { removeXattr, setXattr, xattrKeyLength } from '../../src/subdoc/xattr.js';

function keyOf(path: string): string | number {
  const length = xattrKeyLength(Buffer.from(path));
  return length < 0 ? length : Buffer.from(path).toString('utf8', 0, length);
}

test.each([
  ['meta', 'meta'],
  ['meta.a.b', 'meta'],
  ['meta[0]', 'meta'],
  ['_sys.x', '_sys'],
  ['$document.CAS', '$document'],
  [' foo', ' foo'],
  ['a]b', 'a]b'],
  ['é.x', 'é'],
  ['a23456789012345', 'a23456789012345'],
])('%j begins with the key %j', (path, key) => expect(keyOf(path)).toBe(key));

test.each(['', '[0]', '.a', '_', '$', '_.a', '$[0]', '`a`', '-a', '\ta', '\x7fa', 'a\0b', 'a234567890123456', '~a'])(
  '%j begins with none',
  (path) => expect(keyOf(path)).toBe(-1),
);

test('a key is text', () => {
  expect(xattrKeyLength(Buffer.from([0x61, 0xff]))).toBe(-1);
});

test('a value of the same length stays where it was, another goes to the end', () => {
  const a = { key: 'a', value: Buffer.from('1') };
  const b = { key: 'b', value: Buffer.from('2') };
  const text = (value: string) => Buffer.from(value);
  expect(setXattr([a, b], 'a', text('9'))).toEqual([{ key: 'a', value: text('9') }, b]);
  expect(setXattr([a, b], 'a', text('10'))).toEqual([b, { key: 'a', value: text('10') }]);
  expect(setXattr([a], 'b', text('2'))).toEqual([a, b]);
  expect(removeXattr([a, b], 'a')).toEqual([b]);
});
