import { checkTotals, ROWS, rowAt, rowsOfBytes, totalsOf } from '../../bench/scenes/rows.js';
import type { SceneResult } from '../../bench/scenes/scene.js';
import { inTurns } from '../../bench/src/turns.js';
import { runScene, SCENE_MS_MAX } from './scene-run.js';

const ROUNDS = 2;

test.each<[file: string, name: string, unit: string, sides: readonly string[]]>([
  ['view-rows', 'viewRows', 'rows/s', ['raw', 'promise', 'json-parse', 'official-sdk']],
  ['stream-memory', 'streamMemory', 'MB', ['raw', 'promise']],
  ['start-up', 'startUp', 'ms', ['raw', 'promise', 'official-sdk']],
  ['held-memory', 'heldMemory', 'MB', ['raw', 'promise']],
])(
  '%s measures every side in every round',
  (file, name, unit, sides) => {
    const { result, told } = runScene<SceneResult>(file, name, ROUNDS);
    const { notes, rounds, ...others } = result;
    expect(others).toEqual({ unit });
    const isOfficialOut = notes.some((note) => note.startsWith('The package couchbase is not installed'));
    expect(Object.keys(rounds)).toEqual(sides.filter((side) => side !== 'official-sdk' || !isOfficialOut));
    for (const [side, values] of Object.entries(rounds)) {
      expect({ side, count: values.length }).toEqual({ side, count: ROUNDS });
      expect({ side, wrong: values.filter((value) => !(value > 0 && value < Number.POSITIVE_INFINITY)) }).toEqual({
        side,
        wrong: [],
      });
    }
    expect(told).toHaveLength(1);
    expect(notes.join(' ')).toMatch(/raw [\d.]+, promise [\d.]+/);
  },
  SCENE_MS_MAX,
);

test(
  'queries are answered by every engine with as many rows, and over HTTP',
  () => {
    const { result, told } = runScene<readonly (SceneResult & { readonly title: string })[]>('queries', 'queries', 1);
    const engines = result.filter(({ title }) => title.startsWith('Query: '));
    expect(engines).toHaveLength(7);
    for (const { rounds } of engines) expect(Object.keys(rounds)).toEqual(['sqlpp', 'alasql', 'mingo', 'sqlite']);
    const values = result.flatMap(({ rounds }) => Object.values(rounds).flat());
    expect(values.filter((value) => !(value > 0 && value < Number.POSITIVE_INFINITY))).toEqual([]);
    expect(result.at(-1)?.notes.join(' ')).toMatch(/first row comes after service [\d.]+ ms/);
    expect(told).toHaveLength(2);
  },
  SCENE_MS_MAX,
);

describe('rows of a view', () => {
  test('add up, also when they come again', () => {
    for (const rows of [0, 1, 480, ROWS, ROWS + 1, 2 * ROWS + 480]) {
      let sum = 0;
      for (let index = 0; index < rows; index++) sum += rowAt(index).value;
      expect(totalsOf(rows)).toEqual({ rows, sum });
      expect(() => checkTotals({ rows, sum }, rows)).not.toThrow();
    }
  });

  test('that are missing, or wrong, are noticed', () => {
    const { rows, sum } = totalsOf(960);
    expect(() => checkTotals({ rows: 959, sum }, 960)).toThrow('959 rows add up to');
    expect(() => checkTotals({ rows, sum: sum + 1 }, 960)).toThrow(`960 rows add up to ${sum + 1}`);
  });

  test('are enough for so many bytes', () => {
    const rows = rowsOfBytes(1_000_000);
    let bytes = 0;
    for (let index = 0; index < rows; index++) bytes += JSON.stringify(rowAt(index)).length;
    expect(bytes).toBeGreaterThanOrEqual(1_000_000);
    expect(bytes).toBeLessThan(1_100_000);
  });
});

test('everybody has a turn in each round, and is not always the first', async () => {
  const order: string[] = [];
  const given = await inTurns(['a', 'b', 'c'], 4, async (who) => order.push(who));
  expect(order.join('')).toBe('abcbcacababc');
  expect([...given]).toEqual([
    ['a', [1, 6, 8, 10]],
    ['b', [2, 4, 9, 11]],
    ['c', [3, 5, 7, 12]],
  ]);
});
