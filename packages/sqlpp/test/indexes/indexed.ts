import { catalogOf } from '../../../../test/sqlpp/sorted-keyspaces.js';
import { type Catalog, type IndexSpan, type Item, type KeyspaceIndex, query, type Value } from '../../src/index.js';

/** A catalog of the keyspace g with documents. */
export function holding(documents: Readonly<Record<string, Value>>): Catalog {
  return catalogOf({ g: Object.entries(documents), h: [] });
}

/** Runs a statement; what is wrong with it is thrown. */
export async function rowsOf(catalog: Catalog, statement: string, options: object = {}): Promise<Value[]> {
  const run = query(statement, { ...options, catalog });
  const rows = await run.rows();
  const [error] = run.errors;
  if (error !== undefined) throw new Error(`${error.code} ${error.msg}`);
  return rows;
}

/** Returns an index of the keyspace g. */
export function indexOf(catalog: Catalog, name: string): KeyspaceIndex {
  const keyspace = catalog.keyspace({ namespace: 'default', bucket: 'g' });
  const found = keyspace?.indexes?.().find(({ definition }) => definition.name === name);
  if (found === undefined) throw new Error(`there is no index ${name}`);
  return found;
}

/** Returns the entries of an index, as keys and the key of the document. */
export function entriesOf(
  index: Pick<KeyspaceIndex, 'scan'>,
  spans: readonly IndexSpan[] = [{ ranges: [] }],
  options = {},
) {
  return [...index.scan(spans, options)].flat().map(({ id, keys }) => [...keys, id]);
}

export type { Item };
