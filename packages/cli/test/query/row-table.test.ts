import { RowTable } from '../../src/query/row-table.js';

function table(rows: readonly unknown[], width = Number.POSITIVE_INFINITY): string[] {
  const rowTable = new RowTable(width);
  return [...rowTable.add(rows), ...rowTable.end()];
}

test('has a column for each name, numbers to the right', () => {
  const rows = [
    { name: 'emu', weight: 40_000 },
    { name: 'kea', weight: 900, alpine: true },
  ];
  expect(table(rows)).toEqual([
    'name | weight | alpine',
    '-----+--------+-------',
    'emu  |  40000 |',
    'kea  |    900 | true',
  ]);
});

test('tells null from what is missing, and text from other values', () => {
  const rows = [{ a: null, b: [1, { c: 'x' }] }, { b: '1' }, {}, []];
  expect(table(rows)).toEqual([
    'a    | b             | value',
    '-----+---------------+------',
    'null | [1,{"c":"x"}] |',
    '     | 1             |',
    '     |               | {}',
    '     |               | []',
  ]);
});

test('prints rows that are not objects in a column of their own', () => {
  expect(table([1, 12345678901234567890n])).toEqual([
    'value',
    '--------------------',
    '                   1',
    '12345678901234567890',
  ]);
});

test('cuts long cells, and fits the terminal', () => {
  const [, rule = '', line = ''] = table([{ a: 'x'.repeat(100), b: 'y'.repeat(20) }]);
  expect(rule.length).toBe(60 + 3 + 20);
  expect(line).toContain(`${'x'.repeat(59)}… |`);
  const narrow = table([{ a: 'x'.repeat(100), b: 'y'.repeat(20), c: 1 }], 40);
  expect(narrow.slice(1).map((each) => each.length)).toEqual([40, 40]);
  // Below a few columns a cell says nothing: the line is longer then.
  expect(table([{ a: 'x'.repeat(100), b: 'y'.repeat(100) }], 5)[1]).toBe('-------+-------');
});

test('begins again after many rows, so that they are not all kept', () => {
  const rowTable = new RowTable(80);
  const lines = rowTable.add(Array.from({ length: 1100 }, (_each, n) => ({ n })));
  expect(lines.filter((line) => line.trim() === 'n')).toHaveLength(2);
  expect(rowTable.end()).toHaveLength(102);
  expect(rowTable.end()).toEqual([]);
});
