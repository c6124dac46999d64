/** The query engine, which is loaded with the first query only. */
export type Engine = typeof import('@cb/sqlpp');

/** Loads the query engine. */
export function loadEngine(): Promise<Engine> {
  return import('@cb/sqlpp');
}
