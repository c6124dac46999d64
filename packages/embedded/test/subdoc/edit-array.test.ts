import { Status } from '@cb/protocol';
import fc from 'fast-check';
import { addUnique, insert, pushFirst, pushLast } from '../../src/subdoc/edit-array.js';
import { type Path, parsePath } from '../../src/subdoc/path.js';
import type { PathOperation } from '../../src/subdoc/path-operation.js';
import { follow, type Json, parse, pathOf, placed, print, values } from './json-model.js';

function run(operation: PathOperation, document: string, path: string, value: string, makesParents = false): unknown {
  const result = operation({
    text: Buffer.from(document),
    path: parsePath(Buffer.from(path)) as Path,
    value: Buffer.from(value),
    makesParents,
  });
  return typeof result === 'number' ? result : result.text!.toString();
}

test.each<[string, PathOperation, string, string, string, string]>([
  ['push last', pushLast, '{"a":[1]}', 'a', '2', '{"a":[1,2]}'],
  ['push last, several', pushLast, '{"a":[1]}', 'a', '2,"x"', '{"a":[1,2,"x"]}'],
  ['push last, spaced', pushLast, '{"a":[1 ]}', 'a', '2', '{"a":[1 ,2]}'],
  ['push last, empty', pushLast, '{"a":[ ]}', 'a', '2', '{"a":[2]}'],
  ['push last, root', pushLast, '[1, 2 ] ', '', '3', '[1, 2,3]'],
  ['push last, empty root', pushLast, ' [ ]', '', '3', ' [3]'],
  ['push first', pushFirst, '{"a":[ 1]}', 'a', '2', '{"a":[ 2,1]}'],
  ['push first, several', pushFirst, '{"a":[1]}', 'a', '-2,-1', '{"a":[-2,-1,1]}'],
  ['push first, empty', pushFirst, '{"a":[]}', 'a', '2', '{"a":[2]}'],
  ['push first, root', pushFirst, '[1]', '', '2', '[2,1]'],
  ['insert', insert, '[1,3]', '[1]', '2', '[1,2,3]'],
  ['insert, several', insert, '[1,4]', '[1]', '2,3', '[1,2,3,4]'],
  ['insert at the end', insert, '{"a":[1]}', 'a[1]', '2', '{"a":[1,2]}'],
  ['insert, empty', insert, '{"a":[ ]}', 'a[0]', '2', '{"a":[2]}'],
  ['add unique', addUnique, '["1",1.0]', '', '1', '["1",1.0,1]'],
  ['add unique, empty', addUnique, '{"a":[]}', 'a', '"u"', '{"a":["u"]}'],
])('%s', (_, operation, document, path, value, expected) =>
  expect(run(operation, document, path, value)).toBe(expected),
);

test.each<[string, PathOperation, string, string, string, number]>([
  ['push last, missing', pushLast, '{}', 'a', '1', Status.SubdocPathNotFound],
  ['push last, object', pushLast, '{"a":{}}', 'a', '1', Status.SubdocPathMismatch],
  ['push last, scalar', pushLast, '{"a":1}', 'a', '1', Status.SubdocPathMismatch],
  ['push last, root object', pushLast, '{}', '', '1', Status.SubdocPathMismatch],
  ['push last, root scalar', pushLast, '42', '', '1', Status.SubdocDocNotJson],
  ['push last, bad series', pushLast, '[]', '', '1,', Status.SubdocValueCantInsert],
  ['push last, closing bracket', pushLast, '[]', '', '1],[2', Status.SubdocValueCantInsert],
  ['push last, white space', pushLast, '[]', '', ' ', Status.SubdocValueCantInsert],
  ['push first, missing', pushFirst, '{}', 'a', '1', Status.SubdocPathNotFound],
  ['push first, object', pushFirst, '{"a":{}}', 'a', '1', Status.SubdocPathMismatch],
  ['insert beyond the end', insert, '[1]', '[2]', '1', Status.SubdocPathNotFound],
  ['insert at -1', insert, '[1]', '[-1]', '1', Status.SubdocPathInvalid],
  ['insert at a name', insert, '{"a":[1]}', 'a', '1', Status.SubdocPathInvalid],
  ['insert, missing', insert, '{}', 'a[0]', '1', Status.SubdocPathNotFound],
  ['add unique, there', addUnique, '[1,"u"]', '', '"u"', Status.SubdocPathExists],
  ['add unique, last of -1', addUnique, '[[1]]', '[-1]', '1', Status.SubdocPathExists],
  ['add unique, object value', addUnique, '[]', '', '{}', Status.SubdocValueCantInsert],
  ['add unique, two values', addUnique, '[]', '', '1,2', Status.SubdocValueCantInsert],
  ['add unique among objects', addUnique, '[1,{}]', '', '2', Status.SubdocPathMismatch],
  ['add unique, object', addUnique, '{"a":{}}', 'a', '2', Status.SubdocPathMismatch],
  ['add unique, missing', addUnique, '{}', 'a', '2', Status.SubdocPathNotFound],
])('%s fails', (_, operation, document, path, value, status) =>
  expect(run(operation, document, path, value)).toBe(status),
);

