import { planDefinition } from '../plan/definition-planner.js';
import { planInfer } from '../plan/infer-planner.js';
import { planMutation } from '../plan/mutation-planner.js';
import { StatementPlanner } from '../plan/planner.js';
import { refusal } from '../plan/refusal.js';
import { planSelect } from '../plan/select-planner.js';
import type { Statement } from '../syntax/statement.js';
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
      return { signature: plan.signature, changes: false, batches: (execution) => plan.batches(execution, []) };
    }
    case 'infer':
      return { ...planInfer(planner, statement), changes: false };
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return { ...planMutation(planner, statement), changes: true };
    case 'explain':
      // What is wrong with the statement inside is told first.
      planStatement(text, statement.statement, options);
      throw refusal(statement, planner, options.context !== undefined);
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
