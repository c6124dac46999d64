import { query, SequenceStore } from '../../src/index.js';

const MILLION = 'ARRAY_RANGE(0, 1000000)';

/** Statements that would run for hours, each in a loop of another kind. */
const ENDLESS: readonly (readonly [loop: string, statement: string])[] = [
  ['a cross join', `SELECT COUNT(*) FROM ${MILLION} a, ${MILLION} b`],
  ['a join by comparison', `SELECT COUNT(*) FROM ${MILLION} a JOIN ${MILLION} b ON a < b - 2000000`],
  ['an unnest', `SELECT COUNT(*) FROM ${MILLION} a UNNEST ${MILLION} b`],
  ['a subquery for each row', `SELECT (SELECT COUNT(*) FROM ${MILLION} b WHERE b < a)[0] AS n FROM ${MILLION} a`],
  [
    'a subquery in a condition',
    `SELECT a FROM ${MILLION} a WHERE (SELECT RAW COUNT(*) FROM ${MILLION} b WHERE b < a)[0] < 0`,
  ],
  [
    'frames of a window',
    'SELECT SUM(a) OVER (ORDER BY a ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW)' +
      ' FROM ARRAY_RANGE(0, 400000) a',
  ],
];

const NESTED = `SELECT ARRAY 1 FOR x IN ${MILLION} WHEN ANY y IN ${MILLION} SATISFIES y = -x - 1 END END AS n`;

async function codesOf(statement: string, options: object): Promise<readonly number[]> {
  const run = query(statement, { keyspaces: {}, ...options });
  await run.rows();
  return run.errors.map(({ code }) => code);
}

describe('a statement that would run for hours', () => {
  test.each([...ENDLESS, ['loops in an expression', NESTED] as const])(
    'ends at its time limit in %s',
    async (_loop, statement) => {
      expect(await codesOf(statement, { timeoutMs: 100 })).toEqual([1080]);
    },
    60_000,
  );

  test.each(ENDLESS)(
    'ends in %s when it is cancelled from outside',
    async (_loop, statement) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 100);
      expect(await codesOf(statement, { signal: controller.signal })).toEqual([1120]);
    },
    60_000,
  );

  test('ends when the rows that it holds pass the memory limit', async () => {
    const statement = `SELECT r FROM ${MILLION} r ORDER BY r DESC`;
    expect(await codesOf(statement, { memoryBytesMax: 10_000_000 })).toEqual([5500]);
  });
});

test('an expression outside of all clauses fails with an error of the engine', async () => {
  const catalog = { keyspace: () => undefined, sequences: new SequenceStore() };
  const run = query('CREATE SEQUENCE a.b.s START WITH $11', { catalog });
  expect(await run.rows()).toEqual([]);
  expect(run.errors).toMatchObject([{ code: 5010, line: 1, column: 34 }]);
});