test.each<[string, PathOperation]>([
  ['push last', pushLast],
  ['push first', pushFirst],
  ['add unique', addUnique],
])('%s makes the array and its parents when asked', (_, operation) => {
  expect(run(operation, '{"x":1}', 'p.a', '1', true)).toBe('{"x":1,"p":{"a":[1]}}');
  expect(run(operation, '{"a":[]}', 'a[0]', '1', true)).toBe(Status.SubdocPathNotFound);
});

test('the document stays within 32 levels', () => {
  const path = '[0]'.repeat(30);
  const document = '['.repeat(31) + ']'.repeat(31);
  expect(run(pushLast, document, path, '[]')).toBe('['.repeat(32) + ']'.repeat(32));
  expect(run(pushLast, document, path, '[1]')).toBe(Status.SubdocValueTooDeep);
  expect(run(pushFirst, `[${document}]`, `${path}[0]`, '1')).toBe(Status.SubdocValueTooDeep);
});

test.each<[string, PathOperation, (array: Json[], value: Json) => void]>([
  ['push last', pushLast, (array, value) => array.push(value)],
  ['push first', pushFirst, (array, value) => array.unshift(value)],
])('%s does to the text what it does to the model', (_, operation, change) => {
  fc.assert(
    fc.property(placed, values, ({ document, text, steps }, value) => {
      const result = operation({ text, path: pathOf(steps), value: print(value, undefined), makesParents: false });
      const array = follow(document, steps);
      if (!Array.isArray(array)) {
        expect(result).toBe(Status.SubdocPathMismatch);
        return;
      }
      change(array, value);
      expect(parse((result as { text: Buffer }).text)).toEqual(document);
    }),
  );
});

test('insert does to the text what splice does to the model', () => {
  fc.assert(
    fc.property(placed, values, fc.nat(6), ({ document, text, steps }, value, index) => {
      const array = follow(document, steps);
      fc.pre(Array.isArray(array));
      const target = { text, path: pathOf([...steps, index]), value: print(value, undefined), makesParents: false };
      const result = insert(target);
      if (index > (array as Json[]).length) {
        expect(result).toBe(Status.SubdocPathNotFound);
        return;
      }
      (array as Json[]).splice(index, 0, value);
      expect(parse((result as { text: Buffer }).text)).toEqual(document);
    }),
  );
});

test('any cut of a document leaves every edit a status or a result', () => {
  const operations = fc.constantFrom<PathOperation>(pushLast, pushFirst, insert, addUnique);
  fc.assert(
    fc.property(operations, placed, fc.nat(), fc.boolean(), (operation, { text, steps }, cut, makesParents) => {
      const part = text.subarray(0, cut % (text.length + 1));
      const result = operation({ text: part, path: pathOf(steps), value: Buffer.from('1'), makesParents });
      expect(typeof result === 'number' ? result : result.text).toBeTruthy();
    }),
  );
});
