import type { Value } from '../values/value.js';
import type { Accumulator, AggregateSpec } from './aggregate-spec.js';

/** Counts what is neither NULL nor MISSING. */
class Count implements Accumulator {
  #count = 0;

  add(value: Value): void {
    if (value !== undefined && value !== null) this.#count++;
  }

  remove(value: Value): void {
    if (value !== undefined && value !== null) this.#count--;
  }

  removable(): boolean {
    return true;
  }

  result(): Value {
    return this.#count;
  }
}

/** Counts numbers. */
class NumberCount extends Count {
  override add(value: Value): void {
    if (isNumber(value)) super.add(value);
  }

  override remove(value: Value): void {
    if (isNumber(value)) super.remove(value);
  }
}

const isNumber = (value: Value): boolean => typeof value === 'number' || typeof value === 'bigint';

export const COUNTING: readonly AggregateSpec[] = [
  { names: ['count'], returns: 'number', create: () => new Count() },
  { names: ['countn'], returns: 'number', create: () => new NumberCount() },
];
