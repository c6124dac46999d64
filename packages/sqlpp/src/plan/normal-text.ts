import { mapChildren } from '../syntax/children.js';
import type { Expression } from '../syntax/expression.js';
import { expressionText } from '../syntax/expression-text.js';

/** Returns a text that two expressions of one meaning share: the operands of + and * come in the order of their texts. */
export function normalText(expression: Expression): string {
  return expressionText(ordered(expression));
}

function ordered(expression: Expression): Expression {
  const inner = mapChildren(expression, ordered);
  if (inner.kind === 'variable') return { ...inner, name: `${inner.name}#${inner.slot}` };
  if (inner.kind !== 'binary' || !isCommutative(inner.operator)) return inner;
  const operands = chain(inner, inner.operator).map((operand) => ({ operand, text: expressionText(operand) }));
  operands.sort((left, right) => (left.text < right.text ? -1 : left.text > right.text ? 1 : 0));
  const { operator, at } = inner;
  return operands
    .map(({ operand }) => operand)
    .reduce((left, right): Expression => ({ kind: 'binary', operator, left, right, at }));
}

function isCommutative(operator: string): boolean {
  return operator === '+' || operator === '*' || operator === 'and' || operator === 'or' || operator === '=';
}

function chain(expression: Expression, operator: string): Expression[] {
  if (expression.kind !== 'binary' || expression.operator !== operator || operator === '=') {
    return expression.kind === 'binary' && expression.operator === operator
      ? [expression.left, expression.right]
      : [expression];
  }
  return [...chain(expression.left, operator), ...chain(expression.right, operator)];
}
