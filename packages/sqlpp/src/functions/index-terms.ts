import { EvaluationError } from './evaluation-error.js';
import type { FunctionSpec } from './function-spec.js';
import { fixed, ranged } from './operands.js';

/** Most keys of FLATTEN_KEYS. */
const MOST_KEYS = 32;

/** Functions that have a meaning in the keys of an index only: elsewhere a statement with them is refused before it runs. */
export const INDEX_TERMS: readonly FunctionSpec[] = [
  ranged(['flatten_keys'], [1, MOST_KEYS], 'json', () => {
    throw new EvaluationError('flatten_keys() is not allowed in this context.', 3283);
  }),
  fixed(['vector_distance'], 3, 'number', () => {
    throw new EvaluationError('Vector distance function (vector_distance) has invalid field specification', 10511);
  }),
];
