import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { EmbeddedCluster } from '../../src/index.js';
import { HttpClient } from '../http/http-client.js';

const CROSS_JOIN = 'SELECT COUNT(*) FROM ARRAY_RANGE(0, 1000000) a, ARRAY_RANGE(0, 1000000) b';

let cluster: EmbeddedCluster;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 2,
    buckets: { b: { collections: { s: ['c', 'd'] } } },
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      reader: { password: 'password', roles: ['query_select[b:s:c]'] },
      keys: { password: 'password', roles: ['data_reader[b]'] },
    },
  });
  for (let index = 0; index < 1000; index++) cluster.bucket('b').put(`k${index}`, { index });
  cluster.bucket('b').put('in c', { here: true }, { scope: 's', collection: 'c' });
});

afterAll(() => cluster.stop());

function ask(statement: string, more: Record<string, string> = {}, { node = 0, user = 'Administrator' } = {}) {
  const client = new HttpClient(cluster.nodes[node]!.ports.n1ql, user === '' ? undefined : `${user}:password`);
  return client.post('/query/service', { statement, ...more });
}

test.each([0, 1])('node %i selects from the documents of all nodes', async (node) => {
  const { status, json } = await ask('SELECT COUNT(*) AS n, SUM(`index`) AS s FROM b', {}, { node });
  expect([status, json.results]).toEqual([200, [{ n: 1000, s: 499_500 }]]);
});

test('a document is found by its key, with what META tells of it', async () => {
  const { json } = await ask('SELECT META(b).id, META(b).expiration, b.`index` FROM b USE KEYS ["k7", "none"]');
  expect(json.results).toEqual([{ id: 'k7', expiration: 0, index: 7 }]);
});

test.each([
  ['SELECT RAW META(x).id FROM b.s.c AS x', {}],
  ['SELECT RAW META(x).id FROM c AS x', { query_context: 'default:`b`.`s`' }],
] as const)('a collection is named in %s', async (statement, more) => {
  expect((await ask(statement, more)).json.results).toEqual(['in c']);
});

test.each([
  ['SELECT 1 FROM none', 12003, 'Keyspace not found in CB datastore: default:none', 424],
  ['SELECT 1 FROM b.s.none', 12003, 'Keyspace not found in CB datastore: default:b.s.none', 424],
  ['SELECT 1 FROM b.none.c', 12021, 'Scope not found in CB datastore: default:b.none', 500],
  ['SELECT 1 FROM none.s.c', 12020, 'Bucket not found in CB datastore: default:none', 424],
  ['SELECT FROM', 3000, "syntax error - line 1, column 8, near 'SELECT ', at: FROM (reserved word)", 400],
] as const)('%s fails with %i', async (statement, code, msg, status) => {
  const answer = await ask(statement);
  expect(answer.status).toBe(status);
  expect(answer.json).toMatchObject({ status: 'fatal', errors: [{ code, msg }] });
});

test.each([
  ['reader', 'b.s.c', 200],
  ['reader', 'b.s.d', 401],
  ['reader', 'b', 401],
  ['keys', 'b', 401],
  ['', 'b', 401],
] as const)('%s selects from %s: %i', async (user, keyspace, status) => {
  const answer = await ask(`SELECT COUNT(*) FROM ${keyspace}`, {}, { user });
  expect(answer.status).toBe(status);
  if (status === 401) {
    expect(answer.json.errors).toEqual([
      { code: 13014, msg: expect.stringContaining(`query_select on default:${keyspace}`) },
    ]);
  }
});

test('a wrong password is refused', async () => {
  const client = new HttpClient(cluster.nodes[0]!.ports.n1ql, 'Administrator:wrong');
  const { status, json } = await client.post('/query/service', { statement: 'SELECT 1' });
  expect([status, json.errors[0].code]).toEqual([401, 10000]);
});

test('a statement ends at its timeout, and others are answered while it runs', async () => {
  const slow = ask(CROSS_JOIN, { timeout: '300ms' });
  expect((await ask('SELECT RAW 1')).json.results).toEqual([1]);
  expect((await slow).json.errors).toEqual([{ code: 1080, msg: 'Timeout 300ms exceeded', retry: true }]);
});

test('a slow reader gets all rows', async () => {
  const response = await begin('SELECT RAW REPEAT("x", 1000) FROM ARRAY_RANGE(0, 50000) r');
  await new Promise((resolve) => setTimeout(resolve, 100));
  let text = '';
  for await (const chunk of response) text += chunk;
  expect(JSON.parse(text).metrics).toMatchObject({ resultCount: 50_000, resultSize: 50_000 * 1002 });
});

