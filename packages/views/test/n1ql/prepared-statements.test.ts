import { PreparedStatements } from '../../src/n1ql/prepared-statements.js';

const plan = (name: string): { name: string; encodedPlan: undefined } => ({ name, encodedPlan: undefined });

test('the statement that was not used for the longest time makes room', () => {
  const statements = new PreparedStatements(3);
  for (const text of ['a', 'b', 'c']) statements.set(text, plan(text));
  expect(statements.get('a')).toEqual(plan('a'));
  statements.set('b', plan('b2'));
  statements.set('d', plan('d'));
  expect([statements.size, statements.get('c'), statements.get('b')?.name]).toEqual([3, undefined, 'b2']);
  statements.delete('b');
  expect([statements.size, statements.get('b')]).toEqual([2, undefined]);
});
