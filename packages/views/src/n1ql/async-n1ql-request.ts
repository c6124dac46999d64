import { AlreadyQueriedError, type CouchbaseError } from '@cb/protocol';
import { callbackSink, type RowCallbacks, type RowSink } from '../rows/row-sink.js';
import { N1QLRequest } from './n1ql-request.js';

/** A statement whose rows come by callbacks, as those of `AsyncViewBase` do. Extend it, and hand the class to `n1qlQueryEx`. */
export abstract class AsyncN1QLRequest<Row = unknown> extends N1QLRequest<Row> implements RowCallbacks<Row> {
  abstract onRows(rows: Iterable<Row>): void;
  abstract onError(error: CouchbaseError): void;
  abstract onDone(): void;

  /** Its rows go to `onRows`: throws `AlreadyQueriedError`. */
  override [Symbol.asyncIterator](): never {
    throw new AlreadyQueriedError(`the rows of ${this.name} go to onRows`);
  }

  /** Its rows go to `onRows`: throws `AlreadyQueriedError`. */
  override batches(): never {
    throw new AlreadyQueriedError(`the rows of ${this.name} go to onRows`);
  }

  protected override makeSink(): RowSink<Row> {
    return callbackSink(this);
  }
}
