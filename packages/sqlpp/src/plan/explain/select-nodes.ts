import type { Expression } from '../../syntax/expression.js';
import { expressionText } from '../../syntax/expression-text.js';
import type { LetBinding, OrderTerm, Projection } from '../../syntax/select.js';
import type { PlannedProjection } from '../projection-planner.js';
import { type Explain, type PlanNode, parallel, sequence } from './plan-node.js';

/** What a select without set operations is made of, its names resolved. */
export interface SelectParts {
  /** Finds the rows of the first term of FROM; undefined without FROM. */
  readonly scans: Explain | undefined;
  /** Joins the other terms. */
  readonly joins: Explain;
  readonly lets: readonly LetBinding[];
  readonly where: Expression | undefined;
  readonly group: GroupParts | undefined;
  readonly windows: readonly string[];
  readonly projection: Projection;
  readonly results: PlannedProjection;
  readonly tail: TailParts;
}

/** GROUP BY, LETTING and HAVING as texts. */
export interface GroupParts {
  readonly keys: readonly string[];
  readonly aggregates: readonly string[];
  readonly groupAs: string | undefined;
  readonly having: Expression | undefined;
}

/** ORDER BY, OFFSET and LIMIT. */
export interface TailParts {
  /** Without those that an index has in order. */
  readonly orderBy: readonly OrderTerm[];
  readonly offset?: Expression | undefined;
  readonly limit?: Expression | undefined;
}

const DUMMY: PlanNode = { '#operator': 'DummyScan' };

/** Tells the operators of a select. */
export function selectNodes(parts: SelectParts): readonly PlanNode[] {
  const { scans, where, group, windows, projection, tail } = parts;
  const hasTail = tail.orderBy.length > 0 || tail.limit !== undefined || tail.offset !== undefined;
  const before = [
    ...parts.joins(),
    ...(parts.lets.length === 0 ? [] : [letNode(parts.lets)]),
    ...(where === undefined || scans === undefined ? [] : [filterNode(where)]),
  ];
  const project = [
    ...windows.map((text) => ({ '#operator': 'WindowAggregate', aggregates: [text] })),
    projectNode(parts, !hasTail || tail.orderBy.length === 0),
    ...(projection.distinct ? [{ '#operator': 'Distinct' }] : []),
  ];
  const most = scans === undefined ? 1 : undefined;
  const body = [
    ...(scans?.() ?? [DUMMY]),
    ...(group === undefined ? [parallel([...before, ...project], most)] : groupNodes(group, before, project, most)),
    ...(projection.distinct ? [{ '#operator': 'Distinct' }] : []),
  ];
  return hasTail ? [sequence(body), ...tailNodes(tail)] : body;
}

/** Tells ORDER BY, OFFSET and LIMIT. */
export function tailNodes({ orderBy, offset, limit }: TailParts): readonly PlanNode[] {
  const limits = {
    ...(limit !== undefined && { limit: expressionText(limit) }),
    ...(offset !== undefined && { offset: expressionText(offset) }),
  };
  return [
    ...(orderBy.length === 0 ? [] : [{ '#operator': 'Order', ...limits, sort_terms: orderBy.map(sortTerm) }]),
    ...(offset === undefined ? [] : [{ '#operator': 'Offset', expr: expressionText(offset) }]),
    ...(limit === undefined ? [] : [{ '#operator': 'Limit', expr: expressionText(limit) }]),
  ];
}

function sortTerm({ value, direction, nulls }: OrderTerm): PlanNode {
  const shown = (choice: string | Expression): string =>
    typeof choice === 'string' ? `"${choice}"` : expressionText(choice);
  return {
    expr: expressionText(value),
    ...(direction !== undefined && direction !== 'asc' && { desc: shown(direction) }),
    ...(nulls !== undefined && { nulls_pos: shown(nulls) }),
  };
}

function filterNode(condition: Expression): PlanNode {
  return { '#operator': 'Filter', condition: expressionText(condition) };
}

function letNode(lets: readonly LetBinding[]): PlanNode {
  return { '#operator': 'Let', bindings: lets.map(({ name, value }) => ({ expr: expressionText(value), var: name })) };
}

function groupNodes(
  { keys, aggregates, groupAs, having }: GroupParts,
  before: readonly PlanNode[],
  project: readonly PlanNode[],
  most: number | undefined,
): readonly PlanNode[] {
  const members = { aggregates, group_keys: keys, ...(groupAs !== undefined && { group_as: groupAs }) };
  const initial = { '#operator': 'InitialGroup', ...members };
  return [
    parallel([...before, initial], most),
    { '#operator': 'IntermediateGroup', ...members },
    { '#operator': 'FinalGroup', ...members },
    parallel([...(having === undefined ? [] : [filterNode(having)]), ...project], most),
  ];
}

function projectNode({ projection, results }: SelectParts, isLast: boolean): PlanNode {
  const terms = results.raw === undefined ? results.terms.map(resultTerm) : [{ expr: expressionText(results.raw) }];
  return {
    '#operator': 'InitialProject',
    ...(isLast && { discard_original: true }),
    ...(projection.distinct && { distinct: true }),
    preserve_order: true,
    ...(results.raw !== undefined && { raw: true }),
    result_terms: terms,
  };
}

function resultTerm({ kind, value, name, isWritten }: PlannedProjection['terms'][number]): PlanNode {
  if (value === undefined) return { expr: 'self', star: true };
  return {
    expr: expressionText(value),
    ...(isWritten && name !== undefined && { as: name }),
    ...(kind === 'members' && { star: true }),
  };
}
