import { fromDouble, fromInteger } from '../values/numbers.js';
import type { Value } from '../values/value.js';
import type { Accumulator, AggregateSpec } from './aggregate-spec.js';

const LARGEST_EXACT = 2 ** 53;

/**
 * A sum of numbers. It is exact as long as all of them are integers and it fits in 64 bits, and a double from then on.
 */
export class Sum {
  #count = 0;
  #inexact = 0;
  /** Exact while within ±2^53; the rest of an exact sum is in `#large`. */
  #sum = 0;
  #large: bigint | undefined;

  get count(): number {
    return this.#count;
  }

  /** Whether no rounding has happened, so that what was added can be taken away. */
  get isExact(): boolean {
    return this.#inexact === 0;
  }

  add(value: Value): void {
    if (typeof value === 'number') this.#addNumber(value, 1);
    else if (typeof value === 'bigint') this.#addLarge(value, 1);
  }

  remove(value: Value): void {
    if (typeof value === 'number') this.#addNumber(-value, -1);
    else if (typeof value === 'bigint') this.#addLarge(-value, -1);
  }

  total(): number | bigint {
    return this.#large === undefined ? fromDouble(this.#sum) : fromInteger(this.#large + BigInt(this.#sum));
  }

  #addNumber(value: number, step: number): void {
    this.#count += step;
    const sum = this.#sum + value;
    if (this.#inexact !== 0) {
      this.#inexact++;
      this.#sum = sum;
      return;
    }
    if (Number.isInteger(value) && sum <= LARGEST_EXACT && sum >= -LARGEST_EXACT) this.#sum = sum;
    else this.#addOther(value, step);
  }

  #addOther(value: number, step: number): void {
    if (Number.isSafeInteger(value) && Number.isSafeInteger(this.#sum)) {
      this.#large = (this.#large ?? 0n) + BigInt(this.#sum) + BigInt(value);
      this.#sum = 0;
      return;
    }
    this.#becomeDouble(step);
    this.#sum += value;
  }

  #addLarge(value: bigint, step: number): void {
    this.#count += step;
    if (this.#inexact === 0) this.#large = (this.#large ?? 0n) + value;
    else this.#sum += Number(value);
  }

  #becomeDouble(step: number): void {
    this.#inexact += Math.abs(step);
    if (this.#large !== undefined) this.#sum += Number(this.#large);
    this.#large = undefined;
  }
}

class SumAccumulator implements Accumulator {
  readonly #sum = new Sum();
  readonly #result: (sum: Sum) => Value;

  constructor(
    result: (sum: Sum) => Value,
    readonly emptied: Value = null,
  ) {
    this.#result = result;
  }

  add(value: Value): void {
    this.#sum.add(value);
  }

  remove(value: Value): void {
    this.#sum.remove(value);
  }

  removable(): boolean {
    return this.#sum.isExact;
  }

  result(): Value {
    return this.#sum.count === 0 ? null : this.#result(this.#sum);
  }
}

const total = (sum: Sum): Value => sum.total();

const average = (sum: Sum): Value => fromDouble(Number(sum.total()) / sum.count);

/** Makes the sum of the numbers that it is given. */
export function createSum(): Accumulator {
  return new SumAccumulator(total, 0);
}

export const SUMS: readonly AggregateSpec[] = [
  { names: ['sum'], returns: 'number', create: createSum },
  { names: ['avg', 'mean'], returns: 'number', create: () => new SumAccumulator(average) },
];
