import { EmbeddedCluster } from '../../src/index.js';
import { HttpClient } from '../http/http-client.js';

const ENDLESS = 'SELECT COUNT(*) FROM ARRAY_RANGE(0, 1000000) a, ARRAY_RANGE(0, 1000000) b';

let cluster: EmbeddedCluster;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ buckets: ['b'] });
});

afterAll(() => cluster.stop());

function ask(parameters: Record<string, unknown>) {
  const { username, password } = cluster;
  const client = new HttpClient(cluster.nodes[0]!.ports.n1ql, `${username}:${password}`);
  return client.postText('/query/service', JSON.stringify(parameters));
}

/** Asks until there is a row. */
async function firstOf(statement: string): Promise<Record<string, unknown>> {
  for (;;) {
    const [row] = (await ask({ statement })).json.results as Record<string, unknown>[];
    if (row !== undefined) return row;
  }
}

test('a request under way is listed, and ends when its row is deleted', async () => {
  const slow = ask({ statement: ENDLESS, client_context_id: 'slow' });
  const row = await firstOf('SELECT r.* FROM system:active_requests r WHERE r.clientContextID = "slow"');
  expect(row).toMatchObject({ statement: ENDLESS, statementType: 'SELECT', state: 'running', users: cluster.username });
  await ask({ statement: 'DELETE FROM system:active_requests r WHERE r.clientContextID = "slow"' });
  const { json } = await slow;
  expect(json).toMatchObject({ status: 'stopped', errors: [{ code: 1120 }] });
});

test('a request that took long is logged, and can be forgotten', async () => {
  await ask({ statement: ENDLESS, timeout: '1100ms', client_context_id: 'logged', args: [1], $a: 2 });
  await ask({ statement: 'SELECT 1', client_context_id: 'short' });
  const { json } = await ask({ statement: 'SELECT r.* FROM system:completed_requests r' });
  const rows = (json.results as Record<string, unknown>[]).filter(({ clientContextID }) => clientContextID !== 'slow');
  expect(rows).toEqual([
    expect.objectContaining({ clientContextID: 'logged', errorCount: 1, positionalArgs: [1], namedArgs: { $a: 2 } }),
  ]);
  await ask({ statement: 'DELETE FROM system:completed_requests' });
  expect((await ask({ statement: 'SELECT 1 FROM system:completed_requests' })).json.results).toEqual([]);
});

test('controls tell how a request was understood', async () => {
  const { json } = await ask({ statement: 'SELECT $a', $a: 1, controls: true, scan_consistency: 'request_plus' });
  expect(json.controls).toMatchObject({
    namedArgs: { $a: 1 },
    positionalArgs: [],
    scan_consistency: 'scan_plus',
    stmtType: 'SELECT',
  });
});

test('a memory quota is in megabytes', async () => {
  const statement = 'SELECT r FROM ARRAY_RANGE(0, 1000000) r ORDER BY r DESC LIMIT 1 OFFSET 900000';
  expect((await ask({ statement, memory_quota: 1 })).json.errors).toMatchObject([{ code: 5500 }]);
});

test.each(['phases', 'timings'])('a profile tells what took how long (%s)', async (profile) => {
  const { json } = await ask({ statement: 'SELECT COUNT(*) FROM b', profile });
  expect(json.profile).toMatchObject({ phaseTimes: { plan: expect.any(String), run: expect.any(String) } });
  expect((await ask({ statement: 'SELECT COUNT(*) FROM b', profile: 'off' })).json.profile).toBeUndefined();
});
