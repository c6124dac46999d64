import { clauseFault } from '../errors/clause-fault.js';
import type { Evaluate, Row, Run, Slot } from '../expressions/run.js';
import { identityKey } from '../values/equality.js';
import { truth } from '../values/truth.js';
import type { Value } from '../values/value.js';
import { BATCH_SIZE, type Batch, NO_ROWS, newRow, type Operator } from './operator.js';
import { bindEntry, type Entries, type Source } from './source.js';

/** Candidates that are looked at before others may have the time. */
const PAUSE_AFTER = 2048;
/** Bytes that an entry waiting to be joined holds, about. */
const BYTES_OF_ENTRY = 60;

export interface JoinCode {
  readonly source: Source;
  readonly isOuter: boolean;
  readonly nests: boolean;
  /** Equalities between what is in front and the entry, by which entries are found. */
  readonly equalities: readonly { readonly left: Evaluate; readonly right: Evaluate }[];
  /** What else has to be true. */
  readonly condition: Evaluate | undefined;
  readonly base: number;
  readonly size: () => number;
  /** Of a lookup by keys: whether there are keys at all, which decides what an outer NEST gives. */
  readonly hasKeys?: ((row: Row, run: Run) => boolean) | undefined;
}

/** Joins each row with the entries of a term that fit, or nests these into it. */
export function join(input: Operator, code: JoinCode): Operator {
  return (run, outer) => joinRows(input(run, outer), code, run, outer);
}

type Find = (row: Row) => Entries;

function* joinRows(input: Iterable<Batch>, code: JoinCode, run: Run, outer: Row): Generator<Batch> {
  const { source } = code;
  let find: Find | undefined;
  if (source.isLateral) find = (row) => everyEntry(source.open(run, row), run);
  let work = 0;
  for (const batch of input) {
    if (find === undefined) {
      const entries = yield* gather(source.open(run, outer), run);
      find = code.equalities.length === 0 ? () => entries : yield* hashed(entries, code, run, outer);
    }
    let out: Row[] = [];
    for (const row of batch) {
      const entries = find(row);
      let matches = 0;
      const nested: Value[] = [];
      for (const entry of entries) {
        bindEntry(row, source, entry);
        if (holds(code, row, run)) {
          matches++;
          if (code.nests) nested.push(row[source.slot] as Value);
          else out.push(row.slice());
        }
        if (++work % PAUSE_AFTER !== 0) continue;
        run.check();
        yield out;
        out = [];
      }
      finishRow(code, row, run, matches, nested, out);
      if (out.length < BATCH_SIZE * 4) continue;
      yield out;
      out = [];
    }
    yield out;
  }
}

function holds({ condition }: JoinCode, row: Row, run: Run): boolean {
  if (condition === undefined) return true;
  try {
    return truth(condition(row, run)) === true;
  } catch (error) {
    throw clauseFault('join condition', error);
  }
}

function finishRow(code: JoinCode, row: Row, run: Run, matches: number, nested: readonly Value[], out: Row[]): void {
  const { source, nests, isOuter, hasKeys } = code;
  if (!nests && (matches > 0 || !isOuter)) return;
  if (nests && matches === 0 && !isOuter) return;
  const isMissing = !nests || (matches === 0 && hasKeys !== undefined && !hasKeys(row, run));
  row[source.slot] = isMissing ? undefined : nested;
  if (source.hasMeta) row[source.slot + 1] = undefined;
  out.push(row);
}

function everyEntry(batches: Iterable<Entries>, run: Run): Entries {
  let all: Slot[] | undefined;
  let only: Entries = [];
  for (const entries of batches) {
    run.check();
    if (only.length === 0 && all === undefined) {
      only = entries;
      continue;
    }
    if (all === undefined) all = [...only];
    for (const entry of entries) all.push(entry);
  }
  return all ?? only;
}

function* gather(batches: Iterable<Entries>, run: Run): Generator<Batch, Slot[]> {
  const all: Slot[] = [];
  for (const entries of batches) {
    for (const entry of entries) all.push(entry);
    run.hold(entries.length * BYTES_OF_ENTRY);
    yield NO_ROWS;
  }
  return all;
}

/** Returns what finds the entries with the same values as a row; NULL and MISSING match nothing. */
function* hashed(entries: readonly Slot[], code: JoinCode, run: Run, outer: Row): Generator<Batch, Find> {
  const { source, equalities, base, size } = code;
  const scratch = newRow(outer, base, size());
  const map = new Map<unknown, Slot[]>();
  let work = 0;
  for (const entry of entries) {
    bindEntry(scratch, source, entry);
    const key = keyOf(equalities.length, (at) =>
      (equalities[at] as JoinCode['equalities'][number]).right(scratch, run),
    );
    if (key !== undefined) {
      const found = map.get(key);
      if (found === undefined) map.set(key, [entry]);
      else found.push(entry);
    }
    if (++work % PAUSE_AFTER === 0) yield NO_ROWS;
  }
  return (row) => {
    const key = keyOf(equalities.length, (at) => (equalities[at] as JoinCode['equalities'][number]).left(row, run));
    return key === undefined ? [] : (map.get(key) ?? []);
  };
}

function keyOf(count: number, valueAt: (at: number) => Value): unknown {
  if (count === 1) {
    const value = valueAt(0);
    return value === null ? undefined : identityKey(value);
  }
  const values: Value[] = [];
  for (let at = 0; at < count; at++) {
    const value = valueAt(at);
    if (value === undefined || value === null) return undefined;
    values.push(value);
  }
  return identityKey(values);
}

export interface UnnestCode {
  readonly slot: number;
  readonly value: Evaluate;
  readonly isOuter: boolean;
}

/** Makes a row for each element of an array in the row. The position goes into the slot behind that of the element. */
export function unnest(input: Operator, code: UnnestCode): Operator {
  return (run, outer) => unnestRows(input(run, outer), code, run);
}

function* unnestRows(input: Iterable<Batch>, { slot, value, isOuter }: UnnestCode, run: Run): Generator<Batch> {
  for (const batch of input) {
    let out: Row[] = [];
    for (const row of batch) {
      const elements = unnested(value, row, run);
      if (elements.length === 0 && isOuter) out.push(row);
      for (let at = 0; at < elements.length; at++) {
        const copy = row.slice();
        copy[slot] = elements[at];
        copy[slot + 1] = at;
        out.push(copy);
        if (out.length < BATCH_SIZE * 4) continue;
        yield out;
        out = [];
      }
    }
    yield out;
  }
}

function unnested(value: Evaluate, row: Row, run: Run): readonly Value[] {
  try {
    const elements = value(row, run);
    return Array.isArray(elements) ? (elements as readonly Value[]) : [];
  } catch (error) {
    throw clauseFault('unnest path', error);
  }
}
