import { planDefinition } from '../plan/definition-planner.js';
import { sequence } from '../plan/explain/plan-node.js';
import { planInfer } from '../plan/infer-planner.js';
import { planMutation } from '../plan/mutation-planner.js';
import { StatementPlanner } from '../plan/planner.js';
import { refusal } from '../plan/refusal.js';
import { planSelect } from '../plan/select-planner.js';
import type { Explain, Statement } from '../syntax/statement.js';
import { planExecute, planPrepare } from './prepared-planner.js';
import type { PlanningOptions } from './query-options.js';
import type { PlannedStatement, StatementPlan } from './statement-plan.js';

/**
 * Plans any statement.
 *
 * @param text the text that the statement was read from
 * @throws StatementError if it cannot be run
 */
export function planStatement(text: string, statement: Statement, options: PlanningOptions): StatementPlan {
  const planner = new StatementPlanner(text, options.catalog, options.context, undefined, options.indexRequired);
  const planned = planWith(planner, text, statement, options);
  return { ...planned, keyspaces: planned.keyspaces ?? planner.found };
}

function planWith(
  planner: StatementPlanner,
  text: string,
  statement: Statement,
  options: PlanningOptions,
): PlannedStatement {
  switch (statement.kind) {
    case 'select': {
      const plan = planSelect(planner, statement, undefined);
      const { signature, explain } = plan;
      return { signature, changes: false, explain, batches: (execution) => plan.batches(execution, []) };
    }
    case 'infer':
      return { ...planInfer(planner, statement), changes: false };
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return { ...planMutation(planner, statement), changes: true };
    case 'explain':
      return explained(statement, planWith(planner, text, statement.statement, options));
    case 'prepare':
      return planPrepare(planner, text, statement, options, planStatement);
    case 'execute':
      return planExecute(planner, statement, options, planStatement);
    default: {
      const plan = planDefinition(planner, statement);
      if (plan !== undefined) return plan;
      throw refusal(statement, planner, options.context !== undefined);
    }
  }
}

/** Tells the plan of a statement. One without operators of rows is told by its kind. */
function explained({ statement, text }: Explain, { explain }: PlannedStatement): PlannedStatement {
  return {
    signature: 'json',
    changes: false,
    batches: () => {
      const children = explain?.() ?? [{ '#operator': operatorName(statement.kind) }];
      return [[{ plan: sequence(children), text }]];
    },
  };
}

/** `create index` is told as CreateIndex. */
function operatorName(kind: string): string {
  return kind.replaceAll(/(?:^| )(\w)/g, (_match, first: string) => first.toUpperCase());
}
