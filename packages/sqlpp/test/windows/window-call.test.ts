import { findAggregate } from '../../src/aggregates/families.js';
import type { Steps } from '../../src/time/steps.js';
import type { Value } from '../../src/values/value.js';
import { findWindowFunction } from '../../src/windows/families.js';
import { computeWindow, type WindowCall } from '../../src/windows/window-call.js';

/** Takes all steps; returns the result and how often others could have had the thread. */
function finish<T>(steps: Steps<T>): { readonly result: T; readonly rests: number } {
  let rests = 0;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { result: step.value, rests };
    rests++;
  }
}

type Row = readonly [group: number, value: number];

/** Numbers in an order that repeats after as many. */
function rowsOf(count: number, groups: number): Row[] {
  return Array.from({ length: count }, (_, at) => [at % groups, (at * 7919) % 10_007]);
}

const ROW_NUMBER = { kind: 'window', spec: findWindowFunction('row_number')! } as const;
const byValue = [{ descending: false, value: ([, value]: Row): Value => value }];
const call = (given: Partial<WindowCall<Row>>): WindowCall<Row> => ({
  function: ROW_NUMBER,
  operands: [],
  partitionBy: [],
  orderBy: byValue,
  ...given,
});

describe('a call with OVER', () => {
  test('over many rows numbers them in their order, those that are equal as they came', () => {
    const rows = rowsOf(20_000, 1);
    const order = rows.map((_, at) => at).sort((a, b) => rows[a]![1] - rows[b]![1] || a - b);
    const { result } = finish(computeWindow(call({}), rows));
    expect(order.map((at) => result[at])).toEqual(rows.map((_, at) => at + 1));
  });

  test('lets others have the thread while it sorts, in runs of 4096 rows at most', () => {
    const { rests } = finish(computeWindow(call({}), rowsOf(100_000, 1)));
    expect(rests).toBeGreaterThan(100_000 / 4096);
  });

  test('lets others have the thread after each row that is much work', () => {
    const slow = ([, value]: Row): Value => {
      const end = performance.now() + 5;
      while (performance.now() < end);
      return value;
    };
    const { rests } = finish(computeWindow(call({ orderBy: [], partitionBy: [slow] }), rowsOf(30, 30)));
    expect(rests).toBeGreaterThanOrEqual(30);
  });

  test('sums up to each row of its partition', () => {
    const rows = rowsOf(3000, 3);
    const sum = { kind: 'aggregate', spec: findAggregate('sum')!, distinct: false } as const;
    const operands = [([, value]: Row): Value => value];
    const { result } = finish(
      computeWindow(call({ function: sum, operands, partitionBy: [([group]) => group] }), rows),
    );
    const naive = rows.map(([group, value]) =>
      rows.reduce((all, [other, less]) => (other === group && less <= value ? all + less : all), 0),
    );
    expect(result).toEqual(naive);
  });
});
