import { allStatements, splitStatements } from '../../src/query/statements.js';

test.each<[string, string[], string]>([
  ['SELECT 1', [], 'SELECT 1'],
  ['SELECT 1;', ['SELECT 1'], ''],
  ['SELECT 1; SELECT 2;\n', ['SELECT 1', 'SELECT 2'], ''],
  ['SELECT ";", \';\', `;`; x', ['SELECT ";", \';\', `;`'], ' x'],
  ['SELECT "a\\";b"; x', ['SELECT "a\\";b"'], ' x'],
  ["SELECT 'it''s; so';", ["SELECT 'it''s; so'"], ''],
  ['SELECT `a``;b`;', ['SELECT `a``;b`'], ''],
  ['SELECT 1 -- a; b\n+ 2;', ['SELECT 1 -- a; b\n+ 2'], ''],
  ['SELECT /* a; b */ 1;', ['SELECT /* a; b */ 1'], ''],
  [' ;; -- nothing\n; /* nothing */ ', [], ''],
  ['SELECT "open; SELECT 2;', [], 'SELECT "open; SELECT 2;'],
  ['SELECT 1; /* open; SELECT 2;', ['SELECT 1'], ' /* open; SELECT 2;'],
  ['SELECT 1; SELECT `open;', ['SELECT 1'], ' SELECT `open;'],
])('%j is split at its semicolons', (text, statements, rest) => {
  expect(splitStatements(text)).toEqual({ statements, rest });
});

test('the last statement needs no semicolon', () => {
  expect(allStatements('SELECT 1;\n SELECT 2\n')).toEqual(['SELECT 1', 'SELECT 2']);
  expect(allStatements(' -- nothing')).toEqual([]);
});
