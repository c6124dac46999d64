import { type Prepared, PreparedStore } from '../../src/index.js';

const statement = (name: string, text = 'PREPARE SELECT 1'): Prepared => ({
  name,
  text,
  context: undefined,
  preparedAtMs: 0,
});

test('uses and times are counted', () => {
  const store = new PreparedStore();
  const prepared = statement('p');
  store.add(prepared);
  store.find('p', undefined);
  store.find('p', undefined);
  store.record(prepared, 1000, 5);
  store.record(prepared, 2000, 1);
  expect([...store.entries()]).toEqual([
    ['p', { prepared, uses: 2, times: { lastUseMs: 2000, count: 2, totalMs: 6, minMs: 1, maxMs: 5 } }],
  ]);
});

test('the statement that was not used for longest makes place', () => {
  const store = new PreparedStore();
  for (let at = 0; at < 16_384; at++) store.add(statement(`p${at}`));
  store.find('p0', undefined);
  store.add(statement('one more'));
  expect(store.find('p0', undefined)?.name).toBe('p0');
  expect(store.find('p1', undefined)).toBeUndefined();
  expect([...store.entries()]).toHaveLength(16_384);
});

test('a statement that is gone is not recorded', () => {
  const store = new PreparedStore();
  store.add(statement('p'));
  expect(store.remove('p')).toBe(true);
  expect(store.remove('p')).toBe(false);
  store.record(statement('p'), 1, 1);
  expect([...store.entries()]).toEqual([]);
});
