import type { RawBucket } from '@cb/raw';
import { checkHandlerClass, type Startable } from '../rows/handler-class.js';
import { BatchedView } from './batched-view.js';
import { View, type ViewOptions } from './view.js';
import type { ViewRow } from './view-row.js';

/** A class of handlers for `queryEx`: a subclass of `AsyncViewBase`. */
export type ViewHandlerClass<Handler, Options> = new (
  parent: RawBucket,
  design: string,
  view: string,
  options: Options,
) => Handler;

/**
 * All rows of a view. The Promise settles when the metadata is there too: `indexedRows` and `errors` can be read at
 * once. Connects the bucket, if that was not done. For more rows than fit into memory, `query` and `queryEx` have them
 * as they arrive.
 *
 * Rejects with `ArgumentError` for options that cannot be, with `ViewNotFoundError`, with `ViewEngineError` when a node
 * could not give its rows (unless `onError` is `continue`: then `errors` tells), and `TimeoutError`.
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
 * Sends a query whose rows go to a handler as they arrive on the network. It takes the handler's class, not an instance,
 * and returns the instance that it makes, started. Connects the bucket, if that was not done; when that fails, the
 * handler hears of it.
 * @throws ArgumentError for a class that is none, and for what its constructor does not take.
 */
export function queryEx<Handler extends Startable, Options extends object = ViewOptions>(
  bucket: RawBucket,
  viewClass: ViewHandlerClass<Handler, Options>,
  design: string,
  view: string,
  options: Options = {} as Options,
): Handler {
  checkHandlerClass(viewClass, 'queryEx', 'AsyncViewBase');
  const handler = new viewClass(bucket, design, view, options);
  handler.startWhenConnected();
  return handler;
}

/** The rows of a view, to be read in a loop; see `View`. */
export function query<Row = ViewRow>(
  bucket: RawBucket,
  design: string,
  view: string,
  options?: ViewOptions<Row>,
): View<Row> {
  return new View<Row>(bucket, design, view, options);
}
