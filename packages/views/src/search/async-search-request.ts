import { AlreadyQueriedError, type CouchbaseError } from '@cb/protocol';
import { callbackSink, type RowCallbacks, type RowSink } from '../rows/row-sink.js';
import { SearchRequest, type SearchRow } from './search-request.js';

/**
 * A search whose hits come by callbacks, as the rows of `AsyncViewBase` do. Extend it, and hand the class to
 * `searchQueryEx`.
 * @experimental
 */
export abstract class AsyncSearchRequest<Row = SearchRow> extends SearchRequest<Row> implements RowCallbacks<Row> {
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
