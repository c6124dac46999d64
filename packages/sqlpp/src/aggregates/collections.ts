import { compare } from '../values/collation.js';
import { fromDouble } from '../values/numbers.js';
import type { Value } from '../values/value.js';
import type { Accumulator, AggregateSpec } from './aggregate-spec.js';

/** All values but MISSING, in their order. */
class ArrayAggregate implements Accumulator {
  readonly #values: Value[] = [];

  add(value: Value): void {
    if (value !== undefined) this.#values.push(value);
  }

  result(): Value {
    return this.#values.length === 0 ? null : this.#values.toSorted(compare);
  }
}

/** Numbers that are looked at all together. */
class Numbers implements Accumulator {
  readonly #numbers: number[] = [];
  readonly #reduce: (numbers: readonly number[]) => number | null;

  constructor(reduce: (numbers: readonly number[]) => number | null) {
    this.#reduce = reduce;
  }

  add(value: Value): void {
    if (typeof value === 'number' || typeof value === 'bigint') this.#numbers.push(Number(value));
  }

  result(): Value {
    const result = this.#numbers.length === 0 ? null : this.#reduce(this.#numbers);
    return result === null ? null : fromDouble(result);
  }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** Sum of the squares of the distances from the mean, divided by the count less `delta`. */
function variance(numbers: readonly number[], delta: 0 | 1): number {
  if (numbers.length === 1) return 0;
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const squares = numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0);
  return squares / (numbers.length - delta);
}

/** The forms with `_SAMP` have no result for a single number. */
const sample = (numbers: readonly number[]): number | null => (numbers.length === 1 ? null : variance(numbers, 1));

function ofNumbers(names: readonly string[], reduce: (numbers: readonly number[]) => number | null): AggregateSpec {
  return { names, returns: 'number', create: () => new Numbers(reduce) };
}

function root(variance: number | null): number | null {
  return variance === null ? null : Math.sqrt(variance);
}

export const COLLECTIONS: readonly AggregateSpec[] = [
  { names: ['array_agg'], returns: 'array', create: () => new ArrayAggregate() },
  ofNumbers(['median'], median),
  ofNumbers(['variance'], (numbers) => variance(numbers, 1)),
  ofNumbers(['var_samp', 'variance_samp'], sample),
  ofNumbers(['var_pop', 'variance_pop'], (numbers) => variance(numbers, 0)),
  ofNumbers(['stddev'], (numbers) => root(variance(numbers, 1))),
  ofNumbers(['stddev_samp'], (numbers) => root(sample(numbers))),
  ofNumbers(['stddev_pop'], (numbers) => root(variance(numbers, 0))),
];
