import { EmbeddedCluster } from '../../src/index.js';
import { HttpClient } from '../http/http-client.js';
import { QueryClient } from './query-client.js';

let cluster: EmbeddedCluster;
let client: QueryClient;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 2,
    buckets: { b: { collections: { s: ['c'] } } },
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      reader: { password: 'password', roles: ['query_select[b]'] },
      caller: { password: 'password', roles: ['query_execute_global_functions', 'query_execute_functions[b:s]'] },
    },
  });
  client = new QueryClient(cluster);
  for (const n of [1, 2, 3]) cluster.bucket('b').put(`k${n}`, { n }, { scope: 's', collection: 'c' });
});

afterAll(() => cluster.stop());

test('functions of the cluster and of a scope are called in expressions', async () => {
  await client.rows('CREATE FUNCTION plus(a, b) { a + b }');
  await client.rows('CREATE FUNCTION b.s.plus(a, b) LANGUAGE INLINE AS a * b');
  expect(await client.rows('SELECT plus(2, 3) AS x, default:plus(4, 5) AS y, b.s.plus(4, 5) AS z')).toEqual([
    { x: 5, y: 9, z: 20 },
  ]);
  expect(await client.rows('SELECT RAW plus(2, 3)', { query_context: 'default:b.s' })).toEqual([6]);
  expect(await client.rows('EXECUTE FUNCTION plus(1, 1)')).toEqual([2]);
});

test('the body has subqueries, which see the parameters and the scope of the function', async () => {
  await client.rows('CREATE FUNCTION b.s.above(low) { (SELECT RAW n FROM c WHERE n > low ORDER BY n) }');
  expect(await client.rows('SELECT RAW b.s.above(x) FROM [1, 2, 0] x')).toEqual([[2, 3], [3], [1, 2, 3]]);
});

test('JavaScript runs in the sandbox', async () => {
  const code =
    'function total(list, factor) { const step = (sum, n) => sum + n * factor; return list.reduce(step, 0); }';
  await client.rows(`CREATE FUNCTION total(list, factor) LANGUAGE JAVASCRIPT AS "${code}"`);
  expect(await client.rows('SELECT RAW total([1, 2, x], 10) FROM [3, 4] x')).toEqual([60, 70]);
  expect(await client.rows('EXECUTE FUNCTION total([], 1)')).toEqual([0]);
  await client.rows('CREATE FUNCTION env() LANGUAGE JAVASCRIPT AS "function env() { return typeof process; }"');
  expect(await client.rows('SELECT RAW env()')).toEqual(['undefined']);
});

test('JavaScript that throws, is not there or does not end fails, and others go on', async () => {
  const define = (name: string, code: string) =>
    client.rows(`CREATE OR REPLACE FUNCTION ${name}(...) LANGUAGE JAVASCRIPT AS "${code}"`);
  await define('throws', "function throws(x) { throw new Error('no ' + x); }");
  const thrown = await client.ask('EXECUTE FUNCTION throws(7)');
  expect(thrown.json.errors).toMatchObject([
    { code: 10109, msg: "Error executing function 'throws' ", reason: { details: { Exception: 'Error: no 7' } } },
  ]);
  await define('absent', 'function other() { return 1; }');
  expect(await client.error('SELECT absent()')).toMatch(/^5010 .*Error executing function 'absent'/);
  await define('endless', 'function endless() { for (;;); }');
  expect((await client.ask('EXECUTE FUNCTION endless()')).json.errors).toMatchObject([
    { code: 10109, reason: { details: { Exception: 'timeout' } } },
  ]);
  expect((await client.ask('EXECUTE FUNCTION endless()', { timeout: '100ms' })).json.errors).toMatchObject([
    { code: 1080 },
  ]);
  await define('greedy', 'function greedy() { const all = []; for (;;) all.push(new Array(10000).fill(1)); }');
  expect((await client.ask('EXECUTE FUNCTION greedy()')).json.errors).toMatchObject([{ code: 10109 }]);
  await define('fine', 'function fine(x) { return [x]; }');
  expect(await client.rows('EXECUTE FUNCTION fine("a")')).toEqual([['a']]);
});

