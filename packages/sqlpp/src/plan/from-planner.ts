import { clauseFault } from '../errors/clause-fault.js';
import { type JoinCode, join, unnest } from '../execute/joining.js';
import { BATCH_SIZE, type Operator } from '../execute/operator.js';
import { type Entries, keyedEntries, scan, valueEntries } from '../execute/source.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import type { Scope } from '../names/scope.js';
import type { Expression } from '../syntax/expression.js';
import { expressionText } from '../syntax/expression-text.js';
import { impliedName } from '../syntax/implied-name.js';
import type { From, FromStep, KeyspacePath, Source as SourceTerm } from '../syntax/select.js';
import type { Value } from '../values/value.js';
import { KeyspaceAccess } from './access/keyspace-access.js';
import { chooseJoined, type PlannedFrom, type PlannedSource } from './access/planned-source.js';
import { CLAUSES } from './clause.js';
import { joinNode, keysJoinNode, unnestNode } from './explain/join-nodes.js';
import { type Explain, type PlanNode, sequence } from './explain/plan-node.js';
import { accessNodes, keyScanNodes } from './explain/scan-nodes.js';
import { type Equality, splitCondition } from './join-condition.js';
import { checkJoinMix } from './join-mix.js';
import { slotsOf } from './names-of.js';
import type { Planner } from './planning.js';
import type { SelectPlan } from './select-plan.js';

const CODE_PARSE = 3000;
const CODE_NAME = 3080;
const CODE_ALIAS_MISSING = 4010;
const CODE_ALIAS_TWICE = 4020;

type JoinStep = Exclude<FromStep, { kind: 'unnest' }>;
type UnnestStep = Extract<FromStep, { kind: 'unnest' }>;

/** A planned step of FROM. */
interface PlannedStep {
  readonly operator: Operator;
  readonly explain: () => PlanNode;
}

/** A planned FROM. */
export interface FromPlan extends PlannedFrom {
  readonly operator: Operator;
  /** Tells how the other terms are joined to the first. */
  readonly explainJoins: Explain;
}

/** Plans FROM, and gives its aliases to the scope. */
export function planFrom(planner: Planner, from: From, scope: Scope): FromPlan {
  const size = (): number => scope.frame.size;
  checkJoinMix(from.steps);
  let lead = planSource(planner, from.first, scope, 'FROM');
  let operator = scan(lead, scope.frame.base, size);
  let steps = from.steps;
  const [next] = steps;
  const explains: (() => PlanNode)[] = [];
  const unnests: { readonly slot: number; readonly source: Expression }[] = [];
  if (next !== undefined && next.kind !== 'unnest' && next.join === 'right') {
    const right = planSource(planner, next.source, scope, 'JOIN');
    const step = planRightJoin(planner, next, lead, right, scope);
    operator = step.operator;
    explains.push(step.explain);
    lead = right;
    steps = steps.slice(1);
  }
  for (const step of steps) {
    const planned =
      step.kind === 'unnest'
        ? planUnnest(planner, operator, step, scope, unnests)
        : planJoin(planner, operator, step, scope);
    operator = planned.operator;
    explains.push(planned.explain);
  }
  return { operator, lead, unnests, explainJoins: () => explains.map((explain) => explain()) };
}

/** The rows of the right side lead; those of the left are joined to them. */
function planRightJoin(
  planner: Planner,
  step: JoinStep,
  left: PlannedSource,
  right: PlannedSource,
  scope: Scope,
): PlannedStep {
  const { base } = scope.frame;
  const size = (): number => scope.frame.size;
  const condition = step.condition.kind === 'on' ? step.condition.condition : undefined;
  const code = joinCode(planner, { ...left, isLateral: false }, condition, scope);
  return joined(scan(right, base, size), code, { isOuter: true, nests: false }, scope);
}

/** Joins a term by its condition. */
function joined(
  input: Operator,
  code: PlannedJoin,
  how: { readonly isOuter: boolean; readonly nests: boolean },
  scope: Scope,
): PlannedStep {
  const { source, told } = code;
  const aliases = scope.sources.map(({ name, slot }) => ({ name, slot }));
  return {
    operator: join(input, { ...code, ...how }),
    explain: () =>
      joinNode({
        ...how,
        ...told,
        alias: aliases.find(({ slot }) => slot === source.slot)?.name ?? '',
        front: aliases.filter(({ slot }) => slot !== source.slot).map(({ name }) => name),
        scans: source.explain(source.isLateral),
      }),
  };
}

/** A planned condition of a join. */
export interface PlannedJoin extends Pick<JoinCode, 'equalities' | 'condition' | 'base' | 'size'> {
  readonly source: PlannedSource;
  /** What EXPLAIN tells. */
  readonly told: { readonly condition: Expression | undefined; readonly equalities: readonly Equality[] };
}

