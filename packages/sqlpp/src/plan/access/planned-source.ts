import type { Source } from '../../execute/source.js';
import { operandsOf } from '../../expressions/compiler.js';
import type { Scope } from '../../names/scope.js';
import type { Expression } from '../../syntax/expression.js';
import type { OrderTerm, Subselect } from '../../syntax/select.js';
import type { PlanNode } from '../explain/plan-node.js';
import type { Planner } from '../planning.js';
import type { Sought } from './candidate.js';
import type { OrderKey } from './index-order.js';
import type { KeyspaceAccess } from './keyspace-access.js';
import { usedPaths } from './used-paths.js';

/** A term of FROM. */
export interface PlannedSource extends Source {
  /** Of a keyspace without USE KEYS. */
  readonly access?: KeyspaceAccess | undefined;
  /** Tells how its rows are found; `isNested` if that is done for each row in front. */
  readonly explain: (isNested: boolean) => readonly PlanNode[];
}

/** FROM, as far as it tells how documents are found. */
export interface PlannedFrom {
  /** The term whose rows come first. */
  readonly lead: PlannedSource;
  /** Arrays with a row for each element, and no row without. */
  readonly unnests: Sought['unnests'];
}

/** Chooses how the documents of the first term are found, by the condition that their rows have to meet. */
export function chooseLead(
  planner: Planner,
  { lead, unnests }: PlannedFrom,
  where: Expression | undefined,
  scope: Scope,
): void {
  lead.access?.choose({
    predicates: where === undefined ? [] : operandsOf(where, 'and'),
    unnests,
    unknown: new Set(scope.visible.map(({ slot }) => slot)),
    compile: (expression) => planner.compile(expression, scope),
  });
}

/** Returns the term of a join, found by an index for each row in front if the condition allows it. */
export function chooseJoined(
  planner: Planner,
  source: PlannedSource,
  condition: Expression | undefined,
  scope: Scope,
): PlannedSource {
  const { access } = source;
  if (access === undefined || source.isLateral) return source;
  const { hint } = access.term.use;
  const isHashed = hint === 'hash build' || hint === 'hash probe';
  access.choose({
    predicates: condition === undefined ? [] : operandsOf(condition, 'and'),
    unnests: [],
    // The documents of a hash join are found once, for all rows in front.
    unknown: new Set(isHashed ? scope.visible.map(({ slot }) => slot) : [source.slot]),
    compile: (expression) => planner.compile(expression, scope),
  });
  return access.isNarrow && !isHashed ? { ...source, isLateral: true } : source;
}

/** Tells whether the rows come in the order of ORDER BY, as an index has them so. */
export function orderLead(lead: PlannedSource | undefined, terms: readonly OrderTerm[]): boolean {
  if (lead?.access === undefined || terms.length === 0) return false;
  const keys: OrderKey[] = [];
  for (const { value, direction, nulls } of terms) {
    if (typeof direction === 'object' || nulls !== undefined) return false;
    keys.push({ value, descending: direction === 'desc' });
  }
  return lead.access.order(keys);
}

/** Makes the documents of the first term of what its index has of them, if the select needs no more. */
export function coverLead(lead: PlannedSource | undefined, { projection, group }: Subselect, scope: Scope): void {
  const isWhole = projection.terms.some(({ kind }) => kind === 'star') || group?.groupAs !== undefined;
  if (lead?.access === undefined || isWhole) return;
  const used = usedPaths(scope.expressions, lead.slot);
  if (used !== undefined) lead.access.cover(used);
}
