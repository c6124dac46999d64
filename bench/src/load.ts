import { beerAt } from './documents.js';

/**
 * `getBytes` takes the value as it is stored, and parses nothing; `getMulti` gets all keys that are to be in flight with
 * one call, and makes the next call when that is done.
 */
export type OperationName = 'get' | 'getBytes' | 'getMulti' | 'upsert';

/** What a contender is asked to do in one lap: so many operations, always so many of them under way. */
export interface Load {
  readonly operation: OperationName;
  readonly operations: number;
  readonly inFlight: number;
  /** What the results add up to, where they are not of the usual documents. */
  readonly sum?: number;
}

/** The same, for people. */
export function describeLoad({ operation, inFlight }: Pick<Load, 'operation' | 'inFlight'>): string {
  if (operation === 'getMulti') return `get of ${inFlight} keys with one call`;
  const what = operation === 'getBytes' ? 'get, not parsed' : operation;
  return inFlight === 1 ? `${what}, one after the other` : `${what}, ${inFlight} in flight`;
}

/** What the results of a load add up to: the serials that were read, or 1 for each document that was stored. */
export function expectedSum({ operation, operations, sum: known }: Load): number {
  if (known !== undefined) return known;
  if (operation === 'upsert') return operations;
  let sum = 0;
  for (let index = 0; index < operations; index++) sum += beerAt(index).serial;
  return sum;
}
