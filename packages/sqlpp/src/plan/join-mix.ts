import { impliedName } from '../syntax/implied-name.js';
import type { FromStep } from '../syntax/select.js';
import { StatementError } from '../text/syntax-error.js';

const CODE_MIXED_JOIN = 3200;

type JoinStep = Exclude<FromStep, { kind: 'unnest' }>;

/**
 * Refuses a FROM that has joins by keys (ON KEYS, ON KEY) and other joins too.
 *
 * @throws StatementError 3200 that names the first two that do not go together
 */
export function checkJoinMix(steps: readonly FromStep[]): void {
  let before: JoinStep | undefined;
  for (const step of steps) {
    if (step.kind === 'unnest') continue;
    if (before !== undefined && isByKeys(before) !== isByKeys(step)) {
      throw new StatementError(CODE_MIXED_JOIN, `Cannot mix ${nameOf(before)} with ${nameOf(step)}.`);
    }
    before = step;
  }
}

function isByKeys({ condition }: JoinStep): boolean {
  return condition.kind === 'on keys' || condition.kind === 'on key for';
}

/** As in "non ANSI JOIN on o". */
function nameOf(step: JoinStep): string {
  const { alias, keyspace, expression } = step.source;
  const name = alias ?? keyspace?.parts.at(-1) ?? impliedName(expression) ?? '';
  return `${isByKeys(step) ? 'non ' : ''}ANSI ${step.kind === 'nest' ? 'NEST' : 'JOIN'} on ${name}`;
}
