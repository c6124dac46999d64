import { ArgumentError } from '@cb/protocol';
import { subdocPath } from '../../src/subdoc/path.js';

// The examples of kv_engine docs/SubDocument.md, "Path".
test.each([
  [['type'], 'type'],
  [['pDistributors', 0, 'dName'], 'pDistributors[0].dName'],
  [['pDistributors', 1, 'dAdded', 2], 'pDistributors[1].dAdded[2]'],
  [['dot.ted.field', 'subfield'], '`dot.ted.field`.subfield'],
  [['back`tick`field'], '`back``tick``field`'],
  [['field.with."quotes"'], '`field.with.\\"quotes\\"`'],
  [['pDistributors', -1, 'dAdded', -1], 'pDistributors[-1].dAdded[-1]'],
  [[0, 0], '[0][0]'],
  [[], ''],
])('%j is %s', (components, path) => expect(subdocPath(...components)).toBe(path));

test.each([[0.5], [-2], [Number.NaN], [null], ['a', {}]])('%j is not a way into a document', (...components) => {
  expect(() => subdocPath(...(components as string[]))).toThrow(ArgumentError);
});
