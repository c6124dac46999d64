import { clauseFault } from '../errors/clause-fault.js';
import type { Evaluate, Row, Run, Slot } from '../expressions/run.js';
import type { Item, Keyspace } from '../keyspaces/keyspace.js';
import { monotonicMs } from '../time/monotonic.js';
import { Pacer } from '../time/pacer.js';
import { jsonText } from '../values/json-text.js';
import { truth } from '../values/truth.js';
import { isObject, type Value } from '../values/value.js';
import { type Batch, newRow, type Operator } from './operator.js';

/** What a term of FROM yields: items of a keyspace, or values. */
export type Entries = readonly Slot[];

/** A term of FROM. */
export interface Source {
  readonly slot: number;
  /** Of a keyspace: entries are items. */
  readonly hasMeta: boolean;
  /** Yields the entries; `row` has what stands in front of the term. */
  open(run: Run, row: Row): Iterable<Entries>;
  /** Whether what it yields depends on terms in front of it. */
  readonly isLateral: boolean;
  /** Of a keyspace. */
  readonly keyspace?: ((run: Run) => Keyspace) | undefined;
}

/** Puts an entry into the slots of its term. */
export function bindEntry(row: Row, source: Source, entry: Slot): void {
  if (source.hasMeta) {
    const item = entry as Item;
    row[source.slot] = item.document;
    row[source.slot + 1] = item;
  } else {
    row[source.slot] = entry;
  }
}

/** Yields a row for each entry of the first term. */
export function scan(source: Source, base: number, size: () => number): Operator {
  const all: Operator = (run, outer) => scanRows(source, run, outer, base, size());
  const filtered: Operator['filtered'] = (condition, clause) => (run, outer) => {
    const code: FilteredScan = { source, condition, clause };
    return scanFiltered(code, run, () => newRow(outer, base, size()), outer);
  };
  return Object.assign(all, { filtered });
}

interface FilteredScan {
  readonly source: Source;
  readonly condition: Evaluate;
  readonly clause: string;
}

/**
 * Makes rows of the entries for which a condition is true, in pieces that the steps behind are done with soon. One row
 * serves all entries until it is kept.
 */
function* scanFiltered(
  { source, condition, clause }: FilteredScan,
  run: Run,
  makeRow: () => Row,
  outer: Row,
): Generator<Batch> {
  const pacer = new Pacer();
  let row = makeRow();
  for (const entries of source.open(run, outer)) {
    for (let from = 0; from < entries.length; ) {
      const to = Math.min(entries.length, from + pacer.length);
      const startMs = monotonicMs();
      const kept: Row[] = [];
      try {
        for (let at = from; at < to; at++) {
          bindEntry(row, source, entries[at]);
          const value = condition(row, run);
          if (value !== true && truth(value) !== true) continue;
          kept.push(row);
          row = makeRow();
        }
      } catch (error) {
        throw clauseFault(clause, error);
      }
      yield kept;
      pacer.note(monotonicMs() - startMs);
      from = to;
    }
  }
}

function* scanRows(source: Source, run: Run, outer: Row, base: number, size: number): Generator<Batch> {
  for (const entries of source.open(run, outer)) {
    const rows: Row[] = [];
    for (const entry of entries) {
      const row = newRow(outer, base, size);
      bindEntry(row, source, entry);
      rows.push(row);
    }
    yield rows;
  }
}

/** What FROM makes of a value: the elements of an array, one row of anything else, none of MISSING. */
export function* valueEntries(value: Value, size: number): Generator<Entries> {
  if (value === undefined) return;
  if (!Array.isArray(value)) yield [value];
  else for (let from = 0; from < value.length; from += size) yield value.slice(from, from + size);
}

/** What is made of keys. */
export interface KeysUse {
  /** Whether a key that is not there ends the statement. */
  readonly validate: boolean;
  /** Whether a key that is not a string adds a warning. */
  readonly warns: boolean;
}

/** Looks documents up by the keys that an expression gives; keys that are not there are passed over. */
export function* keyedEntries(
  keyspace: Keyspace,
  keys: Evaluate,
  row: Row,
  run: Run,
  use: KeysUse,
): Generator<Entries> {
  let value: Value;
  try {
    value = keys(row, run);
  } catch (error) {
    throw clauseFault('KEYS', error);
  }
  yield itemsOf(keyspace, value, run, use);
}

function itemsOf(keyspace: Keyspace, keys: Value, run: Run, { validate, warns }: KeysUse): Item[] {
  const items: Item[] = [];
  const isArray = Array.isArray(keys);
  for (const key of isArray ? (keys as readonly Value[]) : [keys]) {
    if (typeof key !== 'string') {
      if (warns) run.warn(0, `Document key must be string: ${isArray ? '' : wrongKeyText(key)}`);
      continue;
    }
    const item = keyspace.get(key);
    if (item !== undefined) items.push(item);
    else if (validate) run.missingKey(key);
  }
  return items;
}

/** How a message shows a key that is not a string. */
function wrongKeyText(key: Value): string {
  if (key === undefined || key === null) return '<nil>';
  return isObject(key) && Object.keys(key).length === 0 ? 'map[]' : jsonText(key);
}