test('a client that leaves ends its statement', async () => {
  const rows = await begin(CROSS_JOIN.replace('COUNT(*)', 'a'));
  rows.destroy();
  // Until the thread is idle; a statement that goes on keeps it busy.
  let busy = 1;
  while (busy > 0.5) {
    const before = performance.eventLoopUtilization();
    await new Promise((resolve) => setTimeout(resolve, 50));
    busy = performance.eventLoopUtilization(before).utilization;
  }
  expect(busy).toBeLessThanOrEqual(0.5);
});

/** Sends a statement, and resolves with the answer when it begins. */
async function begin(statement: string): Promise<IncomingMessage> {
  const port = cluster.nodes[0]!.ports.n1ql;
  const asked = request({ port, path: '/query/service', method: 'POST', auth: 'Administrator:password' });
  const [response] = (await once(asked.end(statement), 'response')) as [IncomingMessage];
  return response;
}

describe('statements that change documents', () => {
  test('insert, change and remove them', async () => {
    const inserted = await ask('INSERT INTO b.s.d (KEY, VALUE) VALUES ("a", {"n": 1}) RETURNING META().id, n');
    expect(inserted.json).toMatchObject({
      status: 'success',
      results: [{ id: 'a', n: 1 }],
      metrics: { mutationCount: 1 },
    });
    expect((await ask('UPDATE b.s.d USE KEYS "a" SET n = n + 1 RETURNING RAW n')).json.results).toEqual([2]);
    expect((await ask('UPSERT INTO b.s.d (KEY, VALUE) VALUES ("a", {"n": 9})')).json.status).toBe('success');
    expect((await ask('DELETE FROM b.s.d WHERE n = 9 RETURNING RAW META().id')).json.results).toEqual(['a']);
    expect((await ask('SELECT RAW 1 FROM b.s.d USE KEYS "a"')).json.results).toEqual([]);
  });

  test('a key that is there is not inserted, and the others are', async () => {
    await ask('UPSERT INTO b.s.d (KEY, VALUE) VALUES ("there", 1)');
    const { status, json } = await ask(
      'INSERT INTO b.s.d (KEY, VALUE) VALUES ("there", 2), ("new", 3) RETURNING RAW META().id',
    );
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: 'errors',
      results: ['new'],
      errors: [{ code: 12009, reason: { code: 17012 } }],
    });
    await ask('DELETE FROM b.s.d');
  });

  test('documents lose their expiration unless it is preserved', async () => {
    const expiry = 'SELECT RAW META(x).expiration FROM b.s.d AS x USE KEYS "e"';
    await ask('UPSERT INTO b.s.d (KEY, VALUE, OPTIONS) VALUES ("e", {"n": 1}, {"expiration": 1000})');
    const [expiration] = (await ask(expiry)).json.results as number[];
    expect(expiration).toBeGreaterThan(Date.now() / 1000);
    await ask('UPDATE b.s.d USE KEYS "e" SET n = 2', { preserve_expiry: true as never });
    expect((await ask(expiry)).json.results).toEqual([expiration]);
    await ask('UPDATE b.s.d USE KEYS "e" SET n = 3');
    expect((await ask(expiry)).json.results).toEqual([0]);
    await ask('DELETE FROM b.s.d');
  });

  test.each([
    ['INSERT INTO b.s.c (KEY, VALUE) VALUES ("x", 1)', 'INSERT'],
    ['UPSERT INTO b.s.c (KEY, VALUE) VALUES ("in c", 1)', 'INSERT'],
    ['UPDATE b.s.c SET here = false', 'UPDATE'],
    ['DELETE FROM b.s.c', 'DELETE'],
  ])('%s needs a role', async (statement, what) => {
    const { json } = await ask(statement, {}, { user: 'reader' });
    expect(json).toMatchObject({ status: 'fatal', errors: [{ code: 13014 }] });
    expect((json.errors as { msg: string }[])[0]!.msg).toContain(
      `credentials to run ${what} queries on the default:b.s.c`,
    );
    expect((await ask('SELECT RAW here FROM b.s.c')).json.results).toEqual([true]);
  });

  test('are refused by a request that only reads', async () => {
    const { status, json } = await ask('DELETE FROM b.s.c', { readonly: true as never });
    expect([status, (json.errors as { code: number }[])[0]!.code]).toEqual([403, 1000]);
  });
});
