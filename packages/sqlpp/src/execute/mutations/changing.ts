import type { Row } from '../../expressions/run.js';
import type { Item } from '../../keyspaces/keyspace.js';
import type { Value } from '../../values/value.js';
import type { Operator } from '../operator.js';
import { type Change, changedRow } from './change.js';
import { expirationOf } from './document-options.js';
import type { Mutation } from './mutation.js';
import { aliasMissing } from './mutation-fault.js';
import type { MutationRun } from './mutation-run.js';

/** Decides on the change of each document of rows. */
export function updating(
  rows: Operator,
  change: Change,
  alias: string,
  run: MutationRun,
): Generator<readonly Mutation[]> {
  return each(rows, change.slot, run, (row) => updateOf(row, change, alias, run));
}

/** Decides on the removal of each document of rows. */
export function deleting(rows: Operator, slot: number, run: MutationRun): Generator<readonly Mutation[]> {
  return each(rows, slot, run, (row) => deletionOf(row, slot));
}

/** A document that rows have more than once counts once. */
function* each(
  rows: Operator,
  slot: number,
  run: MutationRun,
  decide: (row: Row) => Mutation,
): Generator<readonly Mutation[]> {
  const seen = new Set<string>();
  for (const batch of rows(run, [])) {
    const mutations: Mutation[] = [];
    for (const row of batch) {
      const { id } = row[slot + 1] as Item;
      if (seen.has(id)) continue;
      seen.add(id);
      mutations.push(decide(row));
    }
    run.check();
    yield mutations;
  }
}

/** The change of the document of a row. */
export function updateOf(row: Row, change: Change, alias: string, run: MutationRun): Mutation {
  const { slot } = change;
  const changed = changedRow(change, row, run);
  const document = changed[slot] as Value;
  if (document === undefined) throw aliasMissing(alias);
  const kept = run.preservesExpiration ? undefined : 0;
  const expiration = change.expiration === undefined ? kept : expirationOf(change.expiration(row, run));
  return { kind: 'update', item: row[slot + 1] as Item, document, options: { expiration }, row: changed };
}

/** The removal of the document of a row. */
export function deletionOf(row: Row, slot: number): Mutation {
  return { kind: 'delete', item: row[slot + 1] as Item, row };
}
