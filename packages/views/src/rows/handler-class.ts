import { ArgumentError, describe, type RawBucket } from '@cb/raw';

/** What the calls that take a class of handlers make of it. */
export interface Startable {
  startWhenConnected(): unknown;
}

/** A class of handlers. It is made with the bucket, two words of what is asked for, and options. */
export type HandlerClass<First, Second> = new (
  parent: RawBucket,
  first: First,
  second: Second,
  options: never,
) => Startable;

/** What the constructor of such a class takes as options. */
export type OptionsOf<Class extends new (...args: never[]) => unknown> = ConstructorParameters<Class>[3];

/** Throws `ArgumentError` unless it is a subclass of the base. */
export function checkHandlerClass(given: unknown, call: string, base: string): void {
  const prototype = typeof given === 'function' ? given.prototype : undefined;
  if (typeof prototype?.startWhenConnected !== 'function') {
    throw new ArgumentError(
      `${call} takes a subclass of ${base}, the class and not an instance; it got ${describe(given)}`,
    );
  }
}
