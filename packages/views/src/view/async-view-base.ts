import type { CouchbaseError, RawBucket } from '@cb/raw';
import type { RowCallbacks } from '../rows/row-sink.js';
import { deliverToCallbacks } from '../rows/rows-request.js';
import { View, type ViewOptions } from './view.js';
import type { ViewRow } from './view-row.js';

/** The arguments of a handler's constructor: `constructor(...args: ViewArguments) { super(...args); }`. */
export type ViewArguments<Row = ViewRow> = [
  parent: RawBucket,
  design: string,
  view: string,
  options?: ViewOptions<Row> | undefined,
];

/**
 * A view whose rows go to callbacks. Extend it, and pass the class to `queryEx`, or to `RawBucket.query` as `itercls`:
 *
 *   class Counter extends AsyncViewBase {
 *     #rows = 0;
 *     onRows(rows) { for (const _row of rows) this.#rows++; }
 *     onError(error) { console.error(error); }
 *     onDone() { console.log(`${this.#rows} of ${this.indexedRows}`); }
 *   }
 *   queryEx(bucket, Counter, 'beer', 'brewery_beers');
 *
 * A constructor of your own takes the same arguments and passes them on: they are `ViewArguments`. An error that a callback
 * throws is an uncaught exception and disturbs no other callback. Callbacks run in the asynchronous context
 * (`AsyncLocalStorage`) of the call that started the query.
 */
export abstract class AsyncViewBase<Row = ViewRow> extends View<Row> implements RowCallbacks<Row> {
  constructor(...args: ViewArguments<Row>) {
    super(...args);
    deliverToCallbacks<Row>(this);
  }

  /** Receives the next rows, at least one; called any number of times. */
  abstract onRows(rows: Iterable<Row>): void;

  /** Receives the error of the query; called at most once, before `onDone`. */
  abstract onError(error: CouchbaseError): void;

  /**
   * Called once, at the very end. From now on, `indexedRows`, `errors` and `debugInfo` can be read, unless the answer
   * is incomplete.
   */
  abstract onDone(): void;
}
