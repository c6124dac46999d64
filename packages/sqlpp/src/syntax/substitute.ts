import { mapChildren } from './children.js';
import type { Expression } from './expression.js';

/**
 * Replaces names in an expression by variables, save those that are bound inside.
 *
 * @param slotOf returns the slot that a name stands for, or nothing
 */
export function substituteNames(expression: Expression, slotOf: (name: string) => number | undefined): Expression {
  if (expression.kind === 'name') {
    const slot = slotOf(expression.name);
    if (slot === undefined) return expression;
    const { name, at } = expression;
    return { kind: 'variable', name, slot, hasMeta: false, origin: 'result', at };
  }
  if (expression.kind === 'quantified' || expression.kind === 'comprehension') {
    const bound = new Set(expression.bindings.flatMap(({ variable, position }) => [variable, position]));
    return mapChildren(expression, (child) =>
      substituteNames(child, (name) => (bound.has(name) ? undefined : slotOf(name))),
    );
  }
  return mapChildren(expression, (child) => substituteNames(child, slotOf));
}
