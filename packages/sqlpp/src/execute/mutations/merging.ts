import { clauseFault } from '../../errors/clause-fault.js';
import type { Evaluate, Row, Run } from '../../expressions/run.js';
import type { Item } from '../../keyspaces/keyspace.js';
import { StatementError } from '../../text/syntax-error.js';
import { truth } from '../../values/truth.js';
import type { Operator } from '../operator.js';
import type { Change } from './change.js';
import { deletionOf, updateOf } from './changing.js';
import { mergedTwice } from './mutation-fault.js';
import type { MutationRun } from './mutation-run.js';
import { type NewDocumentCode, newDocument } from './new-document.js';
import type { Decision } from './writing.js';

interface Conditional {
  readonly where: Evaluate | undefined;
}

/** The actions of MERGE, each with what it does. */
export interface Merging {
  /** Rows of the source, with the document of the target if there is one. */
  readonly rows: Operator;
  readonly alias: string;
  /** Slot of the document. */
  readonly slot: number;
  /** Slots of the source, which RETURNING does not see of documents that are inserted. */
  readonly sourceSlots: readonly number[];
  readonly update: (Conditional & { readonly change: Change }) | undefined;
  readonly delete: Conditional | undefined;
  readonly insert: (Conditional & { readonly document: NewDocumentCode }) | undefined;
  /** Maximum number of documents for each action. */
  readonly limit: Evaluate | undefined;
}

/** Number of documents that each action may still have. */
type Left = Record<'insert' | 'update' | 'delete', number>;

/**
 * Decides on the first action of each row whose condition is true.
 *
 * @throws StatementError if a document is changed or inserted twice
 */
export function* merging(code: Merging, run: MutationRun): Generator<readonly Decision[]> {
  const limit = code.limit === undefined ? Infinity : Number(code.limit([], run));
  const left: Left = { insert: limit, update: limit, delete: limit };
  const changed = new Set<string>();
  const inserted = new Set<string>();
  for (const batch of code.rows(run, [])) {
    const decisions: Decision[] = [];
    for (const row of batch) {
      const isMatched = row[code.slot + 1] !== undefined;
      const decision = isMatched ? change(code, row, changed, left, run) : insertion(code, row, inserted, left, run);
      if (decision !== undefined) decisions.push(decision);
    }
    run.check();
    yield decisions;
  }
}

function change(code: Merging, row: Row, seen: Set<string>, left: Left, run: MutationRun): Decision | undefined {
  const { slot, update, delete: removal } = code;
  const isUpdate = update !== undefined && holds(update.where, row, run);
  if (!isUpdate && (removal === undefined || !holds(removal.where, row, run))) return undefined;
  const action = isUpdate ? 'update' : 'delete';
  if (left[action]-- <= 0) return undefined;
  const { id } = row[slot + 1] as Item;
  if (seen.has(id)) throw mergedTwice('UPDATE/DELETE', id);
  seen.add(id);
  return isUpdate ? updateOf(row, update.change, code.alias, run) : deletionOf(row, slot);
}

function insertion(code: Merging, row: Row, seen: Set<string>, left: Left, run: MutationRun): Decision | undefined {
  const { slot, insert } = code;
  if (insert === undefined || !holds(insert.where, row, run) || left.insert-- <= 0) return undefined;
  const document = newDocument(insert.document, 'insert', 'MERGE', row, run);
  if (document instanceof StatementError) return document;
  const { id, value, options } = document;
  if (seen.has(id)) throw mergedTwice('INSERT', id);
  seen.add(id);
  const result = row.slice();
  for (const each of code.sourceSlots) result[each] = undefined;
  result[slot] = value;
  return { kind: 'insert', id, document: value ?? null, options, row: result };
}

function holds(where: Evaluate | undefined, row: Row, run: Run): boolean {
  if (where === undefined) return true;
  try {
    return truth(where(row, run)) === true;
  } catch (error) {
    throw clauseFault('MERGE condition', error);
  }
}
