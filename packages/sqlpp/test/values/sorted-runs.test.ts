import { SortedRuns } from '../../src/values/sorted-runs.js';

function taken(runs: readonly (readonly number[])[]): number[] {
  const merged = new SortedRuns(runs, (left, right) => left - right);
  const all: number[] = [];
  for (let next = merged.take(); next !== undefined; next = merged.take()) all.push(next);
  return all;
}

describe('sorted runs', () => {
  test('are read as one', () => {
    expect(taken([[1, 4, 9], [], [2, 3, 10], [0], [5, 6, 7, 8]])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('of nothing are nothing', () => {
    expect(taken([])).toEqual([]);
    expect(taken([[], []])).toEqual([]);
  });

  test('of many lists keep equal items', () => {
    const runs = Array.from({ length: 30 }, (_, at) => [at % 3, 5, 5 + at]);
    expect(taken(runs)).toEqual(runs.flat().sort((left, right) => left - right));
  });
});
