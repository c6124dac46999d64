import type { Delete, Insert, Merge, Update } from '../syntax/mutation.js';
import { planInsert } from './insert-planner.js';
import { planMerge } from './merge-planner.js';
import type { MutationPlan } from './mutation-plan.js';
import type { Planner } from './planning.js';
import { planDelete, planUpdate } from './update-planner.js';

/** Plans a statement that changes documents. */
export function planMutation(planner: Planner, statement: Insert | Update | Delete | Merge): MutationPlan {
  switch (statement.kind) {
    case 'insert':
      return planInsert(planner, statement);
    case 'update':
      return planUpdate(planner, statement);
    case 'delete':
      return planDelete(planner, statement);
    case 'merge':
      return planMerge(planner, statement);
  }
}
