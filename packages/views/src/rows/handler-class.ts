import { ArgumentError } from '@cb/protocol';
import { describe } from '@cb/raw';

/** What the calls that take a class of handlers make of it. */
export interface Startable {
  startWhenConnected(): unknown;
}

/** Throws `ArgumentError` unless it is a subclass of the base, with all callbacks. */
export function checkHandlerClass(given: unknown, call: string, base: string): void {
  const prototype = typeof given === 'function' ? given.prototype : undefined;
  if (typeof prototype?.startWhenConnected !== 'function') {
    throw new ArgumentError(
      `${call} takes a subclass of ${base}, the class and not an instance; it got ${describe(given)}`,
    );
  }
}
