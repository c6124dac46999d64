import { ARRAY_EDITS } from './array-edits.js';
import { ARRAY_SETS } from './array-sets.js';
import { ARRAYS } from './arrays.js';
import { BITS } from './bits.js';
import { CONDITIONS } from './conditions.js';
import { CONVERSIONS } from './conversions.js';
import type { FunctionSpec } from './function-spec.js';
import { NUMBERS } from './numbers.js';
import { STRINGS } from './strings.js';
import { SUBSTRINGS } from './substrings.js';
import { TYPES } from './types.js';

/** All scalar functions. */
export const FUNCTIONS: readonly FunctionSpec[] = [
  ...NUMBERS,
  ...BITS,
  ...STRINGS,
  ...SUBSTRINGS,
  ...ARRAYS,
  ...ARRAY_EDITS,
  ...ARRAY_SETS,
  ...TYPES,
  ...CONVERSIONS,
  ...CONDITIONS,
];
