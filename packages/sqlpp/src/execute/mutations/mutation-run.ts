import type { Run } from '../../expressions/run.js';
import type { StatementError } from '../../text/syntax-error.js';

/** What mutations ask of the execution that they belong to, besides what all statements do. */
export interface MutationRun extends Run {
  /** Whether documents that are changed keep their expiration unless the statement says another. */
  readonly preservesExpiration: boolean;
  /** Counts documents that were changed. */
  countMutations(documents: number): void;
  /** Notes an error that the statement goes on after. */
  fail(error: StatementError): void;
}
