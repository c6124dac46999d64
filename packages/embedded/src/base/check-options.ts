import { ArgumentError } from '@cb/protocol';
import { closest } from '@cb/protocol/internal';

/** @throws ArgumentError when `given` is not an object, or has a field that is not among `known`. */
export function checkFields(given: unknown, known: readonly string[], what: string): asserts given is object {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ArgumentError(`${what} must be an object`);
  }
  for (const field of Object.keys(given)) {
    if (!known.includes(field)) {
      const meant = closest(field, known);
      const help = meant === undefined ? '' : `; did you mean ${meant}?`;
      throw new ArgumentError(`${what} has no option ${JSON.stringify(field)}; known are ${known.join(', ')}${help}`);
    }
  }
}

/**
 * Returns the integer, or the default when undefined.
 * @throws ArgumentError when it is not an integer within the limits.
 */
export function integerOption(value: unknown, name: string, min: number, max: number, fallback: number): number {
  if (value === undefined) return fallback;
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
    throw new ArgumentError(`${name} must be an integer from ${min} to ${max}, not ${String(value)}`);
  }
  return value as number;
}

/**
 * Returns the number of milliseconds, `Infinity` for never, or the default when undefined.
 * @throws ArgumentError when it is negative or not a number.
 */
export function lagOption(value: unknown, name: string, fallback = 0): number {
  if (value === undefined) return fallback;
  if (typeof value !== 'number' || !(value >= 0)) {
    throw new ArgumentError(`${name} must be a number of milliseconds from 0, or Infinity, not ${String(value)}`);
  }
  return value;
}

/** Returns the number of milliseconds, which may not be `Infinity`, or the default when undefined. */
export function finiteMsOption(value: unknown, name: string, fallback: number): number {
  const ms = lagOption(value, name, fallback);
  if (ms === Number.POSITIVE_INFINITY) throw new ArgumentError(`${name} must be a finite number of milliseconds`);
  return ms;
}

/**
 * Returns true or false, or the default when undefined.
 * @throws ArgumentError for anything else.
 */
export function booleanOption(value: unknown, name: string, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean')
    throw new ArgumentError(`${name} must be true or false, not ${JSON.stringify(value)}`);
  return value;
}

/**
 * Returns one of the choices, or the default when undefined.
 * @throws ArgumentError for anything else.
 */
export function choiceOption<T extends string>(value: unknown, name: string, choices: readonly T[], fallback: T): T {
  if (value === undefined) return fallback;
  if (!choices.includes(value as T)) {
    throw new ArgumentError(`${name} must be one of ${choices.join(', ')}, not ${JSON.stringify(value)}`);
  }
  return value as T;
}
