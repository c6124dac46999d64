import type { Expression } from './expression.js';

/** Returns the name that an expression lends to what is made of it: the last step of a path. */
export function impliedName(expression: Expression): string | undefined {
  if (expression.parenthesised === true) return undefined;
  switch (expression.kind) {
    case 'name':
    case 'field':
      return expression.name;
    default:
      return undefined;
  }
}
