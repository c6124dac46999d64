import type { MutationRun } from '../execute/mutations/mutation-run.js';
import type { Results } from '../execute/projecting.js';
import type { Value } from '../values/value.js';
import type { Explain } from './explain/plan-node.js';

/** A planned INSERT, UPSERT, UPDATE, DELETE or MERGE. */
export interface MutationPlan {
  /** Names and types of what RETURNING gives; null without RETURNING. */
  readonly signature: Value;
  /** Tells its operators. */
  readonly explain: Explain;
  /** Changes the documents, and yields what RETURNING gives. */
  batches(run: MutationRun): Iterable<Results>;
}
