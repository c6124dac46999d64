import type { KeyspaceName } from '../keyspaces/catalog.js';
import type { Prepared } from '../keyspaces/prepared-catalog.js';
import type { Explain } from '../plan/explain/plan-node.js';
import type { Value } from '../values/value.js';
import type { Execution } from './execution.js';

/** What a plan of any statement gives. It can be run many times, also at once. */
export interface StatementPlan extends PlannedStatement {
  /** The keyspaces that it was planned with. */
  readonly keyspaces: readonly KeyspaceName[];
}

/** What is planned of a statement by itself. */
export interface PlannedStatement {
  readonly signature: Value;
  /** Whether it changes documents or definitions. */
  readonly changes: boolean;
  /** The keyspaces of the statement that it runs, if that is another one. */
  readonly keyspaces?: readonly KeyspaceName[] | undefined;
  /** The prepared statement that it runs. */
  readonly prepared?: Prepared | undefined;
  /** Tells its operators; absent if it has none of rows. */
  readonly explain?: Explain | undefined;
  /** What the service calls that statement. */
  readonly type?: string | undefined;
  batches(execution: Execution): Iterable<readonly Value[]>;
}
