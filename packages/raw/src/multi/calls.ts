import { ArgumentError, TooBigError, ValueFormatError } from '@cb/protocol';
import type { CompositeCall } from '../operation/composite.js';
import type { OperationContext } from '../operation/context.js';
import type { Operation } from '../operation/operation.js';
import type { OperationOptions } from '../operation/options.js';
import type { Fragment } from '../operations/store.js';
import type { Result } from '../results/results.js';
import { checkSignal, describe } from '../values/argument-checks.js';
import { type Item, ItemCollection, type ItemOptions } from './item.js';
import { eachKey, eachValue, type Keys, type Values } from './keys.js';
import { type ItemSlot, MultiResult } from './multi-result.js';
import type { PerKey } from './per-key.js';

/** One of the calls of a multi operation, made and not yet begun. */
export type MultiCall<R extends Result = Result> = Operation<R> | CompositeCall<R>;

/** The options of an operation as those of all keys together; a CAS or a token is always that of one key. */
export type MultiOptions<O> = Omit<O, 'cas' | 'token'> & Pick<OperationOptions, 'signal'>;

/** What an operation on one key is made by. */
export type KeyedCall<R extends Result> = (context: OperationContext, key: string, options: never) => MultiCall<R>;
/** What an operation that stores a value is made by. */
export type StoringCall<R extends Result> = (
  context: OperationContext,
  key: string,
  value: never,
  options: never,
) => MultiCall<R>;

/**
 * Makes the calls of a multi operation on keys, all or none of them.
 * @throws ArgumentError, ValueFormatError: what is wrong with one key, and the key.
 */
export function keyedCalls<R extends Result>(
  context: OperationContext,
  name: string,
  keys: Keys<unknown>,
  options: object | undefined,
  make: KeyedCall<R>,
  perKey: PerKey,
): MultiResult<R> {
  const calls = new CallList<R>(name, options);
  eachKey(name, keys, (key, given, item, itemOptions) => {
    try {
      const own = item === undefined ? perKey.read(given) : itemRead(item, itemOptions, perKey);
      const call = make(context, key as string, calls.optionsWith(own, perKey.exclusive) as never);
      calls.add(call, item === undefined ? undefined : { item });
    } catch (error) {
      throw calls.named(key, error);
    }
  });
  return calls.result();
}

/** What an operation that stores does with Items. */
export interface StoreKind {
  /** Whether it sends their CAS. */
  readonly sendsCas: boolean;
  /** Whether it adds their fragment, instead of storing their value. */
  readonly adds: boolean;
  /** The value of the Item after success, where it changes as well. */
  edit?(value: unknown, fragment: Fragment): unknown;
}

/**
 * Makes the calls of a multi operation that stores values, all or none of them.
 * @throws ArgumentError, ValueFormatError: what is wrong with one key, and the key.
 */
export function storingCalls<R extends Result>(
  context: OperationContext,
  name: string,
  values: Values,
  options: object | undefined,
  make: StoringCall<R>,
  kind: StoreKind,
): MultiResult<R> {
  if (kind.edit !== undefined && !(values instanceof ItemCollection)) {
    throw new ArgumentError(`${name} takes an ItemSequence or an ItemOptionDict, not ${describe(values)}`);
  }
  const calls = new CallList<R>(name, options);
  eachValue(name, values, (key, given, item, itemOptions) => {
    try {
      const value = item === undefined ? given : storedValue(item, itemOptions, kind);
      const own = item === undefined ? undefined : itemStored(item, itemOptions, kind.sendsCas);
      const call = make(context, key as string, value as never, calls.optionsWith(own) as never);
      calls.add(call, item === undefined ? undefined : { item, ...editOf(item, itemOptions, kind) });
    } catch (error) {
      throw calls.named(key, error);
    }
  });
  return calls.result();
}

const NO_FRAGMENT = 'fragment is for appending and prepending only';

/** The calls of one multi operation while they are made. */
class CallList<R extends Result> {
  readonly #name: string;
  readonly #calls: MultiCall<R>[] = [];
  readonly #signal: AbortSignal | undefined;
  /** The options that all keys share: without the signal, which cancels the multi operation as one. */
  readonly #shared: object | undefined;
  #items: Map<MultiCall<R>, ItemSlot> | undefined = undefined;

  constructor(name: string, options: object | undefined) {
    this.#name = name;
    this.#shared = options;
    if (typeof options !== 'object' || options === null) return;
    for (const own of ['cas', 'token']) {
      if (own in options) throw new ArgumentError(`${name} has no option "${own}" for all keys: each has its own`);
    }
    const { signal, ...shared } = options as OperationOptions;
    if (signal === undefined) return;
    this.#signal = checkSignal(signal);
    this.#shared = shared;
  }

