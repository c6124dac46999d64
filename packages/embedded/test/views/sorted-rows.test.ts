import fc from 'fast-check';
import { compareRows, type Row } from '../../src/views/row.js';
import { SortedRows } from '../../src/views/sorted-rows.js';
import { row } from './rows.js';

/** All rows, by walking. */
function listed(rows: SortedRows): Row[] {
  return [...rows.range(0, rows.length, false)];
}

function numbered(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => row((index * 7919) % count, `d${index}`));
}

test('there is nothing in an empty one', () => {
  const rows = SortedRows.EMPTY;
  expect(rows.length).toBe(0);
  expect(listed(rows)).toEqual([]);
  expect(rows.findFirst(() => true)).toBe(0);
  expect(rows.edit([], [])).toBe(rows);
});

test('many rows are in order, in chunks that are neither too large nor too small', () => {
  const added = numbered(5000);
  const rows = SortedRows.EMPTY.edit([], added);
  expect(listed(rows)).toEqual(added.toSorted(compareRows));
  for (const chunk of rows.chunks) {
    expect(chunk.rows.length).toBeLessThanOrEqual(256);
    expect(chunk.rows.length).toBeGreaterThan(64);
  }
});

test('an edit leaves what was there before as it was, and shares what it does not touch', () => {
  const before = SortedRows.EMPTY.edit([], numbered(5000));
  const [first, last] = [before.at(0), before.at(4999)];
  const contents = listed(before);
  const after = before.edit([first], [row(6000, 'new')]);
  expect(listed(before)).toEqual(contents);
  expect(after.length).toBe(5000);
  expect([after.at(0), after.at(4998), after.at(4999).id]).toEqual([contents[1], last, 'new']);
  const shared = after.chunks.filter((chunk) => before.chunks.includes(chunk));
  expect(shared.length).toBe(before.chunks.length - 2);
});

test('ranges go forwards and backwards from anywhere to anywhere', () => {
  const rows = SortedRows.EMPTY.edit([], numbered(700));
  const all = listed(rows);
  fc.assert(
    fc.property(fc.nat({ max: 700 }), fc.nat({ max: 700 }), fc.boolean(), (from, to, descending) => {
      const expected = all.slice(from, Math.max(from, to));
      expect([...rows.range(from, to, descending)]).toEqual(descending ? expected.reverse() : expected);
    }),
  );
});

test('findFirst finds where something begins to hold', () => {
  const rows = SortedRows.EMPTY.edit([], numbered(1000));
  for (const key of [-1, 0, 1, 255, 256, 500, 999, 1000]) {
    expect(rows.findFirst((one) => (one.key as number) >= key)).toBe(Math.max(0, key));
  }
  expect(rows.findFirst((one) => (one.key as number) >= 0, 10, 20)).toBe(10);
  expect(rows.findFirst(() => false, 10, 20)).toBe(20);
});

test('any edits leave what a sorted array would have', () => {
  const key = fc.constantFrom(null, 1, 2, 'a', 'b', ['a'], ['a', 1]);
  const edit = fc.record({
    adds: fc.array(fc.tuple(key, fc.nat({ max: 5 })), { maxLength: 400 }),
    removes: fc.array(fc.nat(), { maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
      let rows = SortedRows.EMPTY;
      let model: Row[] = [];
      let ordinal = 0;
      for (const { adds, removes } of edits) {
        const added = adds.map(([one, id]) => row(one, `d${id}`, null, ordinal++));
        const removed = [...new Set(removes.map((at) => model[at % model.length]).filter((one) => one !== undefined))];
        rows = rows.edit(removed, added);
        model = [...model.filter((one) => !removed.includes(one)), ...added].sort(compareRows);
        expect(rows.length).toBe(model.length);
        expect(listed(rows)).toEqual(model);
      }
    }),
    { numRuns: 40 },
  );
});
