import { types } from 'node:util';
import { ArgumentError, type MutationTokenLike } from '@cb/protocol';
import type { Cas } from '../operation/options.js';
import type { Ttl } from '../operation/ttl.js';
import { OperationResult, Result } from '../results/results.js';
import { checkOptions, describe } from '../values/argument-checks.js';
import { isPlainObject } from './keys.js';

/** When one document expires, or how long it is locked. */
export type TtlPerKey = Ttl | { readonly ttl?: Ttl | undefined };

/** The CAS that one document must have, itself or in an earlier result. */
export type CasPerKey = Cas | { readonly cas?: Cas };

/** The CAS or the mutation of one document, itself or in an earlier result. */
export type MutationPerKey = CasPerKey | { readonly cas?: Cas; readonly token?: MutationTokenLike | undefined };

/** How far one counter is counted, and what it is when it does not exist. */
export type DeltaPerKey =
  | number
  | bigint
  | { readonly delta: number | bigint; readonly initial?: number | bigint | undefined; readonly ttl?: Ttl | undefined };

/** What may be given for single keys of a multi operation, and how it becomes options of the operation on that key. */
export interface PerKey {
  read(given: unknown): object | undefined;
  /** Whether Items are taken, and whether what is known of their version is read as if it had been given for the key. */
  readonly items: 'none' | 'by key' | 'by version';
  /** An option that may be given for all keys or for single ones, but not both. */
  readonly exclusive?: string;
}

/** For operations without options for single keys. */
export const nothingPerKey: PerKey = {
  // The results are not documents, or more than a document: an Item could not be one.
  items: 'none',
  read(given) {
    if (given === undefined || given instanceof Result) return undefined;
    throw new ArgumentError(`there is nothing to be given per key, but it has ${describe(given)}`);
  },
};

export const ttlPerKey: PerKey = {
  items: 'by key',
  exclusive: 'ttl',
  read(given) {
    if (given === undefined || given instanceof Result) return undefined;
    if (typeof given === 'number' || types.isDate(given)) return { ttl: given };
    return optionsOf(given, 'a ttl', ['ttl']);
  },
};

export const casPerKey: PerKey = {
  items: 'by version',
  read(given) {
    if (given === undefined) return undefined;
    if (typeof given === 'bigint' || typeof given === 'string') return { cas: given };
    if (given instanceof OperationResult) return { cas: given.cas };
    return given instanceof Result ? undefined : optionsOf(given, 'a CAS', ['cas']);
  },
};

/** The mutation token, if there is one, is more precise than the CAS. */
export const mutationPerKey: PerKey = {
  items: 'by version',
  read(given) {
    if (given instanceof OperationResult && given.mutationToken !== undefined) return { token: given.mutationToken };
    return isPlainObject(given) ? optionsOf(given, 'a CAS', ['cas', 'token']) : casPerKey.read(given);
  },
};

export const deltaPerKey: PerKey = {
  items: 'by key',
  read(given) {
    if (given === undefined || given instanceof Result) return undefined;
    if (typeof given === 'number' || typeof given === 'bigint') return { delta: given };
    const options = optionsOf(given, 'a delta', ['delta', 'initial', 'ttl']);
    if (!('delta' in options) || options.delta === undefined) throw new ArgumentError('delta is missing');
    return options;
  },
};

function optionsOf(given: unknown, what: string, known: readonly string[]): object {
  if (!isPlainObject(given)) {
    throw new ArgumentError(`${what} or an object with ${known.join(', ')} is expected, not ${describe(given)}`);
  }
  checkOptions('a key', given, known);
  return given;
}
