import { clauseFault } from '../errors/clause-fault.js';
import { join } from '../execute/joining.js';
import { type Merging, merging } from '../execute/mutations/merging.js';
import { write } from '../execute/mutations/writing.js';
import type { Operator } from '../execute/operator.js';
import { paced } from '../execute/pacing.js';
import { scan } from '../execute/source.js';
import type { Evaluate } from '../expressions/run.js';
import { Scope } from '../names/scope.js';
import type { Expression } from '../syntax/expression.js';
import type { Merge, MergeInsert } from '../syntax/mutation.js';
import { StatementError } from '../text/syntax-error.js';
import { jsonText } from '../values/json-text.js';
import type { PlannedSource } from './access/planned-source.js';
import { planChange } from './change-planner.js';
import { CLAUSES } from './clause.js';
import { mergeNode } from './explain/mutation-nodes.js';
import { parallel } from './explain/plan-node.js';
import { joinCode, planKeyspace, planSource } from './from-planner.js';
import { keyCondition } from './key-condition.js';
import { goTypeOf, planMutationLimit } from './limit-planner.js';
import type { MutationPlan } from './mutation-plan.js';
import type { Planner } from './planning.js';
import { planReturning, planTarget } from './target-planner.js';

const CODE_KEY_NOT_ALLOWED = 3150;
const CODE_KEY_WANTED = 3160;
const CODE_INDEX_HINT = 3180;
const CODE_JOIN_HINT = 3190;
const CODE_KEY = 5030;

/** Plans MERGE. */
export function planMerge(planner: Planner, statement: Merge): MutationPlan {
  checkForm(statement);
  const target = planTarget(planner, statement.target, 'insert', 'replace', 'remove');
  const { keyspace, alias, path } = target;
  const scope = new Scope(undefined);
  const source = planSource(planner, statement.source, scope, 'MERGE');
  // The key is found before the document is: names in it are of the source alone.
  const key = statement.onKey ? planner.evaluate(statement.on, scope, CLAUSES.merge) : undefined;
  const entry = planKeyspace(planner, statement.target, path, scope, 'MERGE');
  const { slot } = entry;
  const condition = (where: Expression | undefined): Evaluate | undefined =>
    where && planner.evaluate(where, scope, CLAUSES.where);
  const { update, delete: removal, insert } = statement;
  const code: Merging = {
    rows: planRows(planner, statement, source, entry, key, scope),
    alias,
    slot,
    sourceSlots: source.hasMeta ? [source.slot, source.slot + 1] : [source.slot],
    update: update && { change: planChange(planner, update, scope, slot), where: condition(update.where) },
    delete: removal && { where: condition(removal.where) },
    insert: insert && { document: planDocument(planner, insert, key, scope), where: condition(insert.where) },
    limit: planMutationLimit(planner, statement.limit, new Scope(undefined, scope.frame), 'LIMIT'),
  };
  const returning = planReturning(planner, statement.returning, scope);
  const writing = { keyspace, slot, returning: returning.result };
  return {
    signature: returning.signature,
    batches: (run) => write(merging(code, run), writing, run),
    explain: () => [...source.explain(false), parallel([mergeNode(statement, target)])],
  };
}

/** What can be written and still has no meaning. */
function checkForm({ onKey, insert, source, target }: Merge): void {
  if (onKey && target.use.indexes !== undefined) {
    throw new StatementError(
      CODE_INDEX_HINT,
      'MERGE with ON KEY clause cannot have USE INDEX hint specified on target.',
    );
  }
  if (onKey && source.use.hint !== undefined) {
    throw new StatementError(CODE_JOIN_HINT, 'MERGE with ON KEY clause cannot have join hint specified on source.');
  }
  if (insert === undefined) return;
  if (onKey && insert.key !== undefined) {
    const message = 'MERGE with ON KEY clause cannot have document key specification in INSERT action.';
    throw new StatementError(CODE_KEY_NOT_ALLOWED, message);
  }
  if (!onKey && insert.key === undefined) {
    const message = 'MERGE with ON clause must have document key specification in INSERT action.';
    throw new StatementError(CODE_KEY_WANTED, message);
  }
}

/** Rows of the source, each with the documents of the target that fit; without one if none does. */
function planRows(
  planner: Planner,
  statement: Merge,
  source: PlannedSource,
  entry: PlannedSource,
  key: Evaluate | undefined,
  scope: Scope,
): Operator {
  const input = paced(scan(source, 0, () => scope.frame.size));
  const isOuter = statement.insert !== undefined;
  return paced(join(input, { ...targetCode(planner, statement, entry, key, scope), isOuter, nests: false }));
}

/** How the documents of the target are found: by their keys, if the statement tells these. */
function targetCode(
  planner: Planner,
  { on, target }: Merge,
  entry: PlannedSource,
  key: Evaluate | undefined,
  scope: Scope,
): ReturnType<typeof joinCode> {
  if (key !== undefined) {
    const named = keyedTarget(entry, (row, run) => mergeKey(key, row, run));
    return joinCode(planner, named, undefined, scope);
  }
  const known =
    target.use.keys === undefined ? keyCondition(planner.formalise(on, scope, CLAUSES.on), entry.slot) : undefined;
  if (known === undefined) return joinCode(planner, entry, on, scope);
  const id = planner.compile(known.key, scope);
  const found = keyedTarget(entry, (row, run) => joinKey(id, row, run));
  return { ...joinCode(planner, found, undefined, scope), condition: known.rest && planner.compile(known.rest, scope) };
}

/** Finds the one document that has a key. */
function keyedTarget(entry: PlannedSource, key: Evaluate): PlannedSource {
  return {
    ...entry,
    isLateral: true,
    *open(run, row) {
      const id = key(row, run);
      const item = typeof id === 'string' ? entry.keyspace?.(run).get(id) : undefined;
      if (item !== undefined) yield [item];
    },
  };
}

function joinKey(key: Evaluate, ...at: Parameters<Evaluate>): ReturnType<Evaluate> {
  try {
    return key(...at);
  } catch (error) {
    throw clauseFault('join condition', error);
  }
}

function mergeKey(key: Evaluate, ...at: Parameters<Evaluate>): string {
  let id: ReturnType<Evaluate>;
  try {
    id = key(...at);
  } catch (error) {
    throw clauseFault('MERGE key', error);
  }
  if (typeof id === 'string') return id;
  const shown = id === undefined || id === null ? '<nil>' : jsonText(id);
  throw new StatementError(CODE_KEY, `Invalid MERGE key ${shown} of type ${goTypeOf(id)}.`);
}

function planDocument(
  planner: Planner,
  { key, value, options }: MergeInsert,
  onKey: Evaluate | undefined,
  scope: Scope,
): NonNullable<Merging['insert']>['document'] {
  const evaluate = (expression: Expression): Evaluate => planner.evaluate(expression, scope, CLAUSES.merge);
  return {
    key: key === undefined ? (onKey as Evaluate) : evaluate(key),
    value: value === undefined ? () => undefined : evaluate(value),
    options: options && evaluate(options),
  };
}
