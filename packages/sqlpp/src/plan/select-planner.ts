import { combine, unique } from '../execute/combining.js';
import type { Operator } from '../execute/operator.js';
import { project, type Results } from '../execute/projecting.js';
import { bindResults } from '../execute/results.js';
import { slice } from '../execute/rows.js';
import { sort } from '../execute/sorting.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import { Scope } from '../names/scope.js';
import type { Select, SelectTerm } from '../syntax/select.js';
import { isObject, type Value } from '../values/value.js';
import { CLAUSES } from './clause.js';
import { combinedNodes, withNode } from './explain/combined-nodes.js';
import { sequence } from './explain/plan-node.js';
import { tailNodes } from './explain/select-nodes.js';
import { planLimit } from './limit-planner.js';
import { planTerms, wantedRows } from './order-planner.js';
import type { Planner } from './planning.js';
import type { BodyPlan, SelectPlan } from './select-plan.js';
import { planSubselect, type Tail } from './subselect-planner.js';
import { planWith } from './with-planner.js';

/** Plans a select with WITH, set operations, ORDER BY, OFFSET and LIMIT. */
export function planSelect(planner: Planner, select: Select, outer: Scope | undefined): SelectPlan {
  const scope = new Scope(outer);
  const withs = planWith(planner, select, scope);
  const limit = planLimit(planner, select.limit, scope, 'LIMIT');
  const offset = planLimit(planner, select.offset, scope, 'OFFSET');
  const limits = { limit: select.limit, offset: select.offset };
  const tail: Tail = { orderBy: select.orderBy, limit, offset, limits };
  const body =
    select.body.kind === 'subselect'
      ? planSubselect(planner, select.body, scope, tail)
      : planCombined(planner, select.body, scope, tail);
  const batches = (run: Run, row: Row): Iterable<Results> =>
    withs === undefined ? body.batches(run, row) : withs(run, row, (inner) => body.batches(run, inner));
  return {
    signature: body.signature,
    names: body.names,
    references: scope.references,
    text: `(${planner.textOf(select)})`,
    explain: () => (withs === undefined ? body.explain() : [withNode(select, body.explain())]),
    batches,
    collect: (run, row) => collect(batches(run, row), run),
  };
}

function collect(batches: Iterable<Results>, run: Run): readonly Value[] {
  let all: Value[] | undefined;
  let first: Results = [];
  for (const batch of batches) {
    run.check();
    if (batch.length === 0) continue;
    if (first.length === 0) {
      first = batch;
      continue;
    }
    if (all === undefined) all = [...first];
    for (const value of batch) all.push(value);
  }
  const rows = all ?? first;
  // A row that is MISSING is NULL to what is around the subquery.
  return rows.includes(undefined) ? rows.map((row) => row ?? null) : rows;
}

/** @param isDistinct whether repeats are dropped: those of the selects that a set operation is made of go one by one */
function planTerm(planner: Planner, term: SelectTerm, scope: Scope, isDistinct: boolean): BodyPlan {
  if (term.kind === 'set operation') return planSetOperation(planner, term, scope, isDistinct);
  const plan =
    term.kind === 'select' ? planSelect(planner, term, scope) : planSubselect(planner, term, scope, { orderBy: [] });
  if (!isDistinct) return plan;
  return {
    ...plan,
    batches: (run, row) => unique(plan.batches(run, row), run),
    explain: () => [...plan.explain(), { '#operator': 'Distinct' }],
  };
}

function planSetOperation(
  planner: Planner,
  { operator, all, left, right }: Extract<SelectTerm, { kind: 'set operation' }>,
  scope: Scope,
  isDistinct: boolean,
): BodyPlan {
  const first = planTerm(planner, left, scope, isDistinct || !all);
  const second = planTerm(planner, right, scope, isDistinct || !all);
  return {
    signature: operator === 'union' ? mergeSignatures(first.signature, second.signature) : first.signature,
    names: [...new Set([...first.names, ...second.names])],
    batches: (run, outer) => combine(operator, all, first.batches(run, outer), second.batches(run, outer), run),
    explain: () => combinedNodes(operator, all, first.explain(), second.explain()),
  };
}

/** The signature of a union has the names of both sides; bare values have the type that both sides have. */
function mergeSignatures(left: Value, right: Value): Value {
  if (!isObject(left) || !isObject(right)) return left === right ? left : 'json';
  const merged: Record<string, Value> = { ...left };
  for (const [name, type] of Object.entries(right)) {
    merged[name] = Object.hasOwn(left, name) && left[name] !== type ? 'json' : type;
  }
  return merged;
}

/** Results of a set operation are ordered by their names. */
function planCombined(planner: Planner, term: SelectTerm, outer: Scope, tail: Tail): BodyPlan {
  const body = planTerm(planner, term, outer, false);
  if (tail.orderBy.length === 0 && tail.limit === undefined && tail.offset === undefined) return body;
  const scope = new Scope(outer);
  const resultSlot = scope.frame.allocate();
  const slots = body.names.map((name) => {
    const slot = scope.frame.allocate();
    scope.add({ name, origin: 'result', slot });
    return { name, slot };
  });
  const rows: Operator = (run, row) =>
    bindResults(body.batches(run, row), resultSlot, slots, row, scope.frame.base, scope.frame.size);
  const values = tail.orderBy.map(({ value }): Evaluate => planner.evaluate(value, scope, CLAUSES.orderBy));
  const sorted =
    values.length === 0
      ? rows
      : sort(rows, {
          terms: planTerms(planner, tail.orderBy, scope),
          values,
          wanted: wantedRows(tail.limit, tail.offset),
          counted: (run, count) => run.countSorted(count),
        });
  const limited = slice(sorted, tail.offset, tail.limit);
  const told = { orderBy: tail.orderBy, ...tail.limits };
  return {
    ...body,
    explain: () => [sequence(body.explain()), ...tailNodes(told)],
    batches: (run, row) => project(limited(run, row), (each) => each[resultSlot] as Value, run),
  };
}
