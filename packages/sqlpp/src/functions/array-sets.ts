import { identityKey } from '../values/equality.js';
import type { Value } from '../values/value.js';
import { distinct, isKnown, sorted } from './arrays.js';
import type { FunctionSpec } from './function-spec.js';
import { fixed, isArray, MANY, of2, ranged, unusable } from './operands.js';

type Values = readonly Value[];
type Counts = Map<unknown, { readonly value: Value; count: number }>;

/** Functions that take arrays as sets of values, NULL being one of them. */
export const ARRAY_SETS: readonly FunctionSpec[] = [
  ofArrays(['array_union'], (arrays) => distinct(arrays.flat() as Values)),
  ofArrays(['array_intersect'], (arrays) => chosen(arrays, (count) => count === arrays.length).filter(isKnown)),
  ofArrays(['array_symdiff', 'array_symdiff1'], (arrays) => chosen(arrays, (count) => count === 1)),
  ofArrays(['array_symdiffn'], (arrays) => chosen(arrays, (count) => count % 2 === 1)),
  fixed(['array_except'], 2, 'array', of2(isArray, isArray, except)),
];

/** A set has no order of its own; its values are given in the order of all values. */
function ofArrays(names: readonly string[], evaluate: (arrays: readonly Values[]) => Values): FunctionSpec {
  return ranged(names, [2, MANY], 'array', (_context, ...arrays) =>
    arrays.every(isArray) ? sorted(evaluate(arrays as readonly Values[])) : unusable(arrays),
  );
}

/** Chooses values by the number of arrays they are in. */
function chosen(arrays: readonly Values[], isChosen: (count: number) => boolean): Values {
  const counts: Counts = new Map();
  for (const array of arrays) {
    for (const value of distinct(array)) {
      const key = identityKey(value);
      const found = counts.get(key);
      if (found) found.count++;
      else counts.set(key, { value, count: 1 });
    }
  }
  return [...counts.values()].filter(({ count }) => isChosen(count)).map(({ value }) => value);
}

function except(array: Values, without: Values): Values {
  const keys = new Set<unknown>(without.map(identityKey));
  return array.filter((value) => !keys.has(identityKey(value)));
}
