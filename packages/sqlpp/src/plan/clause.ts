import type { Clause } from '../names/formaliser.js';

/** Clauses of statements, with what they allow. */
export const CLAUSES = {
  projection: { name: 'SELECT', aggregates: true, windows: true },
  from: { name: 'FROM', aggregates: false, windows: false },
  on: { name: 'ON', aggregates: false, windows: false },
  unnest: { name: 'UNNEST', aggregates: false, windows: false },
  let: { name: 'LET', aggregates: false, windows: false },
  where: { name: 'WHERE', aggregates: false, windows: false },
  groupBy: { name: 'GROUP BY', aggregates: false, windows: false },
  letting: { name: 'LETTING', aggregates: true, windows: false },
  having: { name: 'HAVING', aggregates: true, windows: false },
  window: { name: 'WINDOW', aggregates: true, windows: false },
  orderBy: { name: 'ORDER BY', aggregates: true, windows: true },
  limit: { name: 'LIMIT', aggregates: false, windows: false },
  with: { name: 'WITH', aggregates: false, windows: false },
  values: { name: 'VALUES', aggregates: false, windows: false },
  set: { name: 'SET', aggregates: false, windows: false },
  merge: { name: 'MERGE', aggregates: false, windows: false },
  function: { name: 'FUNCTION', aggregates: false, windows: false },
  index: { name: 'CREATE INDEX', aggregates: false, windows: false },
  returning: { name: 'RETURNING', aggregates: false, windows: false },
} as const satisfies Record<string, Clause>;
