import { type Catalog, FunctionStore, query, type Value } from '../../src/index.js';

function catalog(): Catalog {
  return { keyspace: () => undefined, functions: new FunctionStore() };
}

async function run(statement: string, on: Catalog): Promise<readonly Value[] | string> {
  const asked = query(statement, { catalog: on });
  const rows = await asked.rows();
  const [error] = asked.errors;
  return error === undefined ? rows : `${error.code} ${error.msg}`;
}

test('parameters hold for the body, and for subqueries in it', async () => {
  const on = catalog();
  await run('CREATE FUNCTION evens(list, n) { ARRAY (x + n) FOR x IN list WHEN x % 2 = 0 END }', on);
  await run('CREATE FUNCTION largest(list) { (SELECT RAW MAX(y) FROM list y)[0] }', on);
  expect(await run('SELECT RAW evens([1, 2, 4], x) FROM [10, 20] x', on)).toEqual([
    [12, 14],
    [22, 24],
  ]);
  expect(await run('SELECT RAW largest(x) FROM [[1, 3], [2], []] x', on)).toEqual([3, 2, null]);
});

test('a function of any number of arguments gets them as an array', async () => {
  const on = catalog();
  await run('CREATE FUNCTION count_args(...) { ARRAY_LENGTH(args) }', on);
  expect(await run('SELECT count_args() AS a, count_args(1, MISSING, "x") AS b', on)).toEqual([{ a: 0, b: 3 }]);
});

test('functions call each other, and one that calls itself without end is stopped', async () => {
  const on = catalog();
  await run('CREATE FUNCTION f(n) { n }', on);
  await run('CREATE OR REPLACE FUNCTION f(n) { CASE WHEN n <= 0 THEN [] ELSE ARRAY_APPEND(f(n - 1), n) END }', on);
  expect(await run('EXECUTE FUNCTION f(3)', on)).toEqual([[1, 2, 3]]);
  expect(await run('EXECUTE FUNCTION f(1000)', on)).toBe("10112 Error executing function 'f': 128 nested calls");
});

test.each([
  ['SELECT f(1)', "5010 Error evaluating projection - cause: Incorrect number of arguments supplied to function 'f'"],
  ['EXECUTE FUNCTION f()', "10104 Incorrect number of arguments supplied to function 'f'"],
  ['EXECUTE FUNCTION nope()', "10101 Function 'nope' not found"],
  ['SELECT nope(1)', '3000 Invalid function nope (resolving to default:nope) (near line 1, column 8)'],
  ['SELECT f(DISTINCT 1)', '3000 Invalid function f (resolving to default:f) (near line 1, column 8)'],
  ['CREATE FUNCTION f(a, b) { 1 }', "10102 Function 'f' already exists"],
  ['CREATE FUNCTION g() { g() }', '3000 Invalid function g (resolving to default:g) (near line 1, column 23)'],
  ['EXECUTE FUNCTION f("[", 1)', "10109 Error executing function 'f' "],
  [
    'CREATE OR REPLACE FUNCTION f() IF NOT EXISTS { 1 }',
    '3000 syntax error - OR REPLACE and IF NOT EXISTS are mutually exclusive (near line 1, column 8)',
  ],
  ['CREATE FUNCTION js() LANGUAGE JAVASCRIPT AS "x"', ''],
])('%s answers %p', async (statement, answer) => {
  const on = catalog();
  await run('CREATE FUNCTION f(a, b) { REGEXP_LIKE("x", a) }', on);
  expect(await run(statement, on)).toEqual(answer === '' ? [] : answer);
});

test('a parameter gives the direction of ORDER BY', async () => {
  const on = catalog();
  await run('CREATE FUNCTION sorted(list, way) { (SELECT RAW x FROM list x ORDER BY x way) }', on);
  expect(await run('SELECT RAW sorted([2, 3, 1], way) FROM ["desc", "asc", 1] way', on)).toEqual([
    [3, 2, 1],
    [1, 2, 3],
    [1, 2, 3],
  ]);
});

test('a body may name its parameters only', async () => {
  expect(await run('CREATE FUNCTION f(a) { a + b }', catalog())).toMatch(/^3000 .*Ambiguous reference to field 'b'/);
});

test('a function that is there stays with IF NOT EXISTS', async () => {
  const on = catalog();
  await run('CREATE FUNCTION f() { 1 }', on);
  await run('CREATE FUNCTION IF NOT EXISTS f() { 2 }', on);
  expect(await run('EXECUTE FUNCTION f()', on)).toEqual([1]);
  await run('CREATE OR REPLACE FUNCTION f() { 3 }', on);
  expect(await run('EXECUTE FUNCTION f()', on)).toEqual([3]);
});

test('a statement that calls functions ends at its timeout', async () => {
  const on = catalog();
  await run('CREATE FUNCTION slow(n) { (SELECT RAW COUNT(*) FROM ARRAY_RANGE(0, n) a, ARRAY_RANGE(0, n) b)[0] }', on);
  const asked = query('EXECUTE FUNCTION slow(1000000)', { catalog: on, timeoutMs: 50 });
  await asked.rows();
  expect(asked.errors).toMatchObject([{ code: 1080 }]);
});

test('without a place for functions, statements about them are refused', async () => {
  expect(await run('CREATE FUNCTION f() { 1 }', { keyspace: () => undefined })).toMatch(/^3230 /);
});
