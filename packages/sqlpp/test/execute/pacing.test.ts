import type { Batch } from '../../src/execute/operator.js';
import { paced } from '../../src/execute/pacing.js';
import type { Row, Run } from '../../src/expressions/run.js';

const RUN = {} as Run;

function batchesOf(lengths: readonly number[]): Batch[] {
  let next = 0;
  return lengths.map((length) => Array.from({ length }, (): Row => [next++]));
}

describe('rows in pieces', () => {
  test('are the same rows in the same order, and empty batches stay', () => {
    const batches = batchesOf([3, 0, 256, 1, 1000]);
    const pieces = [...paced(() => batches)(RUN, [])];
    expect(pieces.flat()).toEqual(batches.flat());
    expect(pieces.some((piece) => piece.length === 0)).toBe(true);
  });

  test('begin with one row, and stay short while a row is much work', () => {
    const lengths: number[] = [];
    for (const piece of paced(() => batchesOf([40]))(RUN, [])) {
      lengths.push(piece.length);
      const end = performance.now() + 5;
      while (performance.now() < end);
    }
    expect(lengths).toEqual(Array(40).fill(1));
  });
});
