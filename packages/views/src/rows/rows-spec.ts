import type { CouchbaseError, ErrorDetails } from '@cb/raw';
import type { ServiceRequest } from '../http/service-call.js';
import type { ServiceClient } from '../http/service-client.js';

/** What is sent for rows. */
export type RowsMessage = Pick<ServiceRequest, 'method' | 'path' | 'body'>;

/**
 * A request for rows, as data and functions: what to send, and how to read the answer. Its life, from the start to the
 * last row, is the same for all kinds of request and is that of `RowsRun`.
 */
export interface RowsSpec<Row, Prepared = unknown>
  extends Pick<ServiceRequest, 'name' | 'idempotent' | 'retryRule' | 'failure'> {
  readonly service: 'views' | 'query' | 'search';
  /** Member of the answer that holds the rows. */
  readonly rowsName: string;
  /** Whether documents are read for the rows. */
  readonly includesDocuments: boolean;
  /**
   * Finds out what `message` depends on. Called before each attempt to get all rows.
   * @param isRepeat whether what was prepared before was stale
   */
  prepare?(client: ServiceClient, signal: AbortSignal, isRepeat: boolean): Promise<Prepared>;
  message(prepared: Prepared): RowsMessage;
  /** Returns the error for rows that the service cannot mean, if there are any. */
  brokenRow?(rows: readonly unknown[], details: ErrorDetails): CouchbaseError | undefined;
  /** Gives rows their final form. */
  process(rows: unknown[]): Iterable<Row>;
  /** Returns the failure that an answer with status 200 reports, if any. */
  failureIn(metadata: object, details: ErrorDetails): CouchbaseError | undefined;
  /** Whether a failure means that what was prepared is stale: the request is repeated once, if no row was delivered. */
  isStale?(failure: CouchbaseError): boolean;
  /** Remembers what an answer without failure tells for requests to come. */
  learn?(metadata: object, prepared: Prepared): void;
}
