import { clauseFault } from '../errors/clause-fault.js';
import { type JoinCode, join, type UnnestCode, unnest } from '../execute/joining.js';
import { BATCH_SIZE, type Operator } from '../execute/operator.js';
import { type Entries, keyedEntries, type Source, scan, valueEntries } from '../execute/source.js';
import type { Evaluate, Row, Run } from '../expressions/run.js';
import type { Scope } from '../names/scope.js';
import type { Expression } from '../syntax/expression.js';
import { impliedName } from '../syntax/implied-name.js';
import type { From, FromStep, KeyspacePath, Source as SourceTerm } from '../syntax/select.js';
import type { Value } from '../values/value.js';
import { KeyspaceAccess } from './access/keyspace-access.js';
import { chooseJoined, type PlannedFrom, type PlannedSource } from './access/planned-source.js';
import { CLAUSES } from './clause.js';
import { splitCondition } from './join-condition.js';
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

/** Plans FROM, and gives its aliases to the scope. */
export function planFrom(planner: Planner, from: From, scope: Scope): PlannedFrom & { readonly operator: Operator } {
  const size = (): number => scope.frame.size;
  checkJoinMix(from.steps);
  let lead = planSource(planner, from.first, scope, 'FROM');
  let operator = scan(lead, scope.frame.base, size);
  let steps = from.steps;
  const [next] = steps;
  if (next !== undefined && next.kind !== 'unnest' && next.join === 'right') {
    const right = planSource(planner, next.source, scope, 'JOIN');
    operator = planRightJoin(planner, next, lead, right, scope);
    lead = right;
    steps = steps.slice(1);
  }
  const unnests: { readonly slot: number; readonly source: Expression }[] = [];
  for (const step of steps) {
    if (step.kind !== 'unnest') operator = planJoin(planner, operator, step, scope);
    else {
      const code = planUnnest(planner, step, scope);
      operator = unnest(operator, code);
      if (!code.isOuter) unnests.push({ slot: code.slot, source: code.source });
    }
  }
  return { operator, lead, unnests };
}

/** The rows of the right side lead; those of the left are joined to them. */
function planRightJoin(
  planner: Planner,
  step: JoinStep,
  left: PlannedSource,
  right: PlannedSource,
  scope: Scope,
): Operator {
  const { base } = scope.frame;
  const size = (): number => scope.frame.size;
  const condition = step.condition.kind === 'on' ? step.condition.condition : undefined;
  const code = joinCode(planner, { ...left, isLateral: false }, condition, scope);
  return join(scan(right, base, size), { ...code, isOuter: true, nests: false });
}

/** Plans the condition of a join with a term. */
export function joinCode(
  planner: Planner,
  term: PlannedSource,
  condition: Expression | undefined,
  scope: Scope,
): Pick<JoinCode, 'source' | 'equalities' | 'condition' | 'base' | 'size'> {
  const { base } = scope.frame;
  const size = (): number => scope.frame.size;
  const formal = condition && planner.formalise(condition, scope, CLAUSES.on);
  const source = chooseJoined(planner, term, formal, scope);
  if (formal === undefined) return { source, equalities: [], condition: undefined, base, size };
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
  };
}

function planJoin(planner: Planner, input: Operator, step: JoinStep, scope: Scope): Operator {
  const nests = step.kind === 'nest';
  const isOuter = step.join === 'left';
  const { condition } = step;
  const what = nests ? 'NEST' : 'JOIN';
  if (condition.kind === 'on keys') {
    const keys = planner.evaluate(condition.keys, scope, CLAUSES.on);
    const source = keyedSource(planSource(planner, step.source, scope, what), keys, condition.validate);
    const hasKeys = (row: Row, run: Run): boolean => {
      const value = keys(row, run);
      return typeof value === 'string' || (Array.isArray(value) && value.length > 0);
    };
    return join(input, { ...joinCode(planner, source, undefined, scope), isOuter, nests, hasKeys });
  }
  if (condition.kind === 'on key for') return planKeyFor(planner, input, step, condition, scope);
  const source = planSource(planner, step.source, scope, what);
  const on = condition.kind === 'on' ? condition.condition : undefined;
  return join(input, { ...joinCode(planner, source, on, scope), isOuter, nests });
}

/** `JOIN t ON KEY t.f FOR a`: the documents whose field is the key of a. */
function planKeyFor(
  planner: Planner,
  input: Operator,
  step: JoinStep,
  { key, alias }: { readonly key: Expression; readonly alias: string },
  scope: Scope,
): Operator {
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
  return join(input, { ...code, isOuter: step.join === 'left', nests: step.kind === 'nest' });
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

function planUnnest(planner: Planner, step: UnnestStep, scope: Scope): UnnestCode & { readonly source: Expression } {
  const formal = planner.formalise(step.expression, scope, CLAUSES.unnest);
  const name = step.alias ?? impliedName(step.expression);
  if (name === undefined) throw planner.placed(CODE_ALIAS_MISSING, 'UNNEST term must have a name or alias', step.at);
  const value = planner.compile(formal, scope);
  checkAlias(planner, name, scope, 'UNNEST', step.at);
  const slot = scope.frame.allocate(2);
  scope.add({ name, origin: 'source', slot });
  return { slot, value, isOuter: step.join === 'left', source: formal };
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
  if (formal.kind === 'subquery') return subquerySource(formal.plan as SelectPlan, slot, isLateral);
  const value = planner.compile(formal, scope);
  return { slot, hasMeta: false, isLateral, open: (run, row) => valuesOf(value, row, run) };
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

function subquerySource(plan: SelectPlan, slot: number, isLateral: boolean): Source {
  return { slot, hasMeta: false, isLateral, open: (run, row) => shown(plan.batches(run, row)) };
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
  const keys = term.use.keys && planner.evaluate(term.use.keys.keys, scope, CLAUSES.from);
  const slot = scope.frame.allocate(2);
  planner.noteKeyspace(slot, name);
  scope.add({ name: alias, origin: 'source', slot, hasMeta: what !== 'NEST', isKeyspace: term.alias === undefined });
  const source = { slot, hasMeta: true, isLateral: false, keyspace: () => keyspace };
  if (keys !== undefined) {
    const use = { validate: term.use.keys?.validate === true, warns: true };
    return { ...source, open: (run, row) => keyedEntries(keyspace, keys, row, run, use) };
  }
  const access = new KeyspaceAccess({ keyspace, name, slot, use: term.use, needsIndex: planner.needsIndex });
  return { ...source, access, open: (run, row) => access.open(run, row) };
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
