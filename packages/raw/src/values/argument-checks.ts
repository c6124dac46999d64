import { ArgumentError } from '@cb/protocol';
import { closest } from '@cb/protocol/internal';

/** What other SDKs call options. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  expiry: 'ttl',
  lockTime: 'ttl',
  durabilityLevel: 'durability',
  durabilityPersistTo: 'persistTo',
  durabilityReplicateTo: 'replicateTo',
  retryStrategy: 'retry',
};

/** Throws for an option that the operation does not have, and for options that are not an object. */
export function checkOptions(operation: string, options: object | undefined, known: readonly string[]): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null) {
    // A password in the wrong place is a string: it is not repeated.
    const given = typeof options === 'string' ? 'a string' : describe(options);
    throw new ArgumentError(`options of ${operation} must be an object, not ${given}`);
  }
  for (const name in options) {
    if (!known.includes(name)) {
      const meant = closest(name, known) ?? known.find((each) => each === ELSEWHERE[name]);
      const help = meant === undefined ? '' : `; did you mean ${meant}?`;
      throw new ArgumentError(
        `${operation} has no option ${JSON.stringify(name)}; it takes ${known.join(', ')}${help}`,
      );
    }
  }
}

/** A timeout in milliseconds, if it is one. */
export function checkTimeout(timeout: unknown, name = 'timeout'): number {
  if (typeof timeout !== 'number' || !(timeout > 0) || timeout > 0x7fffffff) {
    throw new ArgumentError(
      `${name} must be a number of milliseconds from above 0 to 2147483647, not ${describe(timeout)}`,
    );
  }
  return timeout;
}

/** Returns what was given if it is an `AbortSignal`. */
export function checkSignal(signal: unknown): AbortSignal {
  if (!(signal instanceof AbortSignal))
    throw new ArgumentError(`signal must be an AbortSignal, not ${describe(signal)}`);
  return signal;
}

/** Returns what was given if it is a boolean. */
export function checkBoolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw new ArgumentError(`${name} must be true or false, not ${describe(value)}`);
  return value;
}

/** A value as it appears in messages: never long, never failing. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > 40 ? `a string of ${value.length} characters` : JSON.stringify(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : `an object (${value.constructor?.name ?? 'no class'})`;
    case 'function':
      return 'a function';
    default:
      return String(value);
  }
}
