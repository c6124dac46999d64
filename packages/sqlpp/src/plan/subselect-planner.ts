import type { Operator } from '../execute/operator.js';
import { paced } from '../execute/pacing.js';
import { distinct, project } from '../execute/projecting.js';
import { type Assignment, assign, filter, slice } from '../execute/rows.js';
import { scanOne } from '../execute/single.js';
import { sort } from '../execute/sorting.js';
import type { Evaluate } from '../expressions/run.js';
import type { Clause } from '../names/formaliser.js';
import { Scope } from '../names/scope.js';
import { mapWindow } from '../syntax/children.js';
import type { Expression } from '../syntax/expression.js';
import type { LetBinding, OrderTerm, Subselect } from '../syntax/select.js';
import { substituteNames } from '../syntax/substitute.js';
import type { Value } from '../values/value.js';
import { chooseLead, coverLead, orderLead } from './access/planned-source.js';
import { CLAUSES } from './clause.js';
import { selectNodes } from './explain/select-nodes.js';
import { type FromPlan, planFrom } from './from-planner.js';
import { GroupPlanner, hasAggregate } from './group-planner.js';
import { planTerms, wantedRows } from './order-planner.js';
import type { Planner } from './planning.js';
import { compileProjection, type PlannedProjection, planProjection } from './projection-planner.js';
import type { BodyPlan } from './select-plan.js';
import { namedWindows, WindowPlanner } from './window-planner.js';

const CODE_DUPLICATE_VARIABLE = 3081;
const CODE_SEMANTICS = 4000;

/** ORDER BY, OFFSET and LIMIT, where the select has them for itself alone. */
export interface Tail {
  readonly orderBy: readonly OrderTerm[];
  readonly limit?: Evaluate | undefined;
  readonly offset?: Evaluate | undefined;
  /** As they were written. */
  readonly limits?: { readonly limit?: Expression | undefined; readonly offset?: Expression | undefined } | undefined;
}

/** Plans a SELECT with its clauses, in the order in which they are evaluated. */
export function planSubselect(planner: Planner, subselect: Subselect, outer: Scope, tail: Tail): BodyPlan {
  const scope = new Scope(outer);
  const input = planRows(planner, subselect, scope);
  const grouping = planGrouping(planner, subselect, scope, tail.orderBy);
  const grouped =
    grouping?.plan(input.operator, subselect.group ?? { letting: [], having: undefined }) ?? input.operator;
  const resolved = (expression: Expression, clause: Clause): Expression => {
    const formal = planner.formalise(expression, scope, clause);
    return grouping === undefined ? formal : grouping.regroup(formal);
  };
  const definitions = namedWindows(subselect.windows, (definition) =>
    mapWindow(definition, (each) => resolved(each, CLAUSES.window)),
  );
  const windows = new WindowPlanner(planner, scope, definitions);
  const resolve = (expression: Expression, clause: Clause): Expression => windows.replace(resolved(expression, clause));
  const projection = planProjection(
    subselect.projection,
    (expression) => resolve(expression, CLAUSES.projection),
    grouping !== undefined,
    planner,
  );
  const order = planOrder(planner, tail.orderBy, projection, scope, grouping !== undefined, resolve);
  const compileIn = (expression: Expression): Evaluate => planner.compile(expression, scope);
  const result = compileProjection(order.projection, subselect.projection.exclude, scope, compileIn);
  const staged = assign(paced(windows.plan(grouped)), order.assignments, 'projection');
  const isPlain = grouping === undefined && windows.texts.length === 0;
  const isOrdered = isPlain && orderLead(input.from?.lead, order.terms);
  coverLead(input.from?.lead, subselect, scope);
  const sorted = isOrdered ? { ...tail, orderBy: [] } : tail;
  const rows = planTail(planner, staged, subselect.projection.distinct, result, order, sorted, scope);
  return {
    signature: projection.signature,
    names: projection.names,
    batches: (run, outerRow) => project(rows.operator(run, outerRow), rows.result, run),
    explain: () =>
      selectNodes({
        scans: input.from && (() => input.from?.lead.explain(false) ?? []),
        joins: () => input.from?.explainJoins() ?? [],
        lets: input.lets,
        where: input.where,
        group: grouping && { ...grouping.told, groupAs: subselect.group?.groupAs, having: subselect.group?.having },
        windows: windows.texts,
        projection: subselect.projection,
        results: projection,
        tail: { orderBy: isOrdered ? [] : order.terms, ...tail.limits },
      }),
  };
}

/** FROM, LET and WHERE, planned. */
interface RowsPlan {
  readonly operator: Operator;
  readonly from: FromPlan | undefined;
  readonly lets: readonly LetBinding[];
  readonly where: Expression | undefined;
}

function planRows(
  planner: Planner,
  { from: clause, lets: bindings, where: condition }: Subselect,
  scope: Scope,
): RowsPlan {
  const from = clause && planFrom(planner, clause, scope);
  const first = from?.operator ?? scanOne(scope.frame.base, () => scope.frame.size);
  const { operator, lets } = planLets(planner, paced(first), bindings, scope);
  const where = condition && planner.formalise(condition, scope, CLAUSES.where);
  if (from !== undefined) chooseLead(planner, from, where, scope);
  const code = where && planner.compile(where, scope);
  // Without FROM there is one row whatever WHERE says.
  const rows = from === undefined || code === undefined ? operator : filter(operator, code);
  return { operator: rows, from, lets, where };
}

