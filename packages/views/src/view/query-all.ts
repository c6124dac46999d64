import type { RawBucket } from '@cb/raw';
import { type HandlerClass, type OptionsOf, startHandler } from '../rows/handler-class.js';
import { BatchedView } from './batched-view.js';
import { View, type ViewOptions } from './view.js';
import type { ViewRow } from './view-row.js';

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

/** The rows of a view, to be read in a loop; see `View`. */
export function query<Row = ViewRow>(
  bucket: RawBucket,
  design: string,
  view: string,
  options?: ViewOptions<Row>,
): View<Row> {
  return new View<Row>(bucket, design, view, options);
}
