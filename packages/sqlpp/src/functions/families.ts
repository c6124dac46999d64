import { ARRAY_EDITS } from './array-edits.js';
import { ARRAY_SETS } from './array-sets.js';
import { ARRAYS } from './arrays.js';
import { BITS } from './bits.js';
import { CONDITIONS } from './conditions.js';
import { CONVERSIONS } from './conversions.js';
import { DATES } from './dates/families.js';
import { FORMALIZATION } from './formalization.js';
import type { FunctionSpec } from './function-spec.js';
import { HASHES } from './hashes.js';
import { IDENTITIES } from './identities.js';
import { INDEX_TERMS } from './index-terms.js';
import { INTEGERS } from './integers.js';
import { JSON_FUNCTIONS } from './json.js';
import { LIKE_PATTERNS } from './like-patterns.js';
import { MASKS } from './masks.js';
import { NUMBERS } from './numbers.js';
import { OBJECT_PATHS } from './object-paths.js';
import { OBJECTS } from './objects.js';
import { REDACTION } from './redaction.js';
import { REGULAR_EXPRESSIONS } from './regular-expressions.js';
import { STRINGS } from './strings.js';
import { SUBSTRINGS } from './substrings.js';
import { SUCCESSORS } from './successor.js';
import { TIME_SERIES } from './time-series.js';
import { TOKENS } from './tokens.js';
import { TYPES } from './types.js';

/** All scalar functions. */
export const FUNCTIONS: readonly FunctionSpec[] = [
  ...NUMBERS,
  ...BITS,
  ...STRINGS,
  ...SUBSTRINGS,
  ...LIKE_PATTERNS,
  ...REGULAR_EXPRESSIONS,
  ...ARRAYS,
  ...ARRAY_EDITS,
  ...ARRAY_SETS,
  ...OBJECTS,
  ...OBJECT_PATHS,
  ...HASHES,
  ...IDENTITIES,
  ...FORMALIZATION,
  ...INTEGERS,
  ...MASKS,
  ...REDACTION,
  ...INDEX_TERMS,
  ...TIME_SERIES,
  ...TYPES,
  ...JSON_FUNCTIONS,
  ...SUCCESSORS,
  ...TOKENS,
  ...CONVERSIONS,
  ...CONDITIONS,
  ...DATES,
];
