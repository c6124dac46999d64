import { createHash } from 'node:crypto';
import { clauseFault } from '../errors/clause-fault.js';
import { keyspaceText } from '../keyspaces/catalog.js';
import { contextText, type Prepared, type PreparedContext, preparedKey } from '../keyspaces/prepared-catalog.js';
import { Scope } from '../names/scope.js';
import { CLAUSES } from '../plan/clause.js';
import { sequence } from '../plan/explain/plan-node.js';
import type { Planner } from '../plan/planning.js';
import { nameFault, refusal } from '../plan/refusal.js';
import type { Expression } from '../syntax/expression.js';
import type { Execute, Prepare, Statement } from '../syntax/statement.js';
import { parseStatement } from '../syntax/statement-parser.js';
import { StatementError } from '../text/syntax-error.js';
import type { ObjectValue } from '../values/value.js';
import type { PlanningOptions } from './query-options.js';
import type { PlannedStatement, StatementPlan } from './statement-plan.js';
import { statementType } from './statement-type.js';

/** Plans the statement inside. */
export type PlanStatement = (text: string, statement: Statement, options: PlanningOptions) => StatementPlan;

const CODE_NOT_PREPARED = 4040;
const CODE_UNRECOGNIZED = 4050;
const CODE_NAME = 4060;

/** What plans call the right to read a keyspace. */
const PRIVILEGE_SELECT = 7;

/**
 * What a server of 7.6 tells of a prepared statement besides the statement. It does not decode plans unless it is told to:
 * `encoded_plan` is nothing, packed by gzip.
 */
export const PREPARED_FACTS = {
  encoded_plan: 'H4sIAAAAAAAA/wEAAP//AAAAAAAAAAA=',
  featureControls: 76,
  indexApiVersion: 4,
  namespace: 'default',
  useCBO: true,
} as const;

/** What the name of a statement without one is made of, besides its text: the facts above, without full text. */
const REALM = '4_4c_false_true_default';

/** A planned statement with its text, as it is kept. */
interface Known {
  readonly version: string | undefined;
  readonly text: string;
  readonly statement: Statement;
  readonly plan: StatementPlan;
}

const known = new WeakMap<Prepared, Known>();

/** Plans PREPARE: it keeps the statement and gives one row, or runs it at once if the request says so. */
export function planPrepare(
  planner: Planner,
  text: string,
  prepare: Prepare,
  options: PlanningOptions,
  plan: PlanStatement,
): PlannedStatement {
  const inner = plan(text, prepare.statement, options);
  const { prepareds, version } = options.catalog;
  if (prepareds === undefined) throw refusal(prepare, planner, options.context !== undefined);
  const prepared = preparedOf(text, prepare, options);
  const keep = (): void => {
    if (!prepareds.add(prepared)) throw duplicateName(prepared);
  };
  remember(prepared, { version, text, statement: prepare.statement, plan: inner });
  if (options.autoExecute === true) {
    keep();
    return planPrepared(prepared.name, options, plan);
  }
  return {
    signature: 'json',
    changes: false,
    batches() {
      keep();
      return [[rowOf(prepared, prepare.statement, inner)]];
    },
  };
}

/** Plans EXECUTE, with the parameters behind USING in place of those of the request. */
export function planExecute(
  planner: Planner,
  execute: Execute,
  options: PlanningOptions,
  plan: PlanStatement,
): PlannedStatement {
  const fault = nameFault(execute, planner, options.context !== undefined);
  if (fault !== undefined) throw fault;
  const inner = planPrepared(nameOf(execute.name), options, plan);
  if (execute.using === undefined) return inner;
  const using = planner.evaluate(execute.using, new Scope(undefined), CLAUSES.from);
  return {
    ...inner,
    batches(execution) {
      try {
        execution.bind(using([], execution));
      } catch (error) {
        throw clauseFault('USING', error);
      }
      return inner.batches(execution);
    },
  };
}

/**
 * Returns the plan of a prepared statement, which is made again only if what it depends on has changed.
 *
 * @throws StatementError if there is no statement of that name, or it cannot be run any more
 */
export function planPrepared(name: string, options: PlanningOptions, plan: PlanStatement): StatementPlan {
  const { catalog, context } = options;
  const prepared = catalog.prepareds?.find(name, context);
  if (prepared === undefined) throw notPrepared(name, context);
  const last = known.get(prepared);
  if (last?.version !== undefined && last.version === catalog.version) {
    // The catalog may have something to say about what this request names.
    for (const keyspace of last.plan.keyspaces) catalog.keyspace(keyspace);
    return last.plan;
  }
  const { text, statement } = last ?? readPrepared(prepared);
  return remember(prepared, { version: catalog.version, text, statement, plan: plan(text, statement, options) });
}

function readPrepared({ text }: Prepared): Pick<Known, 'text' | 'statement'> {
  const { statement } = parseStatement(text) as Prepare;
  return { text, statement };
}

function remember(prepared: Prepared, { statement, plan, ...rest }: Known): StatementPlan {
  const running = { ...plan, prepared, type: statementType(statement) };
  known.set(prepared, { ...rest, statement, plan: running });
  return running;
}

function preparedOf(written: string, { name, force }: Prepare, { context, clockMs }: PlanningOptions): Prepared {
  const text = force ? written.replace(/^(\s*PREPARE)\s+FORCE/i, '$1') : written;
  return { name: name ?? nameOfText(text), text, context, preparedAtMs: clockMs() };
}

/** The same text has the same name. */
function nameOfText(text: string): string {
  const bytes = createHash('sha1').update(REALM).update(text).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function rowOf({ name, text, context }: Prepared, statement: Statement, plan: StatementPlan): ObjectValue {
  const row: ObjectValue = {
    ...PREPARED_FACTS,
    name,
    operator: operatorOf(plan),
    queryContext: contextText(context),
    reqType: statementType(statement),
    signature: plan.signature ?? null,
    text,
  };
  return Object.fromEntries(Object.entries(row).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The plan as EXPLAIN tells it, with what the user has to be allowed to read around it. */
function operatorOf({ keyspaces, explain }: StatementPlan): ObjectValue {
  const list = keyspaces.map((name) => ({ Priv: PRIVILEGE_SELECT, Props: 0, Target: keyspaceText(name) }));
  const stream = { '#operator': 'Stream', serializable: true };
  return {
    '#operator': 'Authorize',
    privileges: { List: list },
    '~child': sequence([sequence(explain?.() ?? []), stream]),
  };
}

/** A name is an identifier or a string. */
function nameOf(expression: Expression): string {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind === 'literal' && typeof expression.value === 'string') return expression.value;
  throw new StatementError(CODE_UNRECOGNIZED, 'Unrecognizable prepared statement');
}

function notPrepared(name: string, context: PreparedContext | undefined): StatementError {
  const where = context === undefined ? 'unset' : contextText(context);
  return new StatementError(CODE_NOT_PREPARED, `No such prepared statement: ${name}, context: ${where}`);
}

function duplicateName({ name, context }: Prepared): StatementError {
  return new StatementError(CODE_NAME, `Unable to add name: duplicate name: ${preparedKey(name, context)}`);
}