test('functions are in libraries of the cluster, and of their scope', async () => {
  const port = cluster.nodes[1]!.ports.n1ql;
  const http = new HttpClient(port, 'Administrator:password');
  const path = '/evaluator/v1/libraries/math';
  expect((await http.postText(path, 'function add(a, b) { return a + b; }')).json).toEqual({ status: 'OK' });
  await http.postText(`${path}?bucket=b&scope=s`, 'function add(a, b) { return a * b; }');
  await client.rows('CREATE FUNCTION adds(a, b) LANGUAGE JAVASCRIPT AS "add" AT "math"');
  await client.rows('CREATE FUNCTION b.s.adds(a, b) LANGUAGE JAVASCRIPT AS "add" AT "./math"');
  expect(await client.rows('SELECT adds(3, 4) AS a, b.s.adds(3, 4) AS s')).toEqual([{ a: 7, s: 12 }]);
  await http.postText(path, 'function add(a, b) { return [a, b]; }');
  expect(await client.rows('EXECUTE FUNCTION adds(3, 4)')).toEqual([[3, 4]]);
  expect((await http.get('/evaluator/v1/libraries')).json).toHaveLength(2);
  expect((await http.delete(path)).status).toBe(200);
  expect((await http.get(path)).status).toBe(404);
  expect((await client.ask('EXECUTE FUNCTION adds(3, 4)')).json.errors).toMatchObject([
    { code: 10109, reason: { details: { Exception: 'there is no library math' } } },
  ]);
  const reader = new HttpClient(port, 'reader:password');
  expect((await reader.postText(path, 'x')).status).toBe(403);
});

test('the system tells of functions', async () => {
  await client.rows('CREATE FUNCTION told(a) { a || "!" }');
  expect(await client.rows('SELECT RAW f FROM system:functions f WHERE identity.name = "told"')).toEqual([
    {
      definition: { '#language': 'inline', expression: '(`a` || "!")', parameters: ['a'], text: 'a || "!"' },
      identity: { name: 'told', namespace: 'default', type: 'global' },
    },
  ]);
  expect(await client.rows('SELECT * FROM system:functions', { user: 'reader' })).toEqual([]);
});

test('calls of functions are counted', async () => {
  await client.rows('CREATE FUNCTION counted() { 1 }');
  await client.rows('SELECT counted() FROM [1, 2, 3] x');
  const uses = 'SELECT RAW uses FROM system:functions_cache WHERE name = "counted"';
  expect(await client.rows(uses)).toEqual([3]);
  await client.rows('DELETE FROM system:functions_cache WHERE name = "counted"');
  expect(await client.rows(uses)).toEqual([]);
});

test('functions are dropped, and with their scope', async () => {
  await client.rows('CREATE SCOPE b.gone');
  await client.rows('CREATE FUNCTION b.gone.f() { 1 }');
  await client.rows('DROP SCOPE b.gone');
  await client.rows('CREATE SCOPE b.gone');
  expect(await client.error('SELECT b.gone.f()')).toMatch(/^3000 Invalid function b\.gone\.f /);
  await client.rows('CREATE FUNCTION once() { 1 }');
  await client.rows('DROP FUNCTION once');
  expect(await client.error('DROP FUNCTION once')).toBe("10101 Function 'once' not found");
  await client.rows('DROP FUNCTION once IF EXISTS');
});

test.each([
  [
    'SELECT none.s.f()',
    "3000 Invalid function name 'default:none.s.f' - cause: Bucket not found in CB datastore: default:none (near line 1, column 8).",
  ],
  ['CREATE FUNCTION b.none.f() { 1 }', '12021 Scope not found in CB datastore: default:b.none'],
  [
    'CREATE FUNCTION lib() LANGUAGE JAVASCRIPT AS "f" AT "b/s/lib"',
    "10114 Invalid javascript library path: b/s/lib. Use a root level path, the same path as the function scope, or a local path ('./library')",
  ],
])('%s fails', async (statement, error) => {
  expect(await client.error(statement)).toBe(error);
});

test('roles allow to define and to call functions', async () => {
  await client.rows('CREATE FUNCTION guarded() { 7 }');
  await client.rows('CREATE FUNCTION b.s.guarded() { 8 }');
  expect(await client.rows('SELECT guarded() AS g, b.s.guarded() AS s', { user: 'caller' })).toEqual([{ g: 7, s: 8 }]);
  expect(await client.error('SELECT guarded()', { user: 'reader' })).toMatch(
    /^13014 .*execute global functions\. Add role query_execute_global_functions to/,
  );
  expect(await client.error('DROP FUNCTION b.s.guarded', { user: 'caller' })).toMatch(
    /^13014 .*manage scope functions\. Add role query_manage_functions on default:b\.s /,
  );
  expect((await client.ask('CREATE FUNCTION f() { 1 }', { readonly: 'true' })).status).toBe(403);
});

test('a function reads what the user of the request may read', async () => {
  await client.rows('CREATE FUNCTION b.s.readers() { (SELECT RAW n FROM b.s.c) }');
  expect(await client.error('SELECT b.s.readers()', { user: 'caller' })).toMatch(/^13014 .*SELECT queries/);
});
