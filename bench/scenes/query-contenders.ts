import { query, type Value } from '@cb/sqlpp';
import { loadRival } from '../src/rival.js';
import type { QueryDocument } from './query-documents.js';
import type { QueryWorkload } from './query-workloads.js';

export type QuerySide = 'sqlpp' | 'alasql' | 'mingo' | 'sqlite';

/** Packages of those that need one. */
export const QUERY_PACKAGES = { alasql: 'alasql', mingo: 'mingo', sqlite: 'node-sqlite3-wasm' } as const;

/** Answers a question from its text to its rows, and returns how many there are. */
export type Ask = (workload: QueryWorkload) => Promise<number> | number;

/** Gives an engine documents. */
export function openQueryContender(side: QuerySide, documents: readonly QueryDocument[]): Promise<Ask> | Ask {
  switch (side) {
    case 'sqlpp':
      return askSqlpp(documents);
    case 'alasql':
      return openAlasql(documents);
    case 'mingo':
      return openMingo(documents);
    case 'sqlite':
      return openSqlite(documents);
  }
}

function askSqlpp(documents: readonly QueryDocument[]): Ask {
  const keyspaces = { d: documents as readonly Value[] };
  return async ({ sqlpp }) => {
    const run = query(sqlpp, { keyspaces });
    const rows = await run.rows();
    if (run.errors.length > 0) throw new Error(run.errors[0]?.msg);
    return rows.length;
  };
}

type Alasql = (statement: string, parameters: readonly unknown[]) => readonly unknown[];

async function openAlasql(documents: readonly QueryDocument[]): Promise<Ask> {
  const alasql = await loadRival<Alasql>(QUERY_PACKAGES.alasql);
  return ({ alasql: text }) =>
    alasql(
      text,
      [...text.matchAll(/\?/g)].map(() => documents),
    ).length;
}

interface Mingo {
  aggregate(documents: readonly object[], stages: readonly object[]): readonly unknown[];
}

async function openMingo(documents: readonly QueryDocument[]): Promise<Ask> {
  const mingo = await loadRival<Mingo>(QUERY_PACKAGES.mingo);
  const stageOf = (stage: object): object =>
    '$lookup' in stage && typeof stage.$lookup === 'object'
      ? { $lookup: { ...stage.$lookup, from: documents } }
      : stage;
  return ({ mingo: stages }) => mingo.aggregate(documents, stages.map(stageOf)).length;
}

interface Sqlite {
  readonly Database: new () => {
    exec(statement: string): void;
    all(statement: string): readonly unknown[];
    prepare(statement: string): { run(values: readonly unknown[]): unknown; finalize(): void };
  };
}

async function openSqlite(documents: readonly QueryDocument[]): Promise<Ask> {
  const { Database } = await loadRival<Sqlite>(QUERY_PACKAGES.sqlite);
  const database = new Database();
  database.exec('CREATE TABLE d (id TEXT PRIMARY KEY, doc TEXT)');
  database.exec('BEGIN');
  const insert = database.prepare('INSERT INTO d VALUES (?, ?)');
  for (const document of documents) insert.run([document.id, JSON.stringify(document)]);
  insert.finalize();
  database.exec('COMMIT');
  return ({ sqlite }) => database.all(sqlite).length;
}
