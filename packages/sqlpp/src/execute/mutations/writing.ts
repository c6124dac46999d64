import { clauseFault } from '../../errors/clause-fault.js';
import type { Evaluate, Row } from '../../expressions/run.js';
import type { Item, MutationFault } from '../../keyspaces/keyspace.js';
import { StatementError } from '../../text/syntax-error.js';
import type { Value } from '../../values/value.js';
import { BATCH_SIZE } from '../operator.js';
import type { Results } from '../projecting.js';
import { type Mutation, perform, type WritableKeyspace } from './mutation.js';
import { mutationError } from './mutation-fault.js';
import type { MutationRun } from './mutation-run.js';

/** Bytes that a mutation holds until it is carried out, about: a delete its row, others a document too. */
const BYTES_OF_DELETE = 100;
const BYTES_OF_MUTATION = 500;

/** Where mutations go, and what they give. */
export interface Writing {
  readonly keyspace: WritableKeyspace;
  /** Slot of the document in the rows of mutations; its item stands behind. */
  readonly slot: number;
  readonly returning: Evaluate | undefined;
}

/** A mutation, or the error of one that cannot be. */
export type Decision = Mutation | StatementError;

/** Yields what is decided on. */
export type Deciding = Iterable<readonly Decision[]>;

/**
 * Decides on all mutations, then carries them out: what the statement reads is as it was before. A document that cannot
 * be changed adds an error; the others are changed nevertheless.
 *
 * @throws StatementError behind them if some could not be decided on; then nothing is returned
 */
export function* write(deciding: Deciding, writing: Writing, run: MutationRun): Generator<Results> {
  const mutations: Mutation[] = [];
  const faults: StatementError[] = [];
  for (const batch of deciding) {
    let bytes = 0;
    for (const decision of batch) {
      if (decision instanceof StatementError) {
        faults.push(decision);
      } else {
        mutations.push(decision);
        bytes += decision.kind === 'delete' ? BYTES_OF_DELETE : BYTES_OF_MUTATION;
      }
    }
    run.hold(bytes);
    yield [];
  }
  const last = faults.pop();
  yield* writeAll(mutations, last === undefined ? writing : { ...writing, returning: undefined }, run);
  for (const fault of faults) run.fail(fault);
  if (last !== undefined) throw last;
}

function* writeAll(mutations: readonly Mutation[], writing: Writing, run: MutationRun): Generator<Results> {
  for (let from = 0; from < mutations.length; from += BATCH_SIZE) {
    const to = Math.min(mutations.length, from + BATCH_SIZE);
    const rows: Row[] = [];
    for (let at = from; at < to; at++) {
      const row = writeOne(mutations[at] as Mutation, writing, run);
      if (row !== undefined) rows.push(row);
    }
    run.countMutations(rows.length);
    yield returned(rows, writing.returning, run);
  }
}

function writeOne(mutation: Mutation, { keyspace, slot }: Writing, run: MutationRun): Row | undefined {
  const { kind, row } = mutation;
  const stored = perform(mutation, keyspace);
  if (isFault(stored)) {
    const id = 'item' in mutation ? mutation.item.id : mutation.id;
    run.fail(mutationError(stored, kind.toUpperCase(), id));
    return undefined;
  }
  row[slot + 1] = stored;
  return row;
}

function isFault(stored: Item | MutationFault): stored is MutationFault {
  return 'kind' in stored;
}

function returned(rows: readonly Row[], returning: Evaluate | undefined, run: MutationRun): Results {
  if (returning === undefined) return [];
  try {
    return rows.map((row): Value => returning(row, run));
  } catch (error) {
    throw clauseFault('projection', error);
  }
}
