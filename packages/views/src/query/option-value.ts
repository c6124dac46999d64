import { ArgumentError } from '@cb/raw';
import { describe } from '@cb/raw/internal';
import { jsonText } from './encoding.js';

/** Turns the value of an option into its text for the server. Throws `ArgumentError` for an invalid value. */
export type OptionHandler = (value: unknown, name: string) => string;

/** `stale`: rows as they are indexed now. */
export const STALE_OK = 'ok';
/** `stale`: the index is brought up to date before the rows are read. */
export const STALE_UPDATE_BEFORE = 'false';
/** `stale`: rows as they are indexed now; the index is brought up to date after that. */
export const STALE_UPDATE_AFTER = 'update_after';
/** `onError`: returns the rows of the nodes that answered; the failures of the others are in `errors`. */
export const ONERROR_CONTINUE = 'continue';
/** `onError`: the failure of one node ends the query. */
export const ONERROR_STOP = 'stop';

const STALES: readonly unknown[] = [STALE_OK, STALE_UPDATE_BEFORE, STALE_UPDATE_AFTER];
const WHOLE_NUMBER = /^[+-]?\d+$/;

/** Encodes a boolean: true and false, their names, and numbers, of which 0 is false. */
export function booleanOption(value: unknown, name: string): string {
  if (value === true || value === 'true') return 'true';
  if (value === false || value === 'false') return 'false';
  if (typeof value === 'number' && !Number.isNaN(value)) return value === 0 ? 'false' : 'true';
  throw refusal(name, 'true or false', value);
}

/** Encodes a number, truncated to a whole one, or the digits of a whole one. */
export function numberOption(value: unknown, name: string): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(BigInt(Math.trunc(value)));
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string' && WHOLE_NUMBER.test(value)) return String(BigInt(value.replace('+', '')));
  throw refusal(name, 'a number, or its digits', value);
}

/** Encodes text as it is, without JSON's quotes. */
export function textOption(value: unknown, name: string): string {
  if (typeof value === 'string') {
    if (value.isWellFormed()) return value;
    throw new ArgumentError(`${name} contains half of a surrogate pair, which UTF-8 cannot express`);
  }
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw refusal(name, 'a string or a number', value);
}

export function staleOption(value: unknown, name: string): string {
  if (STALES.includes(value)) return value as string;
  try {
    return booleanOption(value, name) === 'true' ? STALE_OK : STALE_UPDATE_BEFORE;
  } catch {
    throw refusal(name, 'ok, false or update_after', value);
  }
}

export function onErrorOption(value: unknown, name: string): string {
  if (value === ONERROR_CONTINUE || value === ONERROR_STOP) return value;
  throw refusal(name, 'continue or stop', value);
}

export function jsonOption(value: unknown, name: string): string {
  return jsonText(value, name);
}

export function jsonArrayOption(value: unknown, name: string): string {
  const text = jsonText(value, name);
  if (text.startsWith('[')) return text;
  throw refusal(name, 'an array', value);
}

function refusal(name: string, wanted: string, value: unknown): ArgumentError {
  return new ArgumentError(`${name} must be ${wanted}, not ${describe(value)}`);
}
