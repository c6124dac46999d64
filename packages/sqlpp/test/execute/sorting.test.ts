import type { Batch, Operator } from '../../src/execute/operator.js';
import { type SortCode, sort } from '../../src/execute/sorting.js';
import type { Row, Run } from '../../src/expressions/run.js';

/** A run that notes how much is held. */
function runOf(held: number[]): Run {
  let bytes = 0;
  const hold = (more: number): void => {
    bytes += more;
    held.push(bytes);
  };
  return { hold } as unknown as Run;
}

function sorted(values: readonly number[], wanted: number): { values: unknown[]; counted: number; held: number[] } {
  const batches: Batch[] = [];
  for (let at = 0; at < values.length; at += 256)
    batches.push(values.slice(at, at + 256).map((value, i): Row => [value, at + i]));
  const input: Operator = () => batches;
  let counted = 0;
  const code: SortCode = {
    terms: () => [{ descending: false }],
    values: [(row) => row[0] as number],
    wanted: () => wanted,
    counted: (_run, rows) => {
      counted = rows;
    },
  };
  const held: number[] = [];
  const rows = [...sort(input, code)(runOf(held), [])].flat();
  return { values: rows.slice(0, wanted), counted, held };
}

const VALUES = Array.from({ length: 20_000 }, (_, at) => (at * 7919) % 1009);
const EXPECTED = VALUES.map((value, at) => [value, at]).sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);

describe('rows in order', () => {
  test.each([1, 10, 100, 4096, 5000, Infinity])(
    'are the first %s of all, those that are equal as they came',
    (wanted) => {
      const { values, counted } = sorted(VALUES, wanted);
      expect(values).toEqual(EXPECTED.slice(0, wanted));
      expect(counted).toBe(VALUES.length);
    },
  );

  test('are not held if they are not wanted', () => {
    const { held } = sorted(VALUES, 10);
    expect(Math.max(...held)).toBeLessThan(300 * 150);
    expect(held.at(-1)).toBe(0);
  });

  test('are none if none are wanted', () => {
    expect(sorted(VALUES, 0).values).toEqual([]);
  });
});
