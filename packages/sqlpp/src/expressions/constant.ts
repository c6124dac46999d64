import type { Expression } from '../syntax/expression.js';
import type { Value } from '../values/value.js';

/** Returns the value of an expression of literals; nothing if it depends on anything else. */
export function constantOf(expression: Expression): { readonly value: Value } | undefined {
  switch (expression.kind) {
    case 'literal':
      return expression;
    case 'unary': {
      const operand = expression.operator === '-' ? constantOf(expression.operand) : undefined;
      return typeof operand?.value === 'number' ? { value: -operand.value } : undefined;
    }
    case 'array': {
      const elements = expression.elements.map(constantOf);
      return elements.every((element) => element !== undefined)
        ? { value: elements.map((element) => element.value) }
        : undefined;
    }
    default:
      return undefined;
  }
}
