import { ArgumentError, describe, type RawBucket } from '@cb/raw';
import type { RowCallbacks } from './row-sink.js';

/** What the calls that take a class of handlers make of it. */
export interface RowHandlerObject extends RowCallbacks<never> {
  startWhenConnected(): unknown;
}

/** A class of handlers. It is made with the bucket, two words of what is asked for, and options. */
export type HandlerClass<First, Second> = new (
  parent: RawBucket,
  first: First,
  second: Second,
  options: never,
) => RowHandlerObject;

/** What the constructor of such a class takes as options. */
export type OptionsOf<Class extends new (...args: never[]) => unknown> = ConstructorParameters<Class>[3];

/**
 * Makes a handler, and sends what it asks for as soon as the bucket is connected.
 * @throws ArgumentError unless the class is a subclass of the base, with all methods that rows are delivered to.
 */
export function startHandler<Handler extends RowHandlerObject>(
  given: abstract new (...args: never[]) => Handler,
  call: string,
  base: string,
  make: () => Handler,
): Handler {
  const wanted = `${call} takes a subclass of ${base}, the class and not an instance`;
  if (typeof (given as unknown) !== 'function') throw new ArgumentError(`${wanted}; it got ${describe(given)}`);
  if (typeof given.prototype?.startWhenConnected !== 'function') {
    throw new ArgumentError(`${wanted}; ${given.name || 'what it got'} is none`);
  }
  const handler = make();
  // Rows that are read in a loop can be started, too. Which other methods are missing, starting tells.
  if (typeof handler.onRows !== 'function') throw new ArgumentError(`${wanted}; ${given.name} has no method onRows`);
  handler.startWhenConnected();
  return handler;
}
