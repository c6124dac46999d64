import type { Results } from '../execute/projecting.js';
import type { Row, Run } from '../expressions/run.js';
import type { SubqueryPlan } from '../syntax/expression.js';
import type { Value } from '../values/value.js';
import type { Explain } from './explain/plan-node.js';

/** A planned SELECT, or one side of a set operation. */
export interface BodyPlan {
  readonly signature: Value;
  /** Names of results; none of RAW. */
  readonly names: readonly string[];
  /** Tells its operators. */
  readonly explain: Explain;
  batches(run: Run, outer: Row): Iterable<Results>;
}

/** A planned select. */
export interface SelectPlan extends SubqueryPlan, BodyPlan {
  /** Returns all results at once. */
  collect(run: Run, outer: Row): readonly Value[];
}
