import type { Statement } from '../syntax/statement.js';
import type { DefinitionPlan } from './definition-plan.js';
import { planCreateFunction, planDropFunction, planExecuteFunction } from './function-planner.js';
import { planIndexStatement } from './index-planner.js';
import type { Planner } from './planning.js';
import { planChangeCollections } from './scope-planner.js';
import { planChangeSequence } from './sequence-planner.js';

/** Plans a statement about definitions; nothing for others, and for those that the catalog has no place for. */
export function planDefinition(planner: Planner, statement: Statement): DefinitionPlan | undefined {
  const { scopes, sequences, functions, indexes } = planner.catalog;
  switch (statement.kind) {
    case 'create scope':
    case 'drop scope':
    case 'create collection':
    case 'drop collection':
    case 'flush collection':
      return scopes && planChangeCollections(planner, scopes, statement);
    case 'create sequence':
    case 'alter sequence':
    case 'drop sequence':
      return sequences && planChangeSequence(planner, sequences, statement);
    case 'create function':
      return functions && planCreateFunction(planner, functions, statement);
    case 'drop function':
      return functions && planDropFunction(planner, functions, statement);
    case 'execute function':
      return functions && planExecuteFunction(planner, statement);
    case 'create index':
    case 'drop index':
    case 'alter index':
    case 'build index':
      return planIndexStatement(planner, indexes, statement);
    default:
      return undefined;
  }
}
