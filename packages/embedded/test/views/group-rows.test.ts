import fc from 'fast-check';
import type { Json } from '../../src/views/collation.js';
import { groupRows, type ReducedRow, sameGroup } from '../../src/views/group-rows.js';
import type { Reducer } from '../../src/views/reduce.js';
import { compareRows, type Row } from '../../src/views/row.js';
import { SortedRows } from '../../src/views/sorted-rows.js';
import type { Grouping } from '../../src/views/view-params.js';
import { row } from './rows.js';

/** Gathers ids, so that it shows which rows were reduced, and how often it was asked. */
class Gathering implements Reducer {
  readonly source = 'gather';
  reductions = 0;

  async reduce(lists: readonly (readonly Row[])[]): Promise<string[]> {
    this.reductions += lists.length;
    return lists.map((rows) => JSON.stringify(rows.map(({ id }) => id)));
  }

  async rereduce(lists: readonly (readonly string[])[]): Promise<string[]> {
    return lists.map((values) => JSON.stringify(values.flatMap((value) => JSON.parse(value))));
  }
}

async function grouped(
  rows: SortedRows,
  grouping: Grouping,
  { from = 0, to = rows.length, descending = false, reducer = new Gathering() } = {},
): Promise<[Json, string[]][]> {
  const found: ReducedRow[] = [];
  for await (const one of groupRows(rows, { from, to }, grouping, reducer, descending)) found.push(one);
  for (const { key, keyText } of found) expect(JSON.parse(keyText)).toEqual(key);
  return found.map(({ key, valueText }) => [key, JSON.parse(valueText)]);
}

const FEW = SortedRows.EMPTY.edit(
  [],
  [row(['a', 1], '1'), row(['a', 2], '2'), row(['a', 2], '3'), row(['b'], '4'), row(5, '5'), row(5, '6')],
);

test('without groups there is one row, and none of nothing', async () => {
  expect(await grouped(FEW, 0)).toEqual([[null, ['5', '6', '1', '2', '3', '4']]]);
  expect(await grouped(FEW, 0, { from: 3, to: 3 })).toEqual([]);
});

test('groups are keys, or their first elements', async () => {
  const five: [Json, string[]] = [5, ['5', '6']];
  expect(await grouped(FEW, 'exact')).toEqual([
    five,
    [['a', 1], ['1']],
    [
      ['a', 2],
      ['2', '3'],
    ],
    [['b'], ['4']],
  ]);
  expect(await grouped(FEW, 1)).toEqual([five, [['a'], ['1', '2', '3']], [['b'], ['4']]]);
  expect(await grouped(FEW, 1, { descending: true })).toEqual([[['b'], ['4']], [['a'], ['1', '2', '3']], five]);
});

test('a key that is too short for its level is a group of its own', () => {
  expect(sameGroup(['a'], ['a', 1], 2)).toBe(false);
  expect(sameGroup(['a', 1], ['a', 2], 1)).toBe(true);
  expect(sameGroup('a', ['a'], 1)).toBe(false);
  expect(sameGroup('a', ['a'], 0)).toBe(true);
});

test('whole chunks are reduced once and for all', async () => {
  const rows = SortedRows.EMPTY.edit(
    [],
    Array.from({ length: 3000 }, (_, index) => row(index, `${index}`)),
  );
  const reducer = new Gathering();
  await grouped(rows, 0, { reducer });
  expect(reducer.reductions).toBe(rows.chunks.length);
  await grouped(rows, 0, { reducer });
  expect(reducer.reductions).toBe(rows.chunks.length);
  const [[, ids]] = (await grouped(rows, 0, { reducer, from: 1, to: 2999 })) as [[Json, string[]]];
  expect(ids).toHaveLength(2998);
  expect(reducer.reductions).toBe(rows.chunks.length + 2);
});

test('any groups of any range are what a loop over its rows finds', async () => {
  const key = fc.oneof(fc.constantFrom<Json>(null, 1, 'a'), fc.array(fc.nat({ max: 2 }), { maxLength: 3 }));
  const grouping = fc.constantFrom<Grouping>(0, 1, 2, 'exact');
  await fc.assert(
    fc.asyncProperty(
      fc.array(key, { maxLength: 700 }),
      grouping,
      fc.boolean(),
      fc.tuple(fc.nat({ max: 700 }), fc.nat({ max: 700 })),
      async (keys, level, descending, bounds) => {
        const list = keys.map((one, index) => row(one, `${index}`)).sort(compareRows);
        const [from, to] = bounds.map((bound) => Math.min(bound, list.length)).sort((a, b) => a - b) as [
          number,
          number,
        ];
        const expected: string[][] = [];
        for (const [index, one] of list.slice(from, to).entries()) {
          const before = list[from + index - 1];
          if (index > 0 && sameGroup(before!.key, one.key, level)) expected.at(-1)!.push(one.id);
          else expected.push([one.id]);
        }
        const found = await grouped(SortedRows.EMPTY.edit([], list), level, { from, to, descending });
        expect(found.map(([, ids]) => ids)).toEqual(descending ? expected.reverse() : expected);
      },
    ),
    { numRuns: 60 },
  );
});
