import { expressionText } from '../../syntax/expression-text.js';
import type { Select } from '../../syntax/select.js';
import { selectText } from '../../syntax/source-text.js';
import { type PlanNode, sequence } from './plan-node.js';

/** Tells a set operation. */
export function combinedNodes(
  operator: 'union' | 'intersect' | 'except',
  all: boolean,
  left: readonly PlanNode[],
  right: readonly PlanNode[],
): readonly PlanNode[] {
  const [first, second] = [sequence(left), sequence(right)];
  const distinct = all ? [] : [{ '#operator': 'Distinct' }];
  if (operator === 'union') return [{ '#operator': 'UnionAll', '~children': [first, second] }, ...distinct];
  return [{ '#operator': operator === 'intersect' ? 'IntersectAll' : 'ExceptAll', first, second }, ...distinct];
}

/** Tells WITH around the operators of its select. */
export function withNode({ with: terms }: Select, children: readonly PlanNode[]): PlanNode {
  return {
    '#operator': 'With',
    bindings: terms.map(({ name, value }) => ({
      expr: value.kind === 'select' ? `(${selectText(value)})` : expressionText(value),
      name,
    })),
    '~child': sequence(children),
  };
}
