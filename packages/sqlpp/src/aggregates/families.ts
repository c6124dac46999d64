import type { AggregateSpec } from './aggregate-spec.js';
import { COLLECTIONS } from './collections.js';
import { COUNTING } from './counting.js';
import { EXTREMES } from './extremes.js';
import { SUMS } from './sum.js';

const BY_NAME: ReadonlyMap<string, AggregateSpec> = new Map(
  [...COUNTING, ...SUMS, ...EXTREMES, ...COLLECTIONS].flatMap((spec) => spec.names.map((name) => [name, spec])),
);

/** Finds an aggregate by its name or an alias, in lower case. */
export function findAggregate(name: string): AggregateSpec | undefined {
  return BY_NAME.get(name);
}
