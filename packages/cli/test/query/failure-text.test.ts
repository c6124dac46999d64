import { N1QLError, TimeoutError } from '@cb/promise';
import { failureLines, markLines } from '../../src/query/failure-text.js';

test('each reason is told, with a mark below its place', () => {
  const failures = [
    { code: 3000, message: 'syntax error', line: 2, column: 6 },
    { code: 5010, message: 'something else' },
  ];
  expect(failureLines('SELECT 1\nFROM ,', new N1QLError('failed', { failures }))).toEqual([
    'error 3000: syntax error',
    '  FROM ,',
    '       ^',
    'error 5010: something else',
  ]);
});

test('the place may be in the text alone', () => {
  const failure = { code: 3080, message: "Ambiguous reference to field 'x' (near line 1, column 8)." };
  expect(markLines('SELECT\tx', failure)).toEqual(['  SELECT x', '         ^']);
});

test.each([
  { code: 1, message: 'nowhere' },
  { code: 1, message: 'x', line: 9, column: 1 },
  { code: 1, message: 'x', line: 1, column: 100 },
  { code: 1, message: 'x', line: 1, column: 0 },
  { code: 1, message: 'x', line: 1 },
])('%j has no place that can be marked', (failure) => {
  expect(markLines('SELECT 1', failure)).toEqual([]);
});

test('other errors are their message', () => {
  expect(failureLines('SELECT 1', new TimeoutError('too late'))).toEqual(['too late']);
  expect(failureLines('SELECT 1', new N1QLError('stopped'))).toEqual(['stopped']);
});