function planLets(
  planner: Planner,
  input: Operator,
  bindings: readonly LetBinding[],
  scope: Scope,
): Pick<RowsPlan, 'operator' | 'lets'> {
  const lets: LetBinding[] = [];
  const assignments = bindings.map(({ name, value, at }): Assignment => {
    const formal = planner.formalise(value, scope, CLAUSES.let);
    lets.push({ name, value: formal, at });
    const code = planner.compile(formal, scope);
    if (scope.isTaken(name)) {
      throw planner.placed(CODE_DUPLICATE_VARIABLE, `Duplicate variable: '${name}' already in scope`, at, '.');
    }
    const slot = scope.frame.allocate();
    scope.add({ name, origin: 'let', slot });
    return { slot, value: code };
  });
  return { operator: assign(input, assignments, 'LET'), lets };
}

/** Rows are grouped by GROUP BY, or if there are aggregates. */
function planGrouping(
  planner: Planner,
  { group, projection, at }: Subselect,
  scope: Scope,
  orderBy: readonly OrderTerm[],
): GroupPlanner | undefined {
  const results = projection.raw === undefined ? projection.terms : [{ kind: 'value' as const, value: projection.raw }];
  const isAggregated = results.some((term) => term.kind !== 'star' && hasAggregate(term.value));
  if (group === undefined && !isAggregated) {
    const stray = orderBy.find(({ value }) => hasAggregate(value));
    if (stray === undefined) return undefined;
    throw planner.placed(CODE_SEMANTICS, 'Aggregates not available for this ORDER BY', stray.value.at, '.');
  }
  const grouping = new GroupPlanner(planner, scope);
  if (group !== undefined) grouping.addKeys(group, at);
  return grouping;
}

interface PlannedOrder {
  /** The projection, with terms that ORDER BY names taken from the row. */
  readonly projection: PlannedProjection;
  readonly assignments: readonly Assignment[];
  readonly values: readonly Evaluate[];
  /** The terms of ORDER BY, their names resolved. */
  readonly terms: readonly OrderTerm[];
}

/** Names that the projection gives by AS come before all others. */
function planOrder(
  planner: Planner,
  orderBy: readonly OrderTerm[],
  projection: PlannedProjection,
  scope: Scope,
  isGrouped: boolean,
  resolve: (expression: Expression, clause: Clause) => Expression,
): PlannedOrder {
  if (orderBy.length === 0) return { projection, assignments: [], values: [], terms: [] };
  const written = projection.terms.filter(({ isWritten }) => isWritten);
  const slots = new Map(written.map(({ name }) => [name as string, scope.frame.allocate()]));
  const used = new Set<number>();
  const formals: OrderTerm[] = [];
  const values = orderBy.map((term) => {
    const { value } = term;
    const substituted = substitute(value, slots, used);
    const clause = isGrouped ? CLAUSES.orderBy : { ...CLAUSES.orderBy, aggregates: false };
    const formal = resolve(substituted, clause);
    formals.push({ ...term, value: namedResult(formal, slots, written) ?? formal });
    return planner.compile(formal, scope);
  });
  const assignments: Assignment[] = [];
  const terms = projection.terms.map((term) => {
    const slot = term.isWritten ? slots.get(term.name as string) : undefined;
    if (slot === undefined || !used.has(slot) || term.value === undefined) return term;
    assignments.push({ slot, value: planner.compile(term.value, scope) });
    return { ...term, value: resultVariable(slot, term.name as string, term.value.at) };
  });
  return { projection: { ...projection, terms }, assignments, values, terms: formals };
}

/** Returns what the result is that a term of ORDER BY names. */
function namedResult(
  formal: Expression,
  slots: ReadonlyMap<string, number>,
  written: PlannedProjection['terms'],
): Expression | undefined {
  if (formal.kind !== 'variable') return undefined;
  return written.find(({ name }) => slots.get(name as string) === formal.slot)?.value;
}

function resultVariable(slot: number, name: string, at: number): Expression {
  return { kind: 'variable', name, slot, hasMeta: false, origin: 'result', at };
}

/** Replaces names of results in an expression of ORDER BY, but not names that ANY and its like bind inside. */
function substitute(expression: Expression, slots: ReadonlyMap<string, number>, used: Set<number>): Expression {
  if (slots.size === 0) return expression;
  return substituteNames(expression, (name) => {
    const slot = slots.get(name);
    if (slot !== undefined) used.add(slot);
    return slot;
  });
}

function planTail(
  planner: Planner,
  input: Operator,
  isDistinct: boolean,
  result: Evaluate,
  order: PlannedOrder,
  { orderBy, limit, offset }: Tail,
  scope: Scope,
): { readonly operator: Operator; readonly result: Evaluate } {
  let operator = input;
  let finished = result;
  if (isDistinct) {
    const slot = scope.frame.allocate();
    operator = distinct(operator, slot, result);
    finished = (row) => row[slot] as Value;
  }
  if (orderBy.length > 0) {
    operator = sort(operator, {
      terms: planTerms(planner, orderBy, scope),
      values: order.values,
      wanted: wantedRows(limit, offset),
      counted: (run, rows) => run.countSorted(rows),
    });
  }
  return { operator: paced(slice(operator, offset, limit)), result: finished };
}
