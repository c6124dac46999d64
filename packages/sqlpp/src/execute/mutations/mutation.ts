import type { Row } from '../../expressions/run.js';
import type { Item, Keyspace, MutationFault, MutationOptions } from '../../keyspaces/keyspace.js';
import type { Value } from '../../values/value.js';

/** A mutation that a statement has decided on. The row is what RETURNING sees. */
export type Mutation =
  | {
      readonly kind: 'insert' | 'upsert';
      readonly id: string;
      readonly document: Value;
      readonly options: MutationOptions;
      readonly row: Row;
    }
  | {
      readonly kind: 'update';
      readonly item: Item;
      readonly document: Value;
      readonly options: MutationOptions;
      readonly row: Row;
    }
  | { readonly kind: 'delete'; readonly item: Item; readonly row: Row };

/** A way in which documents are changed. */
export type Change = 'insert' | 'upsert' | 'replace' | 'remove';

/** A keyspace that can be changed in the ways that a statement needs. */
export type WritableKeyspace = Keyspace & Required<Pick<Keyspace, Change>>;

/** Tells whether a keyspace can be changed in these ways. */
export function isWritable(keyspace: Keyspace, changes: readonly Change[]): keyspace is WritableKeyspace {
  return changes.every((change) => keyspace[change] !== undefined);
}

/** Carries a mutation out. Returns the document that is stored then; after a delete the one that was. */
export function perform(mutation: Mutation, keyspace: WritableKeyspace): Item | MutationFault {
  switch (mutation.kind) {
    case 'insert':
      return keyspace.insert(mutation.id, mutation.document, mutation.options);
    case 'upsert':
      return keyspace.upsert(mutation.id, mutation.document, mutation.options);
    case 'update':
      return keyspace.replace(mutation.item, mutation.document, mutation.options);
    case 'delete':
      return keyspace.remove(mutation.item) ?? mutation.item;
  }
}
