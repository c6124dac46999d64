import type { Expression } from './expression.js';

/** Returns the name that an expression lends to what is made of it: the last step of a path. A step that is computed has that of what it is computed from. */
export function impliedName(expression: Expression): string | undefined {
  if (expression.parenthesised === true) return undefined;
  switch (expression.kind) {
    case 'name':
    case 'field':
      return expression.name;
    case 'computed field':
      return impliedName(expression.name);
    default:
      return undefined;
  }
}
