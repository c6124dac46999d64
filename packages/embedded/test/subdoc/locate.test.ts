import { Status } from '@cb/protocol';
import fc from 'fast-check';
import { locate } from '../../src/subdoc/locate.js';
import { type Path, parsePath } from '../../src/subdoc/path.js';
import { follow, parse, pathOf, placed, print } from './json-model.js';

function find(document: string, path: string): string | number {
  const text = Buffer.from(document);
  const location = locate(text, parsePath(Buffer.from(path)) as Path);
  if (typeof location === 'number') return location;
  return location.found ? text.toString('utf8', location.start, location.end) : Status.SubdocPathNotFound;
}

function nested(levels: number, inner = ''): string {
  return '{"a":'.repeat(levels) + (inner || '{}') + '}'.repeat(levels);
}

test('finds every value of a document, however it is printed', () => {
  fc.assert(
    fc.property(placed, ({ document, text, steps }) => {
      const location = locate(text, pathOf(steps));
      if (typeof location === 'number') throw new Error(`status ${location}`);
      expect(location.found).toBe(true);
      expect(parse(text.subarray(location.start, location.end))).toEqual(follow(document, steps));
    }),
  );
});

test('finds the last element by -1', () => {
  expect(find('{"a":[1,[2,3]]}', 'a[-1][-1]')).toBe('3');
  expect(find('[1, "x" ]', '[-1]')).toBe('"x"');
  expect(find('{"a":[]}', 'a[-1]')).toBe(Status.SubdocPathNotFound);
});

test.each([
  ['{"a":{"b":1}}', 'a.c', Status.SubdocPathNotFound],
  ['5', '[-1].a', Status.SubdocPathNotFound],
  ['true', '[-1][0]', Status.SubdocPathNotFound],
  ['null', '[-1][-1].b', Status.SubdocPathNotFound],
  ['5', '[-1]', Status.SubdocPathMismatch],
  ['5', '[0].a', Status.SubdocPathMismatch],
  ['{}', '[-1].a', Status.SubdocPathMismatch],
  ['{"a":[1]}', 'a[1]', Status.SubdocPathNotFound],
  ['{"a":1}', 'a.b', Status.SubdocPathMismatch],
  ['{"a":"x"}', 'a[0]', Status.SubdocPathMismatch],
  ['{"a":[1]}', 'a.b', Status.SubdocPathMismatch],
  ['{"a":{}}', 'a[0]', Status.SubdocPathMismatch],
  ['42', 'a', Status.SubdocPathMismatch],
  ['"text"', 'a', Status.SubdocDocNotJson],
  ['plain', 'a', Status.SubdocDocNotJson],
  ['', 'a', Status.SubdocDocNotJson],
])('%s has no %s', (document, path, status) => expect(find(document, path)).toBe(status));

test('a name may be spelled with unicode escapes in the document', () => {
  expect(find('{"\\u0061\\u00e9":1}', 'aé')).toBe('1');
  expect(find('{"\\ud83d\\ude00":1}', '\u{1f600}')).toBe('1');
  expect(find('{"\\\\u0061":1}', 'a')).toBe(Status.SubdocPathNotFound);
  expect(find('{"a\\ud83d":1}', 'a')).toBe(Status.SubdocPathNotFound);
});

test('reads no further than it must', () => {
  expect(find('{"a":1,"b":broken', 'a')).toBe('1');
  expect(find(`{"a":1,"b":${nested(40)}}`, 'a')).toBe('1');
  expect(find('{"a":{"x":1},"b":broken', 'a.y')).toBe(Status.SubdocPathNotFound);
});

test('refuses what is deeper than 32 levels, where it has to read it', () => {
  expect(find(nested(31, '1'), 'a')).toBe(nested(30, '1'));
  expect(find(nested(31), 'a')).toBe(nested(30));
  expect(find(nested(32, '1'), 'a')).toBe(Status.SubdocDocTooDeep);
  expect(find(`{"b":${nested(32)},"a":1}`, 'a')).toBe(Status.SubdocDocTooDeep);
  expect(find(nested(31, '1'), Array(31).fill('a').join('.'))).toBe('1');
});

test('any cut of a document yields a location within it or a status', () => {
  fc.assert(
    fc.property(placed, fc.nat(), ({ text, steps }, cut) => {
      const part = text.subarray(0, cut % text.length);
      const location = locate(part, pathOf(steps));
      if (typeof location !== 'number') expect(location.end).toBeLessThanOrEqual(part.length);
      else expect(location).toBe(Status.SubdocDocNotJson);
    }),
  );
});

test('any bytes yield a location or a status', () => {
  const noise = fc.string({ unit: fc.constantFrom(...'{}[],:"\\ua1-0.e tfn') });
  fc.assert(
    fc.property(noise, placed, (document, { steps }) => {
      const location = locate(Buffer.from(document), pathOf(steps));
      expect(typeof location === 'number' || location.start < location.end).toBe(true);
    }),
  );
});

test('names with JSON escapes are compared as they are written', () => {
  expect(find(print({ 'a"b': 1 }, undefined).toString(), 'a\\"b')).toBe('1');
});
