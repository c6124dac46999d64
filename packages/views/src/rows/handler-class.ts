import { ArgumentError, type RawBucket } from '@cb/raw';
import { describe } from '@cb/raw/internal';
import type { RowCallbacks } from './row-sink.js';

/** An instance of a class of row handlers. */
export interface RowHandlerObject extends RowCallbacks<never> {
  /** Sends the request as soon as the bucket is connected. */
  startWhenConnected(): unknown;
}

/** A class of row handlers. Its constructor takes the bucket, the two names of what is requested, and options. */
export type HandlerClass<First, Second> = new (
  parent: RawBucket,
  first: First,
  second: Second,
  options: never,
) => RowHandlerObject;

/** The options of a class of row handlers. */
export type OptionsOf<Class extends new (...args: never[]) => unknown> = ConstructorParameters<Class>[3];

/**
 * Creates a handler, and sends its request as soon as the bucket is connected.
 * @throws ArgumentError unless the class is a subclass of the base, with all methods that rows are delivered to.
 */
export function startHandler<Handler extends RowHandlerObject>(
  given: abstract new (...args: never[]) => Handler,
  call: string,
  base: string,
  make: () => Handler,
): Handler {
  const wanted = `${call} takes a subclass of ${base}, the class and not an instance`;
  if (typeof (given as unknown) !== 'function') throw new ArgumentError(`${wanted}; it is ${describe(given)}`);
  if (typeof given.prototype?.startWhenConnected !== 'function') {
    throw new ArgumentError(`${wanted}; ${given.name || 'this function'} is not one`);
  }
  const handler = make();
  // Requests that are read in a loop have this method, too. Other missing methods are found when it is called.
  if (typeof handler.onRows !== 'function') throw new ArgumentError(`${wanted}; ${given.name} has no method onRows`);
  handler.startWhenConnected();
  return handler;
}
