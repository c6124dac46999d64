import type { CouchbaseError } from '@cb/raw';
import type { RowCallbacks } from '../rows/row-sink.js';
import { N1QLRequest } from './n1ql-request.js';

/** A statement whose rows come by callbacks, as those of `AsyncViewBase` do. Extend it, and hand the class to `n1qlQueryEx`. */
export abstract class AsyncN1QLRequest<Row = unknown> extends N1QLRequest<Row> implements RowCallbacks<Row> {
  abstract onRows(rows: Iterable<Row>): void;
  abstract onError(error: CouchbaseError): void;
  abstract onDone(): void;

  protected override get callbacks(): this {
    return this;
  }
}
