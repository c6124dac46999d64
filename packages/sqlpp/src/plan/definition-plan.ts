import type { Run } from '../expressions/run.js';
import { Scope } from '../names/scope.js';
import type { Expression } from '../syntax/expression.js';
import { StatementError } from '../text/syntax-error.js';
import { isObject, type ObjectValue, type Value } from '../values/value.js';
import { CLAUSES } from './clause.js';
import type { Planner } from './planning.js';

const CODE_WITH = 12039;

/** A planned statement that changes definitions, or runs a function. */
export interface DefinitionPlan {
  readonly signature: Value;
  /** Whether it changes anything, which readers may not. */
  readonly changes: boolean;
  batches(run: Run): Iterable<readonly Value[]>;
}

/** Returns the plan of a statement that has an effect and no rows. */
export function effectPlan(effect: (run: Run) => void): DefinitionPlan {
  return {
    signature: null,
    changes: true,
    batches(run) {
      effect(run);
      return [];
    },
  };
}

/** Compiles the expression of an option, which names nothing. */
export function compileOption(planner: Planner, expression: Expression): (run: Run) => Value {
  const value = planner.evaluate(expression, new Scope(undefined), CLAUSES.from);
  return (run) => value([], run);
}

/** Compiles the object behind WITH; an empty one without. */
export function compileWith(planner: Planner, expression: Expression | undefined): (run: Run) => ObjectValue {
  if (expression === undefined) return () => ({});
  const value = compileOption(planner, expression);
  return (run) => {
    const options = value(run);
    if (isObject(options)) return options;
    throw new StatementError(CODE_WITH, "Invalid value for 'WITH'", undefined, { reason: 'Object expected' });
  };
}
