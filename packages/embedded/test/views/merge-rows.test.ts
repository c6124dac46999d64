import fc from 'fast-check';
import type { ReducedRow } from '../../src/views/group-rows.js';
import { mergeReduced, mergeRows } from '../../src/views/merge-rows.js';
import { reducerOf } from '../../src/views/reduce.js';
import { compareRows } from '../../src/views/row.js';
import { Sandbox } from '../../src/views/sandbox/sandbox.js';
import { row } from './rows.js';

const sandbox = new Sandbox({ timeMs: 10_000, memoryBytes: 16 * 1024 * 1024 });
const SUM = reducerOf('_sum', sandbox);

afterAll(() => sandbox.dispose());

async function* reduced(pairs: readonly (readonly [number, number])[]): AsyncGenerator<ReducedRow> {
  for (const [key, value] of pairs) yield { key, keyText: String(key), valueText: String(value) };
}

async function merged(sources: readonly (readonly (readonly [number, number])[])[], descending: boolean) {
  const found: unknown[] = [];
  for await (const { key, valueText } of mergeReduced(sources.map(reduced), SUM, descending)) {
    found.push([key, Number(valueText)]);
  }
  return found;
}

test('rows of any sources come in order, with the source that they are of', () => {
  const source = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 9 })), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(source, { maxLength: 4 }), fc.boolean(), (lists, descending) => {
      const sign = descending ? -1 : 1;
      const sources = lists.map((list, index) =>
        list.map(([key, id], ordinal) => row(key, `${id}`, index, ordinal)).sort((a, b) => sign * compareRows(a, b)),
      );
      const found = [
        ...mergeRows(
          sources.map((rows) => rows.values()),
          descending,
        ),
      ];
      expect(found.map((one) => one.row)).toEqual(sources.flat().sort((a, b) => sign * compareRows(a, b)));
      for (const one of found) expect(one.row.valueText).toBe(String(one.source));
    }),
  );
});

test('reduced rows of the same key are reduced once more, others stay', async () => {
  const sources = [
    [
      [1, 10],
      [3, 30],
    ],
    [
      [2, 20],
      [3, 31],
    ],
    [],
    [
      [3, 32],
      [4, 40],
    ],
  ] as const;
  expect(await merged(sources, false)).toEqual([
    [1, 10],
    [2, 20],
    [3, 93],
    [4, 40],
  ]);
  const backwards = sources.map((source) => [...source].reverse());
  expect(await merged(backwards, true)).toEqual([
    [4, 40],
    [3, 93],
    [2, 20],
    [1, 10],
  ]);
});

test('nothing comes of nothing', async () => {
  expect(await merged([], false)).toEqual([]);
  expect(await merged([[], []], false)).toEqual([]);
  expect([...mergeRows([], false)]).toEqual([]);
});

test('no more is asked for than is wanted', async () => {
  let asked = 0;
  async function* endless(): AsyncGenerator<ReducedRow> {
    for (;;) yield { key: ++asked, keyText: String(asked), valueText: '1' };
  }
  const rows = mergeReduced([endless()], SUM, false);
  for (let index = 0; index < 3; index++) await rows.next();
  expect(asked).toBeLessThan(10);
});