  add(call: MultiCall<R>, slot: ItemSlot | undefined): void {
    this.#calls.push(call);
    if (slot === undefined) return;
    this.#items ??= new Map();
    this.#items.set(call, slot);
  }

  /** The options of one key: those of all, and its own. Those named `exclusive` may not be in both. */
  optionsWith(given: object | undefined, exclusive?: string): object | undefined {
    const own = given as Readonly<Record<string, unknown>> | undefined;
    if (own === undefined) return this.#shared;
    const shared = this.#shared as Readonly<Record<string, unknown>> | undefined;
    if (exclusive !== undefined && shared?.[exclusive] !== undefined && own[exclusive] !== undefined) {
      throw new ArgumentError(`${exclusive} is given for all keys and for this one`);
    }
    const both = { ...shared, ...own };
    // What is undefined for one key is not given for it, and leaves what is given for all.
    for (const name in own)
      if (own[name] === undefined && name !== 'cas' && shared?.[name] !== undefined) both[name] = shared[name];
    return both;
  }

  /** @throws ArgumentError when there are none. */
  result(): MultiResult<R> {
    if (this.#calls.length === 0) throw new ArgumentError(`${this.#name} needs at least one key`);
    const result = new MultiResult(this.#calls, this.#items, this.#signal);
    if (result.duplicates.length > 0) {
      const keys = result.duplicates.slice(0, 3).map((key) => JSON.stringify(key));
      const more = result.duplicates.length > 3 ? `, and ${result.duplicates.length - 3} more` : '';
      const message = `${this.#name} has keys more than once, and a result for each only once: ${keys.join(', ')}${more}`;
      process.emitWarning(message, { type: 'DuplicateKeyWarning', code: 'CB_DUPLICATE_KEY' });
    }
    return result;
  }

  /** What went wrong with a key, with the key. */
  named(key: unknown, error: unknown): unknown {
    const ErrorClass = [ArgumentError, ValueFormatError, TooBigError].find((each) => error instanceof each);
    if (ErrorClass === undefined) return error;
    const shown = typeof key === 'string' ? JSON.stringify(key) : describe(key);
    const details = { operation: this.#name, ...(typeof key === 'string' ? { key } : {}) };
    return new ErrorClass(`${this.#name}, key ${shown}: ${(error as Error).message}`, {
      ...details,
      cause: (error as Error).cause,
    });
  }
}

function storedValue(item: Item, options: ItemOptions | undefined, { adds, edit }: StoreKind): unknown {
  const fragment = options?.fragment;
  if (adds) {
    if (fragment === undefined) throw new ArgumentError('the Item has no fragment that could be added');
    // What cannot be edited here is found before anything is changed there.
    edit?.(item.value, fragment);
    return fragment;
  }
  if (fragment !== undefined) throw new ArgumentError(NO_FRAGMENT);
  if (item.value === undefined) throw new ArgumentError('the Item has no value');
  return item.value;
}

function editOf(item: Item, options: ItemOptions | undefined, { edit }: StoreKind): Pick<ItemSlot, 'edit'> {
  if (edit === undefined) return {};
  return {
    edit() {
      item.value = edit(item.value, options!.fragment!);
    },
  };
}

/** The options of the operation on the document of an Item; undefined when there are none. */
function itemRead(item: Item, options: ItemOptions | undefined, perKey: PerKey): object | undefined {
  if (perKey.items === 'none') throw new ArgumentError('Items are not taken here: the results would not be documents');
  if (options?.fragment !== undefined) throw new ArgumentError(NO_FRAGMENT);
  return ownOptions(
    options,
    perKey.items === 'by version' && knowsVersion(item, options) ? perKey.read(item) : undefined,
  );
}

/** The options of the operation that stores an Item; undefined when there are none. */
function itemStored(item: Item, options: ItemOptions | undefined, sendsCas: boolean): object | undefined {
  return ownOptions(options, sendsCas && knowsVersion(item, options) ? { cas: item.cas } : undefined);
}

function knowsVersion(item: Item, options: ItemOptions | undefined): boolean {
  return item.cas !== 0n && options?.ignoreCas !== true;
}

function ownOptions(options: ItemOptions | undefined, version: object | undefined): object | undefined {
  if (options === undefined) return version;
  const { ignoreCas: _, fragment: _added, ...own } = options;
  return { ...own, ...version };
}
