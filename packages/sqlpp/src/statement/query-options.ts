import type { Catalog } from '../keyspaces/catalog.js';
import type { ArrayKeyspaces } from './array-keyspaces.js';
import type { ExecutionOptions } from './execution.js';

/** What a statement runs on, and how. */
export interface QueryOptions extends ExecutionOptions {
  /** What the statement runs on. Default: nothing but `keyspaces`. */
  readonly catalog?: Catalog | undefined;
  /** Documents in arrays, by keyspace; they can be read only. */
  readonly keyspaces?: ArrayKeyspaces | undefined;
  /** Bucket and scope that names of one part belong to. */
  readonly context?: { readonly bucket: string; readonly scope: string } | undefined;
  /** Refuses statements that change anything, with error 1000. Default false. */
  readonly readonly?: boolean | undefined;
  /** Runs the statement of a PREPARE too, whose row is not given then. Default false. */
  readonly autoExecute?: boolean | undefined;
  /**
   * Refuses statements that no index helps and for which there is no primary index either, with error 4120 as servers before
   * 7.6 do. Default false: all documents are looked at.
   */
  readonly indexRequired?: boolean | undefined;
}

/** What planning needs of the options. */
export interface PlanningOptions {
  readonly catalog: Catalog;
  readonly context: QueryOptions['context'];
  readonly autoExecute: boolean | undefined;
  readonly clockMs: () => number;
  readonly indexRequired: boolean | undefined;
}

type Check = (value: unknown) => boolean;

const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isFunction: Check = (value) => typeof value === 'function';
const isBoolean: Check = (value) => typeof value === 'boolean';
const isPositive: Check = (value) => typeof value === 'number' && value > 0;

/** What each option has to be. */
const OPTIONS: Readonly<Record<keyof QueryOptions, readonly [what: string, check: Check]>> = {
  catalog: [
    'an object with the method keyspace',
    (value) => isObject(value) && isFunction((value as Catalog).keyspace),
  ],
  keyspaces: ['an object of arrays', (value) => isObject(value) && Object.values(value as object).every(Array.isArray)],
  context: ['an object with bucket and scope', isObject],
  readonly: ['a boolean', isBoolean],
  autoExecute: ['a boolean', isBoolean],
  indexRequired: ['a boolean', isBoolean],
  positional: ['an array', Array.isArray],
  named: ['an object', isObject],
  timeoutMs: ['a number above 0', isPositive],
  memoryBytesMax: ['a number above 0', isPositive],
  signal: ['an AbortSignal', (value) => value instanceof AbortSignal],
  preserveExpiration: ['a boolean', isBoolean],
  clockMs: ['a function', isFunction],
  random: ['a function', isFunction],
  zone: ['the name of a time zone', (value) => typeof value === 'string'],
  service: ['an object', isObject],
};

/**
 * Checks the options of a query.
 *
 * @throws TypeError that names an option that is unknown, or what it has to be
 */
export function checkQueryOptions(options: QueryOptions): void {
  if (!isObject(options)) throw new TypeError('options must be an object');
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, name))
      throw new TypeError(`there is no option ${name}; there are ${Object.keys(OPTIONS).join(', ')}`);
    const [what, check] = OPTIONS[name as keyof QueryOptions];
    if (value !== undefined && !check(value)) throw new TypeError(`${name} must be ${what}`);
  }
}
