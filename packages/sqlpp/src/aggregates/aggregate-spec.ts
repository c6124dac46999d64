import type { ResultType } from '../functions/function-spec.js';
import type { Value } from '../values/value.js';

/** What an aggregate keeps of the values that it has been given. */
export interface Accumulator {
  add(value: Value): void;
  /** The result over what was added so far; more may be added after it. */
  result(): Value;
  /** Takes back a value that was added. Missing where the values added cannot be told from what is kept. */
  remove?(value: Value): void;
  /** Result of a frame of rows whose numbers have all left it. Default that of nothing. */
  readonly emptied?: Value;
  /** Whether {@link remove} gives exactly what the values left would have given. */
  removable?(): boolean;
}

/** An aggregate function, as data. `COUNT(*)` is COUNT of `true`. */
export interface AggregateSpec {
  /** Lower case; the first is the name, the others are aliases. */
  readonly names: readonly string[];
  readonly returns: ResultType;
  create(): Accumulator;
}
