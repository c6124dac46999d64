import { deleting, updating } from '../execute/mutations/changing.js';
import { write } from '../execute/mutations/writing.js';
import type { Operator } from '../execute/operator.js';
import { paced } from '../execute/pacing.js';
import { filter, slice } from '../execute/rows.js';
import { scan } from '../execute/source.js';
import { Scope } from '../names/scope.js';
import type { Expression } from '../syntax/expression.js';
import type { Delete, Update } from '../syntax/mutation.js';
import { chooseLead, type PlannedSource } from './access/planned-source.js';
import { planChange } from './change-planner.js';
import { CLAUSES } from './clause.js';
import { changeNodes, mutationNodes, sendNode } from './explain/mutation-nodes.js';
import type { PlanNode } from './explain/plan-node.js';
import { planKeyspace } from './from-planner.js';
import { planMutationLimit } from './limit-planner.js';
import type { MutationPlan } from './mutation-plan.js';
import type { Planner } from './planning.js';
import { type PlannedTarget, planReturning, planTarget } from './target-planner.js';

/** Plans UPDATE. */
export function planUpdate(planner: Planner, statement: Update): MutationPlan {
  const target = planTarget(planner, statement.target, 'replace');
  const scope = new Scope(undefined);
  const rows = planRows(planner, statement, target, scope, 'UPDATE');
  const { slot } = rows;
  const returns = statement.returning !== undefined;
  const change = planChange(planner, statement, scope, slot);
  const returning = planReturning(planner, statement.returning, scope);
  const limited = planLimits(planner, rows.operator, statement, scope);
  const writing = { keyspace: target.keyspace, slot, returning: returning.result };
  return {
    signature: returning.signature,
    batches: (run) => write(updating(limited, change, target.alias, run), writing, run),
    explain: () => told(rows, statement, [...changeNodes(statement), sendNode('SendUpdate', target, returns)]),
  };
}

/** Plans DELETE. */
export function planDelete(planner: Planner, statement: Delete): MutationPlan {
  const target = planTarget(planner, statement.target, 'remove');
  const scope = new Scope(undefined);
  const rows = planRows(planner, statement, target, scope, 'DELETE');
  const { operator, slot } = rows;
  const returning = planReturning(planner, statement.returning, scope);
  const limited = planLimits(planner, operator, statement, scope);
  const writing = { keyspace: target.keyspace, slot, returning: returning.result };
  return {
    signature: returning.signature,
    batches: (run) => write(deleting(limited, slot, run), writing, run),
    explain: () => told(rows, statement, [sendNode('SendDelete', target, statement.returning !== undefined)]),
  };
}

function told(
  { source, where }: RowsPlan,
  { limit, returning }: Pick<Update, 'limit' | 'returning'>,
  steps: readonly PlanNode[],
): readonly PlanNode[] {
  return mutationNodes({ scans: source.explain(false), where, steps, limit, returns: returning !== undefined });
}

interface RowsPlan {
  readonly operator: Operator;
  readonly slot: number;
  readonly source: PlannedSource;
  readonly where: Expression | undefined;
}

/** The documents that USE KEYS and WHERE leave. */
function planRows(
  planner: Planner,
  { target: term, where }: Pick<Update, 'target' | 'where'>,
  { path }: PlannedTarget,
  scope: Scope,
  what: string,
): RowsPlan {
  const source = planKeyspace(planner, term, path, scope, what);
  const operator = paced(scan(source, 0, () => scope.frame.size));
  const { slot } = source;
  const formal = where && planner.formalise(where, scope, CLAUSES.where);
  chooseLead(planner, { lead: source, unnests: [] }, formal, scope);
  if (formal === undefined) return { operator, slot, source, where: formal };
  return { operator: filter(operator, planner.compile(formal, scope)), slot, source, where: formal };
}

function planLimits(
  planner: Planner,
  operator: Operator,
  { limit, offset }: { readonly limit?: Expression | undefined; readonly offset?: Expression | undefined },
  scope: Scope,
): Operator {
  const outer = new Scope(undefined, scope.frame);
  return slice(
    operator,
    planMutationLimit(planner, offset, outer, 'OFFSET'),
    planMutationLimit(planner, limit, outer, 'LIMIT'),
  );
}
