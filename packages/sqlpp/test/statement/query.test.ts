import { type QueryOptions, query } from '../../src/index.js';

const DEEP = 100_000;

test.each([
  [{ keyspace: {} }, 'there is no option keyspace; there are catalog, keyspaces'],
  [{ timeoutMs: 0 }, 'timeoutMs must be a number above 0'],
  [{ timeoutMs: '5s' }, 'timeoutMs must be a number above 0'],
  [{ keyspaces: { a: {} } }, 'keyspaces must be an object of arrays'],
  [{ catalog: {} }, 'catalog must be an object with the method keyspace'],
  [{ positional: { 1: 2 } }, 'positional must be an array'],
  [{ signal: true }, 'signal must be an AbortSignal'],
])('the options %j are refused', (options, message) => {
  expect(() => query('SELECT 1', options as unknown as QueryOptions)).toThrow(TypeError);
  expect(() => query('SELECT 1', options as unknown as QueryOptions)).toThrow(message);
});

test('what is not a string is not a statement', () => {
  expect(() => query(1 as never)).toThrow('statement must be a string');
});

test('a statement needs no options', async () => {
  expect(await query('SELECT 1 AS a').rows()).toEqual([{ a: 1 }]);
});

test.each([
  ['parentheses', `SELECT ${'('.repeat(DEEP)}1${')'.repeat(DEEP)}`],
  ['arrays', `SELECT ${'['.repeat(DEEP)}1${']'.repeat(DEEP)}`],
  ['sums', `SELECT ${'1+'.repeat(DEEP)}1`],
  ['negations', `SELECT ${'NOT '.repeat(DEEP)}true`],
  ['subqueries', `SELECT ${'(SELECT '.repeat(DEEP)}1${')'.repeat(DEEP)}`],
  ['unions', `SELECT 1${' UNION SELECT 1'.repeat(DEEP)}`],
])('too many %s in one another are an error of the statement', async (_what, statement) => {
  const run = query(statement);
  await run.rows();
  expect(run.errors).toEqual([{ code: 5000, msg: 'The statement is nested too deeply.' }]);
});

test('results that were made before one failed are given', async () => {
  const run = query('SELECT CASE WHEN t = 3 THEN ABORT("x") ELSE t END AS t FROM [1, 2, 3, 4] t');
  expect(await run.rows()).toEqual([{ t: 1 }, { t: 2 }]);
  expect(run.status).toBe('fatal');
});

test('INFER describes the documents of a keyspace', async () => {
  const run = query('INFER beers WITH {"sample_size": 2}', {
    keyspaces: { beers: [{ abv: 5 }, { abv: 6 }, { abv: 7 }] },
  });
  expect(await run.rows()).toMatchObject([[{ '#docs': 2, properties: { abv: { type: 'number' } } }]]);
  expect(run.signature).toBe('json');
});

test('INFER of no documents, and with an option that is unknown, says so', async () => {
  const keyspaces = { none: [], docs: [{}] };
  const codesOf = async (statement: string): Promise<unknown[]> => {
    const run = query(statement, { keyspaces });
    await run.rows();
    return run.errors.map(({ code }) => code);
  };
  expect(await codesOf('INFER none')).toEqual([7014]);
  expect(await codesOf('INFER docs WITH {"size": 1}')).toEqual([7000]);
});
