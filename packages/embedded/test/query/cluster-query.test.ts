import { EmbeddedCluster, StatementFailure } from '../../src/index.js';

const ENDLESS = 'SELECT a FROM ARRAY_RANGE(0, 1000000) a, ARRAY_RANGE(0, 1000000) b';

let cluster: EmbeddedCluster;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 2,
    buckets: { b: { collections: { s: ['c'] } } },
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      reader: { password: 'password', roles: ['query_select[b:s:c]'] },
    },
  });
  for (let n = 0; n < 10; n++) cluster.bucket('b').put(`k${n}`, { n });
  cluster.bucket('b').put('k', { here: true }, { scope: 's', collection: 'c' });
});

afterAll(() => cluster.stop());

async function failureOf(query: PromiseLike<unknown>): Promise<StatementFailure> {
  try {
    await query;
  } catch (error) {
    if (error instanceof StatementFailure) return error;
    throw error;
  }
  throw new Error('the statement did not fail');
}

test('a statement is awaited for its rows', async () => {
  const { rows, mutationCount, warnings } = await cluster.query<{ n: number }>(
    'SELECT x.n FROM b x WHERE x.n >= $1 ORDER BY x.n',
    { parameters: [8] },
  );
  expect(rows.map(({ n }) => n)).toEqual([8, 9]);
  expect([mutationCount, warnings]).toEqual([0, []]);
});

test('rows are read in a loop', async () => {
  const found: number[] = [];
  for await (const n of cluster.query<number>('SELECT RAW x.n FROM b x ORDER BY x.n LIMIT $count', {
    parameters: { count: 3 },
  })) {
    found.push(n);
  }
  expect(found).toEqual([0, 1, 2]);
});

test('documents are changed, and what other clients see of them', async () => {
  const insert = 'INSERT INTO b.s.c (KEY, VALUE) VALUES ($1, $2) RETURNING RAW META().id';
  const date = new Date(0);
  const { rows, mutationCount } = await cluster.query(insert, { parameters: ['new', { date, big: 2n ** 60n }] });
  expect([rows, mutationCount]).toEqual([['new'], 1]);
  const stored = await cluster.query('SELECT c.* FROM c USE KEYS "new"', { queryContext: 'b.s' });
  expect(stored.rows).toEqual([{ date: '1970-01-01T00:00:00.000Z', big: 2n ** 60n }]);
  expect((await cluster.query('DELETE FROM b.s.c USE KEYS "new"')).mutationCount).toBe(1);
});

test('what fails is told by its code, and all errors are there', async () => {
  const failure = await failureOf(cluster.query('SELECT FROM'));
  expect(failure).toMatchObject({ code: 3000, statement: 'SELECT FROM', errors: [{ code: 3000, line: 1, column: 8 }] });
  const partly = await failureOf(
    cluster.query('INSERT INTO b.s.c (KEY, VALUE) VALUES ("k", 1), ("k2", 2) RETURNING META().id'),
  );
  expect(partly).toMatchObject({ code: 12009, mutationCount: 1, errors: [{ reason: { code: 17012 } }] });
  await cluster.query('DELETE FROM b.s.c USE KEYS "k2"');
});

test('rows before an error are given', async () => {
  const rows: unknown[] = [];
  const read = async (): Promise<void> => {
    const statement = 'SELECT RAW CASE WHEN t = 3 THEN ABORT("x") ELSE t END FROM [1, 2, 3, 4] t';
    for await (const row of cluster.query(statement)) rows.push(row);
  };
  await expect(read()).rejects.toMatchObject({ name: 'StatementFailure', code: 5011 });
  expect(rows).toEqual([1, 2]);
});

test.each([
  [{ readonly: true }, 'DELETE FROM b', 1000],
  [{ timeoutMs: 50 }, ENDLESS.replace('a FROM', 'COUNT(*) FROM'), 1080],
  [{ user: 'reader' }, 'SELECT * FROM b', 13014],
  [{ queryContext: 'a.b.c' }, 'SELECT 1', 10201],
])('with %j, %s fails with %i', async (options, statement, code) => {
  expect((await failureOf(cluster.query(statement, options))).code).toBe(code);
});

test('a user reads what they may', async () => {
  expect((await cluster.query('SELECT RAW x.here FROM b.s.c x', { user: 'reader' })).rows).toEqual([true]);
});

test('a cluster that requires indexes refuses statements that none of them serves', async () => {
  await using strict = await EmbeddedCluster.start({ buckets: ['b'], queries: { indexRequired: true } });
  expect((await failureOf(strict.query('SELECT * FROM b'))).code).toBe(4120);
});

test('a loop that is left ends the statement', async () => {
  for await (const row of cluster.query(ENDLESS)) {
    expect(row).toEqual({ a: 0 });
    break;
  }
  const { rows } = await cluster.query('SELECT RAW r.statement FROM system:active_requests r');
  expect(rows).toEqual(['SELECT RAW r.statement FROM system:active_requests r']);
});

test('a signal ends the statement', async () => {
  const controller = new AbortController();
  const running = failureOf(cluster.query(ENDLESS.replace('a FROM', 'COUNT(*) FROM'), { signal: controller.signal }));
  setImmediate(() => controller.abort());
  expect((await running).code).toBe(1120);
  expect((await failureOf(cluster.query('SELECT 1', { signal: AbortSignal.abort() }))).code).toBe(1120);
});

test('rows belong to the caller', async () => {
  await cluster.query('PREPARE constant AS SELECT RAW {"a": 1}');
  const [row] = (await cluster.query<{ a: number }>('EXECUTE constant')).rows;
  row!.a = 2;
  expect((await cluster.query('EXECUTE constant')).rows).toEqual([{ a: 1 }]);
});

test('rows can be read once, and awaited many times', async () => {
  const query = cluster.query('SELECT RAW 1');
  expect((await query).rows).toBe((await query).rows);
  await expect(query[Symbol.asyncIterator]().next()).rejects.toThrow('the rows of a statement can be read once');
});

test.each([
  [1, {}, 'statement must be a string'],
  ['SELECT 1', { timeout: 1 }, 'query has no option "timeout"'],
  ['SELECT 1', { timeoutMs: 0 }, 'timeoutMs must be a number of milliseconds above 0, not 0'],
  ['SELECT 1', { user: 'nobody' }, 'user: there is no user "nobody"'],
  ['SELECT 1', { parameters: 'x' }, 'parameters must be an array or an object'],
  ['SELECT 1', { parameters: [[Number.NaN]] }, 'parameters[0][0] must be a finite number, not NaN'],
  ['SELECT 1', { parameters: { f: () => 1 } }, 'parameters.f must be something that JSON can express, not a function'],
])('%p with %p is refused', (statement, options, message) => {
  expect(() => cluster.query(statement as string, options as object)).toThrow(message);
});