/** Plans the condition of a join with a term. */
export function joinCode(
  planner: Planner,
  term: PlannedSource,
  condition: Expression | undefined,
  scope: Scope,
): PlannedJoin {
  const { base } = scope.frame;
  const size = (): number => scope.frame.size;
  const formal = condition && planner.formalise(condition, scope, CLAUSES.on);
  const source = chooseJoined(planner, term, formal, scope);
  if (formal === undefined) {
    return { source, equalities: [], condition: undefined, base, size, told: { condition: undefined, equalities: [] } };
  }
  const { equalities, rest } = splitCondition(formal, source, scope, source.isLateral);
  return {
    source,
    equalities: equalities.map(({ left, right }) => ({
      left: planner.compile(left, scope),
      right: planner.compile(right, scope),
    })),
    condition: rest && planner.compile(rest, scope),
    base,
    size,
    told: { condition: formal, equalities },
  };
}

function planJoin(planner: Planner, input: Operator, step: JoinStep, scope: Scope): PlannedStep {
  const nests = step.kind === 'nest';
  const isOuter = step.join === 'left';
  const { condition } = step;
  const what = nests ? 'NEST' : 'JOIN';
  if (condition.kind === 'on keys') {
    const formal = planner.formalise(condition.keys, scope, CLAUSES.on);
    const keys = planner.compile(formal, scope);
    const term = planSource(planner, step.source, scope, what);
    const source = keyedSource(term, keys, condition.validate);
    const hasKeys = (row: Row, run: Run): boolean => {
      const value = keys(row, run);
      return typeof value === 'string' || (Array.isArray(value) && value.length > 0);
    };
    const code = joinCode(planner, source, undefined, scope);
    return {
      operator: join(input, { ...code, isOuter, nests, hasKeys }),
      explain: () => keysJoinNode(term.explain(false).at(-1) ?? {}, formal, { nests, isOuter }),
    };
  }
  if (condition.kind === 'on key for') return planKeyFor(planner, input, step, condition, scope);
  const source = planSource(planner, step.source, scope, what);
  const on = condition.kind === 'on' ? condition.condition : undefined;
  return joined(input, joinCode(planner, source, on, scope), { isOuter, nests }, scope);
}

/** `JOIN t ON KEY t.f FOR a`: the documents whose field is the key of a. */
function planKeyFor(
  planner: Planner,
  input: Operator,
  step: JoinStep,
  { key, alias }: { readonly key: Expression; readonly alias: string },
  scope: Scope,
): PlannedStep {
  const source = planSource(planner, step.source, scope, 'JOIN');
  const { at } = key;
  const id: Expression = {
    kind: 'field',
    object: { kind: 'call', path: ['meta'], operands: [{ kind: 'name', name: alias, at }], star: false, at },
    name: 'id',
    at,
  };
  const on: Expression = { kind: 'binary', operator: '=', left: id, right: key, at };
  const code = joinCode(planner, source, on, scope);
  return joined(input, code, { isOuter: step.join === 'left', nests: step.kind === 'nest' }, scope);
}

function keyedSource(source: PlannedSource, keys: Evaluate, validate: boolean): PlannedSource {
  const { keyspace } = source;
  if (keyspace === undefined) return source;
  return {
    ...source,
    isLateral: true,
    open: (run, row) => keyedEntries(keyspace(run), keys, row, run, { validate, warns: false }),
  };
}

function planUnnest(
  planner: Planner,
  input: Operator,
  step: UnnestStep,
  scope: Scope,
  unnests: { readonly slot: number; readonly source: Expression }[],
): PlannedStep {
  const formal = planner.formalise(step.expression, scope, CLAUSES.unnest);
  const name = step.alias ?? impliedName(step.expression);
  if (name === undefined) throw planner.placed(CODE_ALIAS_MISSING, 'UNNEST term must have a name or alias', step.at);
  const value = planner.compile(formal, scope);
  checkAlias(planner, name, scope, 'UNNEST', step.at);
  const slot = scope.frame.allocate(2);
  scope.add({ name, origin: 'source', slot });
  const isOuter = step.join === 'left';
  if (!isOuter) unnests.push({ slot, source: formal });
  return { operator: unnest(input, { slot, value, isOuter }), explain: () => unnestNode(name, formal, isOuter) };
}

function checkAlias(planner: Planner, name: string, scope: Scope, what: string, at: number): void {
  if (!scope.isTaken(name)) return;
  throw planner.placed(CODE_ALIAS_TWICE, `Duplicate ${what} alias '${name}'`, at);
}

