import { Status } from '@cb/protocol';
import fc from 'fast-check';
import { COMPONENTS_MAX, parsePath } from '../../src/subdoc/path.js';
import { names } from './json-model.js';

function parsed(text: string): unknown {
  const path = parsePath(Buffer.from(text));
  return typeof path === 'number' ? path : path.map((part) => (typeof part === 'number' ? part : part.toString()));
}

test.each<[string, unknown]>([
  ['', []],
  ['a', ['a']],
  ['a.b', ['a', 'b']],
  ['a[0].b[-1]', ['a', 0, 'b', -1]],
  ['[0][1]', [0, 1]],
  ['a[01]', ['a', 1]],
  ['a[]', ['a', 0]],
  ['a.', ['a']],
  ['a[0].', ['a', 0]],
  ['a.[0]', ['a', 0]],
  ['`a.b`.c', ['a.b', 'c']],
  ['`a``b`', ['a`b']],
  ['a`.`b', ['a.b']],
  ['`[]`[3]', ['[]', 3]],
  ['é.ü', ['é', 'ü']],
  ['a\\"b', ['a\\"b']],
])('reads %j', (text, components) => expect(parsed(text)).toEqual(components));

test.each([
  '.a',
  'a..b',
  'a[',
  'a[1',
  'a]',
  'a[x]',
  'a[-2]',
  'a[-]',
  'a[0]b',
  '`a',
  '``',
  '"a"',
  'a\\',
  'a\\x',
  'a\\u0041',
  'a\tb',
  'a[99999999999999999999]',
])('refuses %j', (text) => expect(parsed(text)).toBe(Status.SubdocPathInvalid));

test('refuses bytes that are not UTF-8', () => {
  expect(parsePath(Buffer.from([0x61, 0xff]))).toBe(Status.SubdocPathInvalid);
});

test('has room for 31 components, the root being the 32nd', () => {
  expect(parsed(Array(COMPONENTS_MAX).fill('a').join('.'))).toHaveLength(COMPONENTS_MAX);
  expect(
    parsed(
      Array(COMPONENTS_MAX + 1)
        .fill('a')
        .join('.'),
    ),
  ).toBe(Status.SubdocPathTooBig);
  expect(parsed('[0]'.repeat(COMPONENTS_MAX + 1))).toBe(Status.SubdocPathTooBig);
});

test('any name can be quoted', () => {
  fc.assert(
    fc.property(fc.array(names, { minLength: 1, maxLength: 5 }), (wanted) => {
      const text = wanted.map((name) => `\`${name.replaceAll('`', '``')}\``).join('.');
      expect(parsed(text)).toEqual(wanted);
    }),
  );
});

test('any bytes are a path or a status', () => {
  const text = fc.string({ unit: fc.constantFrom(...'a.[]`01-\\"u\u0001é') });
  fc.assert(
    fc.property(
      fc.oneof(
        text.map((one) => Buffer.from(one)),
        fc.uint8Array().map((one) => Buffer.from(one)),
      ),
      (bytes) => {
        const path = parsePath(bytes);
        expect(Array.isArray(path) || path === Status.SubdocPathInvalid || path === Status.SubdocPathTooBig).toBe(true);
      },
    ),
  );
});
