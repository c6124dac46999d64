import { clauseFault } from '../../errors/clause-fault.js';
import { type BindingCode, bindingRows } from '../../expressions/collections.js';
import type { Evaluate, Row, Run } from '../../expressions/run.js';
import { truth } from '../../values/truth.js';
import type { Value } from '../../values/value.js';
import { Draft } from './draft.js';
import type { Place } from './place.js';

/** FOR … WHEN … END of a term. */
export interface Loop {
  /** The bindings of each FOR, the outermost first. */
  readonly levels: readonly (readonly BindingCode[])[];
  readonly when: Evaluate | undefined;
}

export interface SetCode {
  readonly place: Place;
  readonly value: Evaluate;
  readonly loop: Loop | undefined;
}

export interface UnsetCode {
  readonly place: Place;
  readonly loop: Loop | undefined;
}

/** What SET and UNSET do to a document. */
export interface Change {
  /** Slot of the document. */
  readonly slot: number;
  readonly set: readonly SetCode[];
  readonly unset: readonly UnsetCode[];
  /** Of `SET META().expiration`; the last one counts. */
  readonly expiration: Evaluate | undefined;
}

/** Returns a copy of a row with the changed document. Values of SET are those of the document as it was. */
export function changedRow(change: Change, row: Row, run: Run): Row {
  const draft = new Draft();
  const changed = row.slice();
  changed[change.slot] = draft.copy(row[change.slot] as Value);
  try {
    for (const term of change.set) setTerm(term, row, changed, draft, run);
  } catch (error) {
    throw clauseFault('SET clause', error);
  }
  try {
    for (const term of change.unset) unsetTerm(term, changed, draft, run);
  } catch (error) {
    throw clauseFault('UNSET clause', error);
  }
  return changed;
}

function setTerm({ place, value, loop }: SetCode, row: Row, changed: Row, draft: Draft, run: Run): void {
  if (loop === undefined) {
    place.set(changed, draft.copy(value(row, run)), draft, run);
    return;
  }
  const sets = rowsOf(loop, row, run).map((each) => isWanted(loop, each, run) && { value: value(each, run) });
  const places = rowsOf(loop, changed, run);
  for (const [at, set] of sets.entries()) {
    const each = places[at];
    if (set !== false && each !== undefined) place.set(each, draft.copy(set.value), draft, run);
  }
}

function unsetTerm({ place, loop }: UnsetCode, changed: Row, draft: Draft, run: Run): void {
  if (loop === undefined) {
    place.unset(changed, draft, run);
    return;
  }
  for (const each of rowsOf(loop, changed, run)) if (isWanted(loop, each, run)) place.unset(each, draft, run);
}

/** A row for each step of the loops. */
function rowsOf({ levels }: Loop, row: Row, run: Run): readonly Row[] {
  let rows: readonly Row[] = [row];
  for (const bindings of levels) rows = rows.flatMap((each) => bindingRows(bindings, each, run));
  return rows;
}

function isWanted({ when }: Loop, row: Row, run: Run): boolean {
  return when === undefined || truth(when(row, run)) === true;
}
