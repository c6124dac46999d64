import { ArgumentError, type CouchbaseError } from '@cb/protocol';
import { describe } from '../values/argument-checks.js';
import type { BucketServices } from './bucket-services.js';
import type { RawBucket } from './raw-bucket.js';
import { RawDefaults } from './raw-defaults.js';

/** What receives the rows of a query: `AsyncViewBase` in `@cb/views` is the base of all of them. */
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

/** A class of row handlers: it is made by the bucket, which gives it the query. */
export type RowHandlerClass = new (parent: RawBucket, design: string, view: string, options: never) => RowHandler;

/** The queries of a bucket. What they are made of is above this package; here is where they begin. */
export abstract class RawQueries extends RawDefaults {
  /** For who talks to the other services of the nodes, as `@cb/views` does. */
  abstract readonly services: BucketServices;

  /**
   * Makes a handler for the rows of a view: an instance of `itercls`, a subclass of `AsyncViewBase`, which gets the
   * design document's name, the view's, and all other options. Nothing is sent before its `start()` is called.
   * @throws ArgumentError for an `itercls` that is no such class, and for what its constructor does not take.
   */
  query<Class extends RowHandlerClass>(
    design: string,
    view: string,
    options: { readonly itercls: Class } & NonNullable<ConstructorParameters<Class>[3]>,
  ): InstanceType<Class> {
    const { itercls, ...rest }: { readonly itercls?: Class } = options ?? {};
    if (typeof itercls !== 'function' || typeof itercls.prototype?.start !== 'function') {
      throw new ArgumentError(`itercls must be a subclass of AsyncViewBase, not ${describe(itercls)}`);
    }
    const handler = new itercls(this as unknown as RawBucket, design, view, rest as never);
    for (const name of ['onRows', 'onError', 'onDone'] as const) {
      if (typeof handler[name] !== 'function') throw new ArgumentError(`itercls ${itercls.name} has no method ${name}`);
    }
    return handler as InstanceType<Class>;
  }
}
