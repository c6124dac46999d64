import { Status } from '@cb/protocol';
import fc from 'fast-check';
import { exists, get, getCount } from '../../src/subdoc/lookup.js';
import type { PathOperation } from '../../src/subdoc/path-operation.js';
import { follow, type Json, pathOf, placed, type Steps } from './json-model.js';

const NO_VALUE = Buffer.alloc(0);

function look(operation: PathOperation, document: string, steps: Steps): unknown {
  const target = { text: Buffer.from(document), path: pathOf(steps), value: NO_VALUE, makesParents: false };
  const result = operation(target);
  return typeof result === 'number' ? result : result.value.toString();
}

test('get reports the text as it stands', () => {
  expect(look(get, '{"a": [1, 2 ] }', ['a'])).toBe('[1, 2 ]');
  expect(look(get, '{"a":1}', ['b'])).toBe(Status.SubdocPathNotFound);
});

test('exists reports nothing, or why not', () => {
  expect(look(exists, '{"a":1}', ['a'])).toBe('');
  expect(look(exists, '{"a":1}', ['b'])).toBe(Status.SubdocPathNotFound);
  expect(look(exists, '{"a":1}', ['a', 'b'])).toBe(Status.SubdocPathMismatch);
});

test('count counts children, of the root too', () => {
  expect(look(getCount, ' {"a":[1,[2,3]],"b":{}}', [])).toBe('2');
  expect(look(getCount, '{"a":1}', ['a'])).toBe(Status.SubdocPathMismatch);
  expect(look(getCount, '7', [])).toBe(Status.SubdocPathMismatch);
  expect(look(getCount, '"text"', [])).toBe(Status.SubdocDocNotJson);
});

test('count is the size of the model', () => {
  const size = (value: Json): number | undefined =>
    typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
  fc.assert(
    fc.property(placed, ({ document, text, steps }) => {
      const expected = size(follow(document, steps));
      expect(look(getCount, text.toString(), steps)).toBe(
        expected === undefined ? Status.SubdocPathMismatch : String(expected),
      );
    }),
  );
});
