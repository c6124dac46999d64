import type { FunctionSpec } from './function-spec.js';
import { STRINGS } from './strings.js';
import { SUBSTRINGS } from './substrings.js';

/** All scalar functions. */
export const FUNCTIONS: readonly FunctionSpec[] = [...STRINGS, ...SUBSTRINGS];
