import { gathered } from '../execute/gathering.js';
import type { Results } from '../execute/projecting.js';
import { constantOf } from '../expressions/constant.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import { Scope } from '../names/scope.js';
import type { Select, SelectTerm, Subselect, WithTerm } from '../syntax/select.js';
import { StatementError } from '../text/syntax-error.js';
import { identityKey } from '../values/equality.js';
import type { Value } from '../values/value.js';
import { CLAUSES } from './clause.js';
import { hasAggregate } from './group-planner.js';
import type { Planner } from './planning.js';
import type { BodyPlan } from './select-plan.js';
import { planSubselect } from './subselect-planner.js';

const CODE_SEMANTICS = 3300;
const CODE_REFERENCE = 3302;
const CODE_UNSUPPORTED = 3304;
const CODE_STOPPED = 3306;
/** Levels after which a term without a limit of its own ends. */
const LEVELS = 100;

interface Limits {
  readonly levels: number;
  readonly documents: number;
  readonly isExplicit: boolean;
}

/** Plans a term of WITH RECURSIVE that names itself; nothing if it does not. */
export function planRecursion(
  planner: Planner,
  term: WithTerm,
  select: Select,
  scope: Scope,
): ((run: Run, row: Row) => Generator<Results, Value>) | undefined {
  const { body } = select;
  if (body.kind !== 'set operation' || body.operator !== 'union' || body.right.kind !== 'subselect') return undefined;
  if (!namesItself(body.right, term.name)) return undefined;
  checkStep(body.right, select, term.name);
  const anchor = planSide(planner, body.left, scope);
  const slot = scope.frame.allocate();
  scope.add({ name: term.name, origin: 'with', slot });
  const step = planSubselect(planner, body.right, scope, { orderBy: [] });
  const limits = limitsOf(term);
  const cycle = cycleOf(planner, term);
  return (run, row) => recurse(term.name, anchor, step, slot, { all: body.all, limits, cycle }, run, row);
}

function planSide(planner: Planner, side: SelectTerm, scope: Scope): BodyPlan {
  if (side.kind === 'subselect') return planSubselect(planner, side, scope, { orderBy: [] });
  throw new StatementError(CODE_UNSUPPORTED, 'recursive_with_unsupported: nested set operations');
}

function sourcesNamed({ from }: Subselect, name: string): number {
  if (from === undefined) return 0;
  const sources = [from.first, ...from.steps.flatMap((step) => (step.kind === 'unnest' ? [] : [step.source]))];
  return sources.filter(({ expression }) => expression.kind === 'name' && expression.name === name).length;
}

function namesItself(step: Subselect, name: string): boolean {
  return sourcesNamed(step, name) > 0;
}

function checkStep(step: Subselect, select: Select, name: string): void {
  const results = step.projection.raw === undefined ? step.projection.terms : [];
  const isAggregated = results.some((term) => term.kind !== 'star' && hasAggregate(term.value));
  if (isAggregated || step.group !== undefined) {
    throw new StatementError(CODE_SEMANTICS, 'recursive_with semantics: Aggregates/Window functions are not allowed');
  }
  if (select.orderBy.length > 0 || select.limit !== undefined || select.offset !== undefined) {
    throw new StatementError(CODE_SEMANTICS, 'recursive_with semantics: Order/Limit/Offset not allowed');
  }
  if (step.from?.steps.some(({ join }) => join !== 'inner') === true) {
    throw new StatementError(CODE_UNSUPPORTED, 'recursive_with_unsupported: OUTER JOIN');
  }
  if (sourcesNamed(step, name) > 1) {
    const message = `Recursive reference '${name}' must not appear more than once in the FROM clause`;
    throw new StatementError(CODE_REFERENCE, message);
  }
}

function limitsOf({ options }: WithTerm): Limits {
  const given = options?.kind === 'object' ? options.members : [];
  const numberOf = (name: string): number | undefined => {
    const member = given.find((each) => each.name.kind === 'literal' && each.name.value === name);
    const value = member && constantOf(member.value)?.value;
    return typeof value === 'number' ? value : undefined;
  };
  const levels = numberOf('levels');
  const documents = numberOf('documents');
  return {
    levels: levels ?? LEVELS,
    documents: documents ?? Infinity,
    isExplicit: levels !== undefined || documents !== undefined,
  };
}

/** CYCLE compares members of results. */
function cycleOf(planner: Planner, { cycle }: WithTerm): ((result: Value, run: Run) => unknown) | undefined {
  if (cycle.length === 0) return undefined;
  const scope = new Scope(undefined);
  const slot = scope.frame.allocate();
  scope.add({ name: '', origin: 'source', slot });
  const codes = cycle.map((each): Evaluate => planner.evaluate(each, scope, CLAUSES.with));
  return (result, run) => identityKey(codes.map((code) => code([result], run)));
}

interface Recursion {
  readonly all: boolean;
  readonly limits: Limits;
  readonly cycle: ((result: Value, run: Run) => unknown) | undefined;
}

function* recurse(
  name: string,
  anchor: BodyPlan,
  step: BodyPlan,
  slot: number,
  { all, limits, cycle }: Recursion,
  run: Run,
  row: Row,
): Generator<Results, Value> {
  const results: Value[] = [];
  const seen = new Set<unknown>();
  const cycles = new Set<unknown>();
  const isNew = (result: Value): boolean => {
    if (!all && !added(seen, identityKey(result))) return false;
    return cycle === undefined || added(cycles, cycle(result, run));
  };
  let level: readonly Value[] = (yield* gathered(anchor.batches(run, row), run)).filter(isNew);
  for (let depth = 0; level.length > 0; depth++) {
    for (const result of level) {
      if (results.length >= limits.documents) return results;
      results.push(result);
    }
    if (depth >= limits.levels) {
      if (!limits.isExplicit) run.warn(CODE_STOPPED, stopped(name, depth));
      return results;
    }
    row[slot] = level;
    level = (yield* gathered(step.batches(run, row), run)).filter(isNew);
  }
  return results;
}

function stopped(name: string, levels: number): string {
  return `Recursive WITH '${name}' stopped at ${levels} level as no explicit level limit or memory quota set`;
}

function added(set: Set<unknown>, key: unknown): boolean {
  if (set.has(key)) return false;
  set.add(key);
  return true;
}
