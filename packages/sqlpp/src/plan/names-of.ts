import { mapChildren } from '../syntax/children.js';
import type { Expression } from '../syntax/expression.js';

/** Returns the slots that an expression depends on. Bindings inside are slots of their own. */
export function slotsOf(expression: Expression, into = new Set<number>()): Set<number> {
  if (expression.kind === 'variable') into.add(expression.slot);
  if (expression.kind === 'subquery') for (const slot of expression.plan?.references ?? []) into.add(slot);
  mapChildren(expression, (child) => {
    slotsOf(child, into);
    return child;
  });
  return into;
}