/** Plans a term of FROM, JOIN or NEST, and gives its alias to the scope. */
export function planSource(planner: Planner, term: SourceTerm, scope: Scope, what: string): PlannedSource {
  const path = term.keyspace ?? keyspacePath(planner, term.expression, scope);
  if (path !== undefined) return planKeyspace(planner, term, path, scope, what);
  const isSubquery = term.expression.kind === 'subquery';
  const alias = term.alias ?? (isSubquery ? undefined : impliedName(term.expression));
  if (alias === undefined) {
    if (isSubquery) throw planner.placed(CODE_PARSE, 'Subquery in FROM clause must have an alias', term.at, '.');
    throw planner.aliasMissing(CODE_ALIAS_MISSING, term.at);
  }
  const formal = planner.formalise(term.expression, scope, CLAUSES.from);
  const isKeyspaceAlias = formal.kind === 'variable' && formal.hasMeta;
  const expressionWhat = what !== 'FROM' || isKeyspaceAlias ? what : isSubquery ? 'subquery' : 'FROM expression';
  // A WITH name may be the alias of its own rows.
  const isWithName = term.alias === undefined && formal.kind === 'variable' && formal.origin === 'with';
  if (!isWithName) checkAlias(planner, alias, scope, expressionWhat, term.at);
  const slot = scope.frame.allocate(2);
  const isLateral = [...slotsOf(formal)].some((each) => scope.sources.some((source) => source.slot === each));
  scope.add({ name: alias, origin: 'source', slot });
  if (formal.kind === 'subquery') return subquerySource(formal.plan as SelectPlan, alias, slot, isLateral);
  const value = planner.compile(formal, scope);
  return {
    slot,
    hasMeta: false,
    isLateral,
    open: (run, row) => valuesOf(value, row, run),
    explain: () => [{ '#operator': 'ExpressionScan', alias, expr: expressionText(formal), uncorrelated: !isLateral }],
  };
}

function valuesOf(value: Evaluate, row: Row, run: Run): Iterable<Entries> {
  try {
    return valueEntries(value(row, run), BATCH_SIZE);
  } catch (error) {
    throw clauseFault('FROM expression', error);
  }
}

/** A row that is MISSING is NULL to what is around the subquery. */
function* shown(batches: Iterable<readonly Value[]>): Generator<readonly Value[]> {
  for (const batch of batches) yield batch.includes(undefined) ? batch.map((row) => row ?? null) : batch;
}

function subquerySource(plan: SelectPlan, alias: string, slot: number, isLateral: boolean): PlannedSource {
  return {
    slot,
    hasMeta: false,
    isLateral,
    open: (run, row) => shown(plan.batches(run, row)),
    explain: () => [sequence(plan.explain()), { '#operator': 'Alias', as: alias }],
  };
}

/** Plans a term that is a keyspace, and gives its alias to the scope. */
export function planKeyspace(
  planner: Planner,
  term: Pick<SourceTerm, 'alias' | 'use' | 'at'>,
  path: KeyspacePath,
  scope: Scope,
  what: string,
): PlannedSource {
  const { name, keyspace } = planner.keyspace(path);
  const alias = term.alias ?? (path.parts.at(-1) as string);
  checkAlias(planner, alias, scope, what, term.at);
  const keys = term.use.keys && planner.formalise(term.use.keys.keys, scope, CLAUSES.from);
  const code = keys && planner.compile(keys, scope);
  const slot = scope.frame.allocate(2);
  planner.noteKeyspace(slot, name);
  scope.add({ name: alias, origin: 'source', slot, hasMeta: what !== 'NEST', isKeyspace: term.alias === undefined });
  const source = { slot, hasMeta: true, isLateral: false, keyspace: () => keyspace };
  if (keys !== undefined && code !== undefined) {
    const use = { validate: term.use.keys?.validate === true, warns: true };
    return {
      ...source,
      open: (run, row) => keyedEntries(keyspace, code, row, run, use),
      explain: () => keyScanNodes(keys, name, alias),
    };
  }
  const access = new KeyspaceAccess({ keyspace, name, slot, use: term.use, needsIndex: planner.needsIndex });
  return {
    ...source,
    access,
    open: (run, row) => access.open(run, row),
    explain: (isNested) => accessNodes(access, alias, isNested),
  };
}

/** Returns the path if the term is one to a keyspace: its first name is not one of the statement, or is that of a keyspace. */
function keyspacePath(planner: Planner, expression: Expression, scope: Scope): KeyspacePath | undefined {
  const parts = namesOf(expression);
  const [first] = parts;
  if (first === undefined) return undefined;
  const isKeyspace = parts.length === 1 && scope.isKeyspace(first);
  if (!isKeyspace && scope.find(first) !== undefined) return undefined;
  if (parts.length === 2) {
    throw planner.placed(CODE_NAME, `Ambiguous reference to field '${first}'`, expression.at, '.');
  }
  return parts.length === 1 || parts.length === 3 ? { parts, at: expression.at } : undefined;
}

function namesOf(expression: Expression): string[] {
  if (expression.parenthesised === true) return [];
  if (expression.kind === 'name') return [expression.name];
  if (expression.kind !== 'field') return [];
  const front = namesOf(expression.object);
  return front.length === 0 ? [] : [...front, expression.name];
}
