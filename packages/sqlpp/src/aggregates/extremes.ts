import { compare } from '../values/collation.js';
import type { Value } from '../values/value.js';
import type { Accumulator, AggregateSpec } from './aggregate-spec.js';

/** The least or the greatest value by the order across types. */
class Extreme implements Accumulator {
  #value: Value = null;
  readonly #direction: 1 | -1;

  constructor(direction: 1 | -1) {
    this.#direction = direction;
  }

  add(value: Value): void {
    if (value === undefined || value === null) return;
    if (this.#value === null || compare(value, this.#value) * this.#direction > 0) this.#value = value;
  }

  result(): Value {
    return this.#value;
  }
}

export const EXTREMES: readonly AggregateSpec[] = [
  { names: ['min'], returns: 'json', create: () => new Extreme(-1) },
  { names: ['max'], returns: 'json', create: () => new Extreme(1) },
];
