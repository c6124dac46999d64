import type { CouchbaseError, RawBucket } from '@cb/raw';
import type { RowCallbacks } from '../rows/row-sink.js';
import { deliverToCallbacks } from '../rows/rows-request.js';
import type { N1QLQuery } from './n1ql-query.js';
import { N1QLRequest, type N1QLRequestOptions } from './n1ql-request.js';

/** The arguments of a handler's constructor; see `ViewArguments`. */
export type N1QLArguments<Row = unknown> = [
  parent: RawBucket,
  query: N1QLQuery | string,
  options?: N1QLRequestOptions<Row> | undefined,
];

/**
 * A statement whose rows go to callbacks, as those of `AsyncViewBase` do. Extend it, and pass the class to
 * `n1qlQueryEx`.
 */
export abstract class AsyncN1QLRequest<Row = unknown> extends N1QLRequest<Row> implements RowCallbacks<Row> {
  constructor(...args: N1QLArguments<Row>) {
    super(...args);
    deliverToCallbacks<Row>(this);
  }

  /** Called with the next rows; any number of times. */
  abstract onRows(rows: Iterable<Row>): void;
  /** Called at most once, when the query fails. */
  abstract onError(error: CouchbaseError): void;
  /** Called exactly once, last. */
  abstract onDone(): void;
}
