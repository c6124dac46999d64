import { identityKey } from '../values/equality.js';
import type { Value } from '../values/value.js';
import type { Accumulator } from './aggregate-spec.js';

/** Gives each value to an aggregate once. */
export class Distinct implements Accumulator {
  readonly #seen = new Set<unknown>();
  readonly #inner: Accumulator;

  constructor(inner: Accumulator) {
    this.#inner = inner;
  }

  add(value: Value): void {
    const key = identityKey(value);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#inner.add(value);
  }

  result(): Value {
    return this.#inner.result();
  }
}
