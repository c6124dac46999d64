import type { RawBucket } from '@cb/raw';
import { type RowHandlerObject, startHandler } from '../rows/handler-class.js';
import { BatchedN1QLRequest } from './batched-n1ql-request.js';
import type { N1QLQuery } from './n1ql-query.js';
import { N1QLRequest, type N1QLRequestOptions } from './n1ql-request.js';

/** A class of handlers for `n1qlQueryEx`: a subclass of `AsyncN1QLRequest`. */
export type N1QLHandlerClass = new (parent: RawBucket, query: N1QLQuery | string, options: never) => RowHandlerObject;

/**
 * Returns all rows of a statement; the Promise settles when the metadata is there too. Rejects with `N1QLError` or one of
 * its kinds, `AuthError`, `TimeoutError`, and with `FeatureNotAvailableError` where no node offers the query service.
 */
export function n1qlQueryAll<Row = unknown>(
  bucket: RawBucket,
  query: N1QLQuery | string,
  options?: N1QLRequestOptions<Row>,
): Promise<BatchedN1QLRequest<Row>> {
  return BatchedN1QLRequest.load(bucket, query, options);
}

/** Sends a statement whose rows go to a handler. It takes the handler's class, and returns the started instance. */
export function n1qlQueryEx<Class extends N1QLHandlerClass>(
  bucket: RawBucket,
  requestClass: Class,
  query: N1QLQuery | string,
  options?: ConstructorParameters<Class>[2],
): InstanceType<Class> {
  const make = (): InstanceType<Class> =>
    new requestClass(bucket, query, (options ?? {}) as never) as InstanceType<Class>;
  return startHandler<InstanceType<Class>>(requestClass as never, 'n1qlQueryEx', 'AsyncN1QLRequest', make);
}

/** Returns the rows of a statement, to be read in a loop; see `N1QLRequest`. */
export function n1qlQuery<Row = unknown>(
  bucket: RawBucket,
  query: N1QLQuery | string,
  options?: N1QLRequestOptions<Row>,
): N1QLRequest<Row> {
  return new N1QLRequest<Row>(bucket, query, options);
}
