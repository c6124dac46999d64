import { ArgumentError, type MutationToken } from '@cb/protocol';
import { type Cas, checkCas } from '../operation/options.js';
import type { Ttl } from '../operation/ttl.js';
import { OperationResult, type Result, ValueResult } from '../results/results.js';
import { checkBoolean, checkOptions, describe } from '../values/argument-checks.js';
import type { Format } from '../values/transcoder.js';

/** What may be said of one Item of a multi operation. */
export interface ItemOptions {
  /** When the document expires. */
  readonly ttl?: Ttl | undefined;
  /** How the value is stored. */
  readonly format?: Format | undefined;
  /** Whether the operation happens whatever the Item's `cas` is. Default false. */
  readonly ignoreCas?: boolean | undefined;
  /** What is added to the document: for `appendMulti`, `prependMulti`, `appendItems`, `prependItems`, and only there. */
  readonly fragment?: string | Uint8Array | undefined;
}

const ITEM_OPTIONS = ['ttl', 'format', 'ignoreCas', 'fragment'] as const;

/**
 * A document as an object of the application: multi operations read it and update it. The results of such an operation
 * are the Items themselves.
 *
 * `cas` is that of the last operation that succeeded; stores, removals and unlocking send it when it is not 0n, so that
 * they fail with `CasMismatchError` when another client has changed the document. Reads set `value` and `flags`. A
 * failure sets `rc` alone. Subclass it to give documents properties and methods of their own.
 */
export class Item<T = unknown> extends ValueResult<T> {
  /** The document key. */
  declare key: string;
  declare value: T;
  declare flags: number;
  /** The result code of the last operation; 0 for success. */
  declare rc: number;
  /** Whether the last operation succeeded. */
  declare success: boolean;
  /** The mutation token of the last mutation; undefined when there is none. */
  declare mutationToken: MutationToken | undefined;
  /** The CAS of the version that is known; 0n for none. Checked when an operation sends it. */
  declare cas: bigint;

  /** @param value undefined for documents that are to be read. */
  constructor(key: string, value?: T) {
    super(key, 0, 0, 0, undefined, value as T, 0);
  }

  /** A collection of this Item alone. */
  asItemCollection(options?: ItemOptions): ItemOptionDict<T> {
    return new ItemOptionDict<T>([[this, options]]);
  }

  /** Takes over what an operation on the document has brought. Multi operations do so. */
  update(result: Result): void {
    this.rc = result.rc;
    this.success = result.success;
    if (!result.success) return;
    if (result instanceof ValueResult) {
      this.value = result.value as T;
      this.flags = result.flags;
    }
    if (!(result instanceof OperationResult)) return;
    // Some operations succeed without telling a version, and leave the document's as it is.
    if (result.cas !== 0n) this.cas = result.cas;
    if (result.mutationToken !== undefined) this.mutationToken = result.mutationToken;
  }
}

/** Items for one multi operation. */
export abstract class ItemCollection<T = unknown> {
  /** How many Items there are. */
  abstract get size(): number;

  /** The Items, each with its options. */
  abstract entries(): Iterable<readonly [Item<T>, ItemOptions | undefined]>;
}

/** Items without options of their own. */
export class ItemSequence<T = unknown> extends ItemCollection<T> {
  readonly #items: readonly Item<T>[];

  /** @throws ArgumentError for anything that is not an Item. */
  constructor(items: Item<T> | Iterable<Item<T>>) {
    super();
    this.#items = items instanceof Item ? [items] : itemsOf(items);
    this.#items.forEach(checkItem);
  }

  get size(): number {
    return this.#items.length;
  }

  *entries(): Iterable<readonly [Item<T>, undefined]> {
    for (const item of this.#items) yield [item, undefined];
  }
}

/** Items, each with options of its own. */
export class ItemOptionDict<T = unknown> extends ItemCollection<T> {
  readonly #options = new Map<Item<T>, ItemOptions | undefined>();

  /** @throws ArgumentError for anything that is not an Item, and for options that there are not. */
  constructor(entries: Iterable<readonly [Item<T>, ItemOptions | undefined]> = []) {
    super();
    for (const [item, options] of entries) this.#set(item, options);
  }

  get size(): number {
    return this.#options.size;
  }

  /** The Items with their options. */
  get dict(): ReadonlyMap<Item<T>, ItemOptions | undefined> {
    return this.#options;
  }

  /** Adds an Item; one that is there already gets these options. */
  add(item: Item<T>, options?: ItemOptions): void {
    this.#set(item, options);
  }

  /** Makes an Item and adds it. */
  createAndAdd(key: string, value?: T, cas: Cas = 0n, options?: ItemOptions): Item<T> {
    const item = new Item(key, value);
    item.cas = checkCas(cas);
    this.#set(item, options);
    return item;
  }

  entries(): Iterable<readonly [Item<T>, ItemOptions | undefined]> {
    return this.#options;
  }

  #set(item: Item<T>, options: ItemOptions | undefined): void {
    checkItem(item);
    checkOptions('an Item', options, ITEM_OPTIONS);
    if (options?.ignoreCas !== undefined) checkBoolean(options.ignoreCas, 'ignoreCas');
    this.#options.set(item, options);
  }
}

function itemsOf<T>(items: Iterable<Item<T>>): Item<T>[] {
  if (typeof items !== 'object' || items === null || !(Symbol.iterator in items)) {
    throw new ArgumentError(`an ItemSequence takes an Item or an iterable of Items, not ${describe(items)}`);
  }
  return [...items];
}

function checkItem(item: unknown): void {
  if (!(item instanceof Item)) throw new ArgumentError(`collections of Items take Items only, not ${describe(item)}`);
}
