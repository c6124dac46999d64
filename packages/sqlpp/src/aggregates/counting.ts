import type { Value } from '../values/value.js';
import type { Accumulator, AggregateSpec } from './aggregate-spec.js';

class Count implements Accumulator {
  #count = 0;
  readonly #counts: (value: Value) => boolean;

  constructor(counts: (value: Value) => boolean) {
    this.#counts = counts;
  }

  add(value: Value): void {
    if (this.#counts(value)) this.#count++;
  }

  remove(value: Value): void {
    if (this.#counts(value)) this.#count--;
  }

  removable(): boolean {
    return true;
  }

  result(): Value {
    return this.#count;
  }
}

const isKnown = (value: Value): boolean => value !== undefined && value !== null;

const isNumber = (value: Value): boolean => typeof value === 'number' || typeof value === 'bigint';

export const COUNTING: readonly AggregateSpec[] = [
  { names: ['count'], returns: 'number', create: () => new Count(isKnown) },
  { names: ['countn'], returns: 'number', create: () => new Count(isNumber) },
];
