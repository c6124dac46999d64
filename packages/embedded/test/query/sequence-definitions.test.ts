import { EmbeddedCluster } from '../../src/index.js';
import { QueryClient } from './query-client.js';

let cluster: EmbeddedCluster;
let client: QueryClient;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 2,
    buckets: { b: { collections: { s: ['c'], t: [] } } },
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      reader: { password: 'password', roles: ['query_select[b]'] },
      drawer: { password: 'password', roles: ['query_use_sequences[b:s]'] },
    },
  });
  client = new QueryClient(cluster);
});

afterAll(() => cluster.stop());

test('values are drawn over all requests, one for a row', async () => {
  await client.rows('CREATE SEQUENCE b.s.one START WITH 5 INCREMENT BY 2');
  const draw = 'SELECT NEXTVAL FOR b.s.one AS a, NEXT VALUE FOR b.s.one AS b, PREVVAL FOR b.s.one AS c';
  expect(await client.rows(draw)).toEqual([{ a: 5, b: 5, c: 5 }]);
  expect(await client.rows(draw)).toEqual([{ a: 7, b: 7, c: 7 }]);
  expect(await client.rows('SELECT RAW NEXTVAL FOR one FROM [1, 2, 3] x', { query_context: 'default:b.s' })).toEqual([
    9, 11, 13,
  ]);
  expect(await client.rows('SELECT RAW PREV VALUE FOR b.s.one')).toEqual([13]);
});

test('documents that are inserted get keys from a sequence', async () => {
  await client.rows('CREATE SEQUENCE b.s.ids');
  const statement =
    'INSERT INTO b.s.c VALUES (TO_STRING(NEXTVAL FOR b.s.ids), {"n": NEXTVAL FOR b.s.ids}), ' +
    '(TO_STRING(NEXTVAL FOR b.s.ids), {"n": PREVVAL FOR b.s.ids}) RETURNING META().id, n';
  expect(await client.rows(statement)).toEqual([
    { id: '0', n: 0 },
    { id: '1', n: 1 },
  ]);
});

test('the system tells of sequences', async () => {
  await client.rows('CREATE SEQUENCE b.t.told WITH {"start": 10, "increment": -1, "cache": 20, "max": 10}');
  await client.rows('SELECT NEXTVAL FOR b.t.told');
  const rows = await client.rows('SELECT RAW q FROM system:sequences q WHERE name = "told"');
  expect(rows).toEqual([
    {
      bucket: 'b',
      cache: 20,
      cycle: false,
      increment: -1,
      max: 10,
      min: Number(-(2n ** 63n)),
      name: 'told',
      namespace: 'default',
      namespace_id: 'default',
      path: '`default`:`b`.`t`.`told`',
      scope_id: 't',
      value: { [cluster.uuid]: 10, '~next_block': -10 },
    },
  ]);
  expect(await client.rows('SELECT * FROM system:sequences', { user: 'reader' })).toEqual([]);
});

test.each([
  ['CREATE SEQUENCE b.none.q', '12021 Scope not found in CB datastore: default:b.none'],
  ['DROP SEQUENCE b.s.none', "19106 Sequence 'default:b.s.none' not found"],
  ['ALTER SEQUENCE b.s.none NO CYCLE', "19106 Sequence 'default:b.s.none' not found"],
  ['CREATE SEQUENCE b.s.q MAXVALUE 1 MINVALUE 5', "19101 Create failed for sequence 'default:b.s.q'"],
  ['CREATE SEQUENCE b.s.q CACHE 0', "19101 Create failed for sequence 'default:b.s.q'"],
  ['CREATE SEQUENCE b.s.q WITH {"restart": 1}', "19101 Create failed for sequence 'default:b.s.q'"],
  ['CREATE SEQUENCE b.s.q START WITH "x"', "19101 Create failed for sequence 'default:b.s.q'"],
  ['CREATE SEQUENCE q', '3000 Invalid sequence name (near line 1, column 17)'],
  ['CREATE SEQUENCE b.q', "19113 Invalid sequence name 'default:b.q'"],
  ['SELECT NEXTVAL FOR b.s.none', "5010 Error evaluating projection - cause: Sequence 'default:b.s.none' not found"],
  [
    'SELECT NEXTVAL FOR q',
    "19116 Sequence name resolves to 'default:q' - check query_context? (near line 1, column 8)",
  ],
  [
    'SELECT NEXTVAL FOR b.s.q.x',
    "19116 Sequence name resolves to 'default:b.s.q.x' - check query_context? (near line 1, column 8)",
  ],
  ['SELECT 1 FROM [1] x WHERE x = NEXTVAL FOR b.s.one', '3100 Sequence operations are not allowed in WHERE/ON clauses'],
])('%s fails', async (statement, error) => {
  expect(await client.error(statement)).toBe(error);
});

test('a sequence that is there already stays, and one that is not need not be dropped', async () => {
  await client.rows('CREATE SEQUENCE b.s.twice START WITH 3');
  expect(await client.error('CREATE SEQUENCE b.s.twice')).toBe("19108 Sequence 'default:b.s.twice' already exists");
  await client.rows('CREATE SEQUENCE IF NOT EXISTS b.s.twice START WITH 9');
  expect(await client.rows('SELECT RAW NEXTVAL FOR b.s.twice')).toEqual([3]);
  await client.rows('DROP SEQUENCE b.s.twice');
  await client.rows('DROP SEQUENCE b.s.twice IF EXISTS');
});

test('a scope takes its sequences with it', async () => {
  await client.rows('CREATE SCOPE b.gone');
  await client.rows('CREATE SEQUENCE b.gone.q');
  await client.rows('DROP SCOPE b.gone');
  await client.rows('CREATE SCOPE b.gone');
  expect(await client.error('DROP SEQUENCE b.gone.q')).toBe("19106 Sequence 'default:b.gone.q' not found");
});

test('roles allow to define and to use sequences, and requests for reading use none', async () => {
  await client.rows('CREATE SEQUENCE b.s.guarded');
  expect(await client.rows('SELECT RAW NEXTVAL FOR b.s.guarded', { user: 'drawer' })).toEqual([0]);
  expect(await client.error('DROP SEQUENCE b.s.guarded', { user: 'drawer' })).toMatch(
    /^13014 .*manage sequences\. Add role query_manage_sequences on default:b\.s /,
  );
  expect(await client.error('SELECT NEXTVAL FOR b.s.guarded', { user: 'reader' })).toMatch(/^13014 .*use sequences/);
  expect(await client.error('SELECT NEXTVAL FOR b.s.guarded', { readonly: 'true' })).toBe(
    '5010 Error evaluating projection - cause: Sequences cannot be used in read-only requests',
  );
});

test('a small cache and a value that was not drawn are warned of', async () => {
  const created = await client.ask('CREATE SEQUENCE b.s.small CACHE 5');
  expect(created.json.warnings).toEqual([{ code: 19115, msg: 'Cache size (5) below recommended minimum' }]);
  const { json } = await client.ask('SELECT PREVVAL FOR b.s.small AS v');
  expect(json.results).toEqual([{}]);
  expect(json.warnings).toMatchObject([{ code: 19118 }]);
});
