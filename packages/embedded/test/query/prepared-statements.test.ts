import { EmbeddedCluster } from '../../src/index.js';
import { HttpClient } from '../http/http-client.js';

let cluster: EmbeddedCluster;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({
    nodes: 2,
    buckets: { b: { collections: { s: ['c'] } } },
    users: {
      Administrator: { password: 'password', roles: ['admin'] },
      reader: { password: 'password', roles: ['query_select[b]'] },
      stranger: { password: 'password', roles: ['data_reader[b]'] },
    },
  });
  cluster.bucket('b').put('k', { n: 1 });
});

afterAll(() => cluster.stop());

function ask(parameters: Record<string, unknown>, { node = 0, user = 'Administrator' } = {}) {
  const client = new HttpClient(cluster.nodes[node]!.ports.n1ql, `${user}:password`);
  return client.postText('/query/service', JSON.stringify(parameters));
}

const codeOf = ({ json }: { json: Record<string, unknown> }): number | undefined =>
  (json['errors'] as { code: number }[] | undefined)?.[0]?.code;

test('what one node prepared is run by every node', async () => {
  await ask({ statement: 'PREPARE shared AS SELECT RAW x.n FROM b AS x USE KEYS $1' });
  for (const node of [0, 1]) {
    const { json } = await ask({ prepared: 'shared', args: ['k'] }, { node });
    expect(json.results).toEqual([1]);
  }
});

test('a user runs what another one prepared with their own rights', async () => {
  await ask({ statement: 'PREPARE mine AS SELECT RAW x.n FROM b AS x USE KEYS "k"' });
  expect((await ask({ prepared: 'mine' }, { user: 'reader' })).json.results).toEqual([1]);
  const refused = await ask({ prepared: 'mine' }, { user: 'stranger' });
  expect([refused.status, codeOf(refused)]).toEqual([401, 13014]);
  expect((await ask({ prepared: 'mine' }, { user: 'reader' })).json.results).toEqual([1]);
});

test('rights that a user has lost are missed at the next run', async () => {
  cluster.users.set('leaver', { password: 'password', roles: ['query_select[b]'] });
  await ask({ statement: 'PREPARE leaving AS SELECT RAW x.n FROM b AS x USE KEYS "k"' });
  expect((await ask({ prepared: 'leaving' }, { user: 'leaver' })).json.results).toEqual([1]);
  cluster.users.set('leaver', { password: 'password', roles: [] });
  expect(codeOf(await ask({ prepared: 'leaving' }, { user: 'leaver' }))).toBe(13014);
});

test('a bucket that was created again is read, not the one before', async () => {
  cluster.createBucket('again').put('k', { n: 'old' });
  await ask({ statement: 'PREPARE again AS SELECT RAW x.n FROM again AS x' });
  expect((await ask({ prepared: 'again' })).json.results).toEqual(['old']);
  cluster.dropBucket('again');
  expect(codeOf(await ask({ prepared: 'again' }))).toBe(12003);
  cluster.createBucket('again').put('k', { n: 'new' });
  expect((await ask({ prepared: 'again' })).json.results).toEqual(['new']);
});

test('a name is found in the context of the request', async () => {
  const context = { query_context: 'default:b.s' };
  await ask({ statement: 'PREPARE here AS SELECT RAW COUNT(*) FROM c', ...context });
  expect((await ask({ prepared: 'here', ...context })).json.results).toEqual([0]);
  expect((await ask({ prepared: 'here' })).json.errors).toEqual([
    { code: 4040, msg: 'No such prepared statement: here, context: unset' },
  ]);
});

test('statements are listed with their uses, and forgotten', async () => {
  await ask({ statement: 'PREPARE listed AS SELECT 1' });
  await ask({ prepared: 'listed' });
  const rows = 'SELECT p.*, META(p).id FROM system:prepareds p WHERE p.name = "listed"';
  const { json } = await ask({ statement: rows });
  expect(json.results).toEqual([
    expect.objectContaining({ statement: 'PREPARE listed AS SELECT 1', uses: 1, namespace: 'default' }),
  ]);
  await ask({ statement: 'DELETE FROM system:prepareds p WHERE p.name = "listed"' });
  expect(codeOf(await ask({ prepared: 'listed' }))).toBe(4040);
});

test.each([true, 'true'])('a PREPARE is run at once with auto_execute %p', async (auto) => {
  const { json } = await ask({ statement: 'PREPARE auto AS SELECT RAW $n', auto_execute: auto, $n: 3 });
  expect(json).toMatchObject({ prepared: 'auto', results: [3] });
});

test('the configuration says that statements can be prepared and run at once', async () => {
  const { ports } = cluster.nodes[0]!;
  const { json } = await new HttpClient(ports.mgmt, 'Administrator:password').get('/pools/default/b/b');
  expect(json.clusterCapabilities.n1ql).toContain('enhancedPreparedStatements');
});
