import type { RawBucket } from '@cb/raw';
import { type HandlerClass, type OptionsOf, startHandler } from '../rows/handler-class.js';
import { BatchedView } from './batched-view.js';
import { View, type ViewOptions } from './view.js';
import type { ViewRow } from './view-row.js';

/**
 * Returns all rows of a view, and connects the bucket if necessary. The Promise settles when the metadata is there too:
 * `indexedRows` and `errors` can be read at once. For more rows than fit into memory, use `query` or `queryEx`, which
 * deliver them as they arrive.
 *
 * Rejects with `ArgumentError` for invalid options, with `ViewNotFoundError`, with `ViewEngineError` when a node could
 * not return its rows (unless `onError` is `continue`: then `errors` has the failures), and with `TimeoutError`.
 */
export function queryAll<Row = ViewRow>(
  bucket: RawBucket,
  design: string,
  view: string,
  options?: ViewOptions<Row>,
): Promise<BatchedView<Row>> {
  return BatchedView.load(bucket, design, view, options);
}

/**
 * Sends a query whose rows go to a handler as they arrive on the network. It takes the handler's class, not an
 * instance, and returns the instance that it creates, started. It connects the bucket if necessary; when that fails,
 * the handler gets the error.
 * @throws ArgumentError if it is not a row-handler class, or its constructor rejects the options.
 */
export function queryEx<Class extends HandlerClass<string, string>>(
  bucket: RawBucket,
  viewClass: Class,
  design: string,
  view: string,
  options?: OptionsOf<Class>,
): InstanceType<Class> {
  const make = (): InstanceType<Class> =>
    new viewClass(bucket, design, view, (options ?? {}) as never) as InstanceType<Class>;
  return startHandler<InstanceType<Class>>(viewClass as never, 'queryEx', 'AsyncViewBase', make);
}

/** Returns the rows of a view, to be read in a loop; see `View`. */
export function query<Row = ViewRow>(
  bucket: RawBucket,
  design: string,
  view: string,
  options?: ViewOptions<Row>,
): View<Row> {
  return new View<Row>(bucket, design, view, options);
}
