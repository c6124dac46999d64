import { ArgumentError, type CouchbaseError } from '@cb/protocol';
import { describe } from '../values/argument-checks.js';
import type { RawBucket } from './raw-bucket.js';

/** The receiver of the rows of a query: `AsyncViewBase` in `@cb/views` is the base of all of them. */
export interface RowHandler {
  /** Sends the query. */
  start(): unknown;
  /** Called with the next rows; any number of times. */
  onRows(rows: Iterable<unknown>): void;
  /** Called at most once, when the query fails. */
  onError(error: CouchbaseError): void;
  /** Called exactly once, last: after it nothing more is called. */
  onDone(): void;
}

/** A class of row handlers, which the bucket creates with the query. */
export type RowHandlerClass = new (parent: RawBucket, design: string, view: string, options: never) => RowHandler;

/** Creates the handler that `options` name, with all other options. */
export function rowHandler<Class extends RowHandlerClass>(
  bucket: RawBucket,
  design: string,
  view: string,
  options: { readonly itercls: Class },
): InstanceType<Class> {
  const { itercls, ...rest }: { readonly itercls?: Class } = options ?? {};
  if (typeof itercls !== 'function' || typeof itercls.prototype?.start !== 'function') {
    throw new ArgumentError(`itercls must be a subclass of AsyncViewBase, not ${describe(itercls)}`);
  }
  const handler = new itercls(bucket, design, view, rest as never);
  for (const name of ['onRows', 'onError', 'onDone'] as const) {
    if (typeof handler[name] !== 'function') throw new ArgumentError(`itercls ${itercls.name} has no method ${name}`);
  }
  return handler as InstanceType<Class>;
}
