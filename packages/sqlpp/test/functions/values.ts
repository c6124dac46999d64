import * as fc from 'fast-check';
import type { Value } from '../../src/values/value.js';

const SCALARS: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(undefined),
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -3, max: 3 }),
  fc.double({ noNaN: true }),
  fc.bigInt({ min: 2n ** 53n + 1n, max: 2n ** 63n - 1n }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);

/** Any value that an expression may evaluate to, arrays and objects in two levels. */
export const VALUES: fc.Arbitrary<Value> = fc.oneof(
  SCALARS,
  fc.array(SCALARS, { maxLength: 4 }),
  fc.dictionary(fc.string({ maxLength: 3 }), known(SCALARS), { maxKeys: 3 }),
  fc.array(fc.array(SCALARS, { maxLength: 3 }), { maxLength: 3 }),
);

/** Members of objects are never MISSING. */
function known(values: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return values.filter((value) => value !== undefined);
}
