import type { Expression } from '../../syntax/expression.js';
import { expressionText } from '../../syntax/expression-text.js';
import type { Changes, Merge, NewDocument } from '../../syntax/mutation.js';
import type { PlannedTarget } from '../target-planner.js';
import { type PlanNode, parallel, sequence } from './plan-node.js';
import { keyspaceMembers } from './scan-nodes.js';

/** What a statement does to documents that it has found. */
export interface MutationParts {
  /** Finds the documents. */
  readonly scans: readonly PlanNode[];
  readonly where: Expression | undefined;
  /** Changes them, and stores them. */
  readonly steps: readonly PlanNode[];
  readonly limit: Expression | undefined;
  /** Whether RETURNING gives something of each. */
  readonly returns: boolean;
}

/** Tells the operators of UPDATE or DELETE. */
export function mutationNodes({ scans, where, steps, limit, returns }: MutationParts): readonly PlanNode[] {
  const filter = where === undefined ? [] : [{ '#operator': 'Filter', condition: expressionText(where) }];
  const last = returns ? [{ '#operator': 'InitialProject' }] : [];
  if (limit === undefined) return [...scans, parallel([...filter, ...steps, ...last])];
  const limited = [...scans, parallel(filter), { '#operator': 'Limit', expr: expressionText(limit) }];
  return [sequence(limited), parallel([...steps, ...last])];
}

/** Tells what stores or removes documents. */
export function sendNode(operator: string, { name, alias }: PlannedTarget, returns: boolean): PlanNode {
  const { as: _, ...keyspace } = keyspaceMembers(name, alias);
  return { '#operator': operator, alias, ...(!returns && { fast_discard: true }), ...keyspace };
}

/** Tells MERGE, with what it does to the documents that fit and to those that are missing. */
export function mergeNode({ on, onKey, update, delete: removal, insert }: Merge, target: PlannedTarget): PlanNode {
  const { as: _, ...keyspace } = keyspaceMembers(target.name, target.alias);
  return {
    '#operator': 'Merge',
    as: target.alias,
    ...keyspace,
    [onKey ? 'key' : 'on']: expressionText(on),
    ...(update !== undefined && { update: sequence([...changeNodes(update), { '#operator': 'MergeUpdate' }]) }),
    ...(removal !== undefined && { delete: sequence([{ '#operator': 'MergeDelete' }]) }),
    ...(insert !== undefined && { insert: sequence([{ '#operator': 'MergeInsert' }]) }),
  };
}

/** Tells the documents of VALUES. */
export function valueScanNode(documents: readonly NewDocument[]): PlanNode {
  const texts = documents.map(({ key, value, options }) =>
    [key, value, options].flatMap((each) => (each === undefined ? [] : [expressionText(each)])).join(', '),
  );
  return { '#operator': 'ValueScan', values: `[${texts.map((text) => `[${text}]`).join(', ')}]` };
}

/** Tells SET and UNSET, of a copy of each document. */
export function changeNodes({ set, unset }: Changes): readonly PlanNode[] {
  const setTerms = set.map(({ path, value }) => ({ path: expressionText(path), value: expressionText(value) }));
  const unsetTerms = unset.map(({ path }) => ({ path: expressionText(path) }));
  return [
    { '#operator': 'Clone' },
    ...(set.length === 0 ? [] : [{ '#operator': 'Set', set_terms: setTerms }]),
    ...(unset.length === 0 ? [] : [{ '#operator': 'Unset', unset_terms: unsetTerms }]),
  ];
}
