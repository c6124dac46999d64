import type { Expression } from '../../syntax/expression.js';
import { expressionText } from '../../syntax/expression-text.js';
import type { Equality } from '../join-condition.js';
import { type PlanNode, sequence } from './plan-node.js';

/** A join, its names resolved. */
export interface JoinParts {
  readonly alias: string;
  readonly nests: boolean;
  readonly isOuter: boolean;
  readonly condition: Expression | undefined;
  /** By which the documents are found in a hash table; none if they are sought for each row. */
  readonly equalities: readonly Equality[];
  /** Aliases in front. */
  readonly front: readonly string[];
  /** Finds the documents that are joined. */
  readonly scans: readonly PlanNode[];
}

/** Tells a join by ON. */
export function joinNode({ alias, nests, isOuter, condition, equalities, front, scans }: JoinParts): PlanNode {
  const what = nests ? 'Nest' : 'Join';
  const members = {
    ...(condition !== undefined && { on_clause: expressionText(condition) }),
    ...(isOuter && { outer: true }),
    '~child': sequence(scans),
  };
  if (equalities.length === 0) return { '#operator': `NestedLoop${what}`, alias, ...members };
  return {
    '#operator': `Hash${what}`,
    build_aliases: [alias],
    build_exprs: equalities.map(({ right }) => expressionText(right)),
    probe_aliases: front,
    probe_exprs: equalities.map(({ left }) => expressionText(left)),
    ...members,
  };
}

/** Tells a join by ON KEYS. `fetch` tells which documents it fetches. */
export function keysJoinNode(
  fetch: PlanNode,
  keys: Expression,
  { nests, isOuter }: { readonly nests: boolean; readonly isOuter: boolean },
): PlanNode {
  const operator = nests ? 'Nest' : 'Join';
  return { ...fetch, '#operator': operator, on_keys: expressionText(keys), ...(isOuter && { outer: true }) };
}

/** Tells an UNNEST. */
export function unnestNode(alias: string, expression: Expression, isOuter: boolean): PlanNode {
  return { '#operator': 'Unnest', as: alias, expr: expressionText(expression), ...(isOuter && { outer: true }) };
}
