import type { QueryError } from './query-fault.js';

/** A statement failed, or some of its mutations. */
export class StatementFailure extends Error {
  /** Always `StatementFailure`. */
  override readonly name = 'StatementFailure';
  /** Number of the first error, as in the documentation of the server. */
  readonly code: number;

  constructor(
    /** The statement. */
    readonly statement: string,
    /** All errors, as the query service tells them. */
    readonly errors: readonly [QueryError, ...QueryError[]],
    /** Number of documents that were changed nevertheless. */
    readonly mutationCount: number,
  ) {
    super(`${errors[0].msg} (${errors[0].code})`);
    this.code = errors[0].code;
  }
}
