import type { IndexDefinition } from '../keyspaces/index-definition.js';
import type { IndexEntry, IndexRange, IndexScanOptions, IndexSpan } from '../keyspaces/index-scan.js';
import type { Item } from '../keyspaces/keyspace.js';
import { compare, compareStrings } from '../values/collation.js';
import type { Value } from '../values/value.js';
import { compileEntries, type EntriesOf } from './entry-code.js';
import { columnsOf } from './index-columns.js';
import { type Place, SortedEntries } from './sorted-entries.js';

/**
 * The entries of an index, in memory and in order. A change of one document takes time that grows with the logarithm of the
 * number of entries.
 */
export class DocumentIndex {
  readonly #entriesOf: EntriesOf;
  /** Whether larger values come first, by column. */
  readonly #descending: readonly boolean[];
  /** Whether a document may have several entries. */
  readonly #isArray: boolean;
  readonly #sorted: SortedEntries;
  readonly #byId = new Map<string, readonly IndexEntry[]>();

  constructor(
    /** What the index is of. */
    readonly definition: IndexDefinition,
  ) {
    this.#entriesOf = compileEntries(definition);
    this.#descending = columnsOf(definition).map(({ descending }) => descending);
    this.#isArray = definition.keys.some(({ each }) => each !== undefined);
    this.#sorted = new SortedEntries((left, right) => this.#compare(left, right));
  }

  /** Number of entries. */
  get count(): number {
    return this.#sorted.count;
  }

  /** Number of documents that have entries. */
  get documents(): number {
    return this.#byId.size;
  }

  /** Stores the entries of a document that is new, or has changed. */
  put(item: Item): void {
    this.remove(item.id);
    const entries = this.#entries(item);
    if (entries.length === 0) return;
    this.#byId.set(item.id, entries);
    for (const entry of entries) this.#sorted.add(entry);
  }

  /** Removes the entries of a document, if there are any. */
  remove(id: string): void {
    const known = this.#byId.get(id);
    if (known === undefined) return;
    this.#byId.delete(id);
    for (const entry of known) this.#sorted.remove(entry);
  }

  /** Stores the entries of many documents, faster than one by one if there are none yet. */
  load(items: Iterable<Item>): void {
    if (this.#byId.size > 0) {
      for (const item of items) this.put(item);
      return;
    }
    for (const item of items) {
      const entries = this.#entries(item);
      if (entries.length > 0) this.#byId.set(item.id, entries);
    }
    const all: IndexEntry[] = [];
    for (const entries of this.#byId.values()) for (const entry of entries) all.push(entry);
    this.#sorted.load(all);
  }

  /** Removes all entries. */
  clear(): void {
    this.#byId.clear();
    this.#sorted.load([]);
  }

  /** Yields the entries of spans, those of each in the order of the keys. */
  *scan(
    spans: readonly IndexSpan[],
    { reverse = false, distinct = true }: IndexScanOptions = {},
  ): Generator<readonly IndexEntry[]> {
    const seen = distinct && (spans.length > 1 || this.#isArray) ? new Set<string>() : undefined;
    for (const span of spans) {
      for (const batch of this.#sorted.walk(this.#placeOf(span), reverse)) {
        const entries =
          seen === undefined && span.ranges.length < 2 ? batch : batch.filter((e) => isWanted(e, span, seen));
        if (entries.length > 0) yield entries;
      }
    }
  }

  #entries(item: Item): readonly IndexEntry[] {
    const { id } = item;
    return this.#entriesOf(item).map((keys) => ({ id, keys }));
  }

  #compare(left: IndexEntry, right: IndexEntry): number {
    for (let at = 0; at < this.#descending.length; at++) {
      const order = compare(left.keys[at], right.keys[at]);
      if (order !== 0) return this.#descending[at] === true ? -order : order;
    }
    return compareStrings(left.id, right.id);
  }

  /** Entries lie together as long as the keys in front of a range have one value each. */
  #placeOf({ ranges }: IndexSpan): Place {
    const parts = ranges.map((range, at) => ({
      range,
      isPoint: isPoint(range),
      descending: this.#descending[at] === true,
    }));
    return ({ keys }) => {
      for (let at = 0; at < parts.length; at++) {
        const { range, isPoint: goesOn, descending } = parts[at] as (typeof parts)[number];
        const side = sideOf(keys[at], range);
        if (side !== 0) return descending ? -side : side;
        if (!goesOn) return 0;
      }
      return 0;
    };
  }
}

function isWanted({ id, keys }: IndexEntry, { ranges }: IndexSpan, seen: Set<string> | undefined): boolean {
  for (let at = 1; at < ranges.length; at++) if (sideOf(keys[at], ranges[at] as IndexRange) !== 0) return false;
  if (seen === undefined) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return true;
}

function isPoint({ low, high }: IndexRange): boolean {
  return low?.inclusive === true && high?.inclusive === true && compare(low.value, high.value) === 0;
}

/** Tells whether a value lies below a range, in it, or above it. */
function sideOf(value: Value, { low, high }: IndexRange): number {
  if (low !== undefined) {
    const order = compare(value, low.value);
    if (order < 0 || (order === 0 && !low.inclusive)) return -1;
  }
  if (high !== undefined) {
    const order = compare(value, high.value);
    if (order > 0 || (order === 0 && !high.inclusive)) return 1;
  }
  return 0;
}
