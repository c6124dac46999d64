import { bindingsText } from './expression-parts.js';
import type {
  Changes,
  Delete,
  Insert,
  Merge,
  MergeInsert,
  NewDocument,
  Target,
  Update,
  UpdateFor,
} from './mutation.js';
import {
  aliasText,
  clause,
  clauses,
  pathText,
  projectionText,
  selectText,
  sourceTermText,
  sourceText,
  useText,
} from './source-text.js';

type Mutation = Insert | Update | Delete | Merge;

/** Returns a text of a statement that changes documents; it is read as the same statement. */
export function mutationText(statement: Mutation): string {
  const returning = statement.returning && `RETURNING ${projectionText(statement.returning)}`;
  return clauses(bodyText(statement), returning);
}

function bodyText(statement: Mutation): string {
  switch (statement.kind) {
    case 'insert':
      return insertText(statement);
    case 'update':
      return clauses(
        'UPDATE',
        targetText(statement.target),
        changesText(statement),
        clause('WHERE', statement.where),
        clause('LIMIT', statement.limit),
      );
    case 'delete':
      return clauses(
        'DELETE FROM',
        targetText(statement.target),
        clause('WHERE', statement.where),
        clause('LIMIT', statement.limit),
        clause('OFFSET', statement.offset),
      );
    case 'merge':
      return mergeText(statement);
  }
}

function targetText({ keyspace, alias, use }: Target): string {
  return clauses('kind' in keyspace ? sourceText(keyspace) : pathText(keyspace), aliasText(alias), useText(use));
}

function insertText({ overwrite, target, source }: Insert): string {
  const head = `${overwrite ? 'UPSERT' : 'INSERT'} INTO ${targetText(target)}`;
  if (source.kind === 'select') return `${head} ${namedParts(source.document)} ${selectText(source.select)}`;
  const documents = source.documents.map(
    ({ key, value, options }) =>
      `(${[key, value, options].flatMap((part) => (part === undefined ? [] : [sourceText(part)])).join(', ')})`,
  );
  return `${head} VALUES ${documents.join(', ')}`;
}

/** Prints `(KEY expression, VALUE expression, OPTIONS expression)`. */
function namedParts({ key, value, options }: NewDocument): string {
  const parts = [clause('KEY', key), clause('VALUE', value), clause('OPTIONS', options)];
  return `(${parts.filter((part) => part !== undefined).join(', ')})`;
}

function changesText({ set, unset }: Changes): string {
  const assignments = set.map(({ path, value, loop }) =>
    clauses(`${sourceText(path)} = ${sourceText(value)}`, loop && loopText(loop)),
  );
  const removals = unset.map(({ path, loop }) => clauses(sourceText(path), loop && loopText(loop)));
  return clauses(
    assignments.length > 0 ? `SET ${assignments.join(', ')}` : undefined,
    removals.length > 0 ? `UNSET ${removals.join(', ')}` : undefined,
  );
}

function loopText({ loops, when }: UpdateFor): string {
  const each = loops.map((bindings) => `FOR ${bindingsText(bindings, sourceText)}`);
  return clauses(...each, clause('WHEN', when), 'END');
}

function mergeText({ target, source, onKey, on, update, delete: removal, insert, limit }: Merge): string {
  return clauses(
    `MERGE INTO ${targetText(target)} USING ${sourceTermText(source)}`,
    `ON ${onKey ? 'KEY ' : ''}${sourceText(on)}`,
    update && clauses('WHEN MATCHED THEN UPDATE', changesText(update), clause('WHERE', update.where)),
    removal && clauses('WHEN MATCHED THEN DELETE', clause('WHERE', removal.where)),
    insert && clauses('WHEN NOT MATCHED THEN INSERT', newText(insert), clause('WHERE', insert.where)),
    clause('LIMIT', limit),
  );
}

function newText({ key, value, options }: MergeInsert): string {
  if (key !== undefined) return namedParts({ key, value, options });
  return value === undefined ? '' : `(${sourceText(value)})`;
}
