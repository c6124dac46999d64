import type { Row } from '../../expressions/run.js';
import { type KeyspaceName, keyspaceText } from '../../keyspaces/catalog.js';
import { StatementError } from '../../text/syntax-error.js';
import type { Batch } from '../operator.js';
import type { Mutation } from './mutation.js';
import type { MutationRun } from './mutation-run.js';
import { type NewDocument, type NewDocumentCode, newDocument } from './new-document.js';
import type { Decision } from './writing.js';

/** What INSERT and UPSERT make documents of. */
export interface Documents {
  /** As errors of expressions name it. */
  readonly clause: string;
  /** Each row makes a document with each of them. */
  readonly codes: readonly NewDocumentCode[];
  rows(run: MutationRun): Iterable<Batch>;
}

export interface Inserting {
  readonly kind: 'insert' | 'upsert';
  readonly name: KeyspaceName;
  /** Slot of the document in the rows of RETURNING. */
  readonly slot: number;
  readonly documents: Documents;
}

const CODE_KEY_TWICE = 5073;

/**
 * Decides on the documents to insert.
 *
 * @throws StatementError if UPSERT has a key twice
 */
export function* inserting(code: Inserting, run: MutationRun): Generator<readonly Decision[]> {
  const { kind, documents } = code;
  const keys = new Set<string>();
  for (const batch of documents.rows(run)) {
    const decisions: Decision[] = [];
    for (const row of batch) {
      for (const each of documents.codes) {
        // A row of its own for each document: each draws values of sequences of its own.
        const own = documents.codes.length > 1 ? row.slice() : row;
        const document = newDocument(each, kind, documents.clause, own, run);
        decisions.push(document instanceof StatementError ? document : insertion(document, code, own, keys));
      }
    }
    run.check();
    yield decisions;
  }
}

function insertion(
  { id, value, options }: NewDocument,
  { kind, slot, name }: Inserting,
  source: Row,
  keys: Set<string>,
): Mutation {
  if (kind === 'upsert') {
    if (keys.has(id)) throw keyTwice(id, name);
    keys.add(id);
  }
  const row = source.slice();
  row[slot] = value;
  return { kind, id, document: value ?? null, options, row };
}

function keyTwice(key: string, name: KeyspaceName): StatementError {
  const message = 'Cannot act on the same key multiple times in an UPSERT statement.';
  return new StatementError(CODE_KEY_TWICE, message, undefined, { key, keyspace: keyspaceText(name) });
}
