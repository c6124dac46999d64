import { clauseFault } from '../errors/clause-fault.js';
import { gathered } from '../execute/gathering.js';
import { newRow } from '../execute/operator.js';
import type { Results } from '../execute/projecting.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import type { Scope } from '../names/scope.js';
import type { Select, WithTerm } from '../syntax/select.js';
import type { Value } from '../values/value.js';
import { CLAUSES } from './clause.js';
import type { Planner } from './planning.js';
import { planRecursion } from './recursion-planner.js';

const CODE_ALIAS_TWICE = 4020;

/** Runs the select with the terms of WITH in its outer row. */
type Withs = (run: Run, outer: Row, inner: (row: Row) => Iterable<Results>) => Iterable<Results>;

/** Yields nothing but time while a term is computed, then its value. */
type TermCode = (run: Run, row: Row) => Generator<Results, Value>;

/** Plans WITH, and gives its names to the scope. */
export function planWith(planner: Planner, select: Select, scope: Scope): Withs | undefined {
  if (select.with.length === 0) return undefined;
  const terms = select.with.map((term) => {
    if (scope.hasOwn(term.name)) {
      throw planner.placed(CODE_ALIAS_TWICE, `Duplicate WITH clause alias '${term.name}'`, term.at);
    }
    const code = planTerm(planner, term, scope, select.recursive);
    const slot = scope.own(term.name)?.slot ?? scope.frame.allocate();
    if (!scope.hasOwn(term.name)) scope.add({ name: term.name, origin: 'with', slot });
    return { slot, code };
  });
  const { base } = scope.frame;
  return function* withTerms(run, outer, inner) {
    const row = newRow(outer, base, scope.frame.size);
    for (const { slot, code } of terms) row[slot] = yield* code(run, row);
    yield* inner(row);
  };
}

function planTerm(planner: Planner, term: WithTerm, scope: Scope, recursive: boolean): TermCode {
  const { value } = term;
  if (value.kind !== 'select') return valueCode(planner.evaluate(value, scope, CLAUSES.with));
  const recursion = recursive ? planRecursion(planner, term, value, scope) : undefined;
  if (recursion !== undefined) return recursion;
  const plan = planner.planSubquery(value, scope);
  return function* rows(run, row) {
    return yield* gathered(plan.batches(run, row), run);
  };
}

function valueCode(value: Evaluate): TermCode {
  // biome-ignore lint/correctness/useYield: a value takes no time worth sharing.
  return function* once(run, row) {
    try {
      return value(row, run);
    } catch (error) {
      throw clauseFault('WITH', error);
    }
  };
}
