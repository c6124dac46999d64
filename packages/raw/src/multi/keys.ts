import { types } from 'node:util';
import { ArgumentError } from '@cb/protocol';
import { AsyncResult } from '../results/async-result.js';
import { Result } from '../results/results.js';
import { describe } from '../values/argument-checks.js';
import { Item, ItemCollection, type ItemOptions } from './item.js';

/**
 * The keys of a multi operation: an array, a Set or any other iterable of keys; a Map or a plain object from keys to
 * what is to be different for each, or undefined; the results of an earlier operation, as a `MultiResult` or in an
 * array; or Items.
 */
export type Keys<PerKey = undefined> =
  | (Iterable<string | Result> & object)
  | ReadonlyMap<string, PerKey | Result | undefined>
  | { readonly [key: string]: PerKey | Result | undefined }
  | AsyncResult<unknown>
  | ItemCollection;

/** The documents of a multi operation that stores: a Map or a plain object from keys to values, or Items. */
export type Values<T = unknown> = ReadonlyMap<string, T> | { readonly [key: string]: T } | ItemCollection<T>;

/** Receives each key, as it was given, with what was given for it. */
export type KeyVisitor = (
  key: unknown,
  given: unknown,
  item: Item | undefined,
  itemOptions: ItemOptions | undefined,
) => void;

/**
 * Visits every key of the collection, in its order.
 * @throws ArgumentError for an invalid collection of keys.
 */
export function eachKey(name: string, keys: Keys<unknown>, visit: KeyVisitor): void {
  if (keys instanceof AsyncResult) eachResult(name, keys, visit);
  else if (!eachEntry(keys, visit)) eachElement(name, keys, visit);
}

/**
 * Visits every key of the collection with its value, in its order.
 * @throws ArgumentError for anything but a Map, a plain object and a collection of Items.
 */
export function eachValue(name: string, values: Values, visit: KeyVisitor): void {
  if (eachEntry(values, visit)) return;
  throw new ArgumentError(
    `${name} takes a Map or a plain object from keys to values, or a collection of Items, not ${describe(values)}`,
  );
}

/** Visits Maps, plain objects and Items; false for anything else. */
function eachEntry(collection: unknown, visit: KeyVisitor): boolean {
  if (collection instanceof ItemCollection) {
    for (const [item, options] of collection.entries()) visit(item.key, undefined, item, options);
  } else if (types.isMap(collection)) {
    for (const [key, given] of collection) visit(key, given, undefined, undefined);
  } else if (isPlainObject(collection)) {
    for (const key of Object.keys(collection)) visit(key, collection[key], undefined, undefined);
  } else {
    return false;
  }
  return true;
}

/** Earlier results by key. */
function eachResult(name: string, results: AsyncResult<unknown>, visit: KeyVisitor): void {
  if (results.remaining > 0) {
    throw new ArgumentError(`${name} cannot take results of which ${results.remaining} have not arrived yet`);
  }
  for (const [key, result] of results) visit(key, result, undefined, undefined);
}

/** Iterables of keys and of earlier results. */
function eachElement(name: string, keys: unknown, visit: KeyVisitor): void {
  if (!isIterable(keys) || ArrayBuffer.isView(keys)) {
    throw new ArgumentError(
      `${name} takes an iterable of keys, a Map or a plain object by key, earlier results, or a collection of Items, ` +
        `not ${describe(keys)}`,
    );
  }
  for (const element of keys) {
    // Strings first, and without a look at what else they might be: they are many.
    if (typeof element === 'string') {
      visit(element, undefined, undefined, undefined);
    } else if (element instanceof Item) {
      throw new ArgumentError(`${name} takes Items in an ItemSequence or an ItemOptionDict only`);
    } else if (element instanceof Result) {
      visit(element.key, element, undefined, undefined);
    } else {
      visit(element, undefined, undefined, undefined);
    }
  }
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** An object literal, or one without a prototype; also from another realm. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Symbol.iterator in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
