import { EvaluationError } from './evaluation-error.js';

/** Most bytes that the result of one call may take. */
const LIMIT = 20 * 1024 * 1024;

/**
 * Refuses a result that would be too large before it is made.
 *
 * @throws EvaluationError 5037 as its reason, if `count` elements of `size` bytes are over 20 MiB
 */
export function checkResultSize(name: string, count: number, size: number): void {
  const total = count * size;
  if (total <= LIMIT) return;
  throw new EvaluationError('', 5010, {
    _level: 'exception',
    cause: { element_count: count, element_size: size, limit: LIMIT, size: total, term_type: `${name}()` },
    code: 5037,
    key: 'execution.size_error',
    message: `Size of ${name}() result exceeds limit (${total} > ${LIMIT}).`,
  });
}
