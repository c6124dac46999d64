import { EmbeddedCluster, type FaultRule } from '../../src/index.js';
import { HttpClient } from '../http/http-client.js';

let cluster: EmbeddedCluster;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, buckets: ['b'] });
});

afterEach(() => cluster.faults.clear());

afterAll(() => cluster.stop());

function ask(parameters: Record<string, unknown>, node = 0) {
  const { username, password } = cluster;
  const client = new HttpClient(cluster.nodes[node]!.ports.n1ql, `${username}:${password}`);
  return client.postText('/query/service', JSON.stringify(parameters));
}

test('errors are answered in the form of the service, and the statement is not run', async () => {
  const errors = [
    { code: 4040, msg: 'No such prepared statement: p' },
    { code: 1080, retry: true },
  ];
  const fault = cluster.faults.add({ statement: /^INSERT/, errors, times: 1 });
  const statement = 'INSERT INTO b (KEY, VALUE) VALUES ("once", 1)';
  const { status, json } = await ask({ statement, client_context_id: 'me' });
  expect(status).toBe(404);
  expect(json).toMatchObject({
    clientContextID: 'me',
    status: 'fatal',
    errors: [errors[0], { code: 1080, msg: 'Injected fault', retry: true }],
    metrics: { errorCount: 2 },
  });
  expect((await ask({ statement })).json.status).toBe('success');
  expect(fault.hits).toBe(1);
});

test('statements are met by their text or by the name of a prepared one, at one node', async () => {
  await ask({ statement: 'PREPARE named AS SELECT 1' });
  const fault = cluster.faults.add({ node: 1, statement: 'named', errors: [{ code: 4050 }] });
  expect((await ask({ prepared: 'named' }, 0)).status).toBe(200);
  expect((await ask({ statement: 'SELECT 1' }, 1)).status).toBe(200);
  expect((await ask({ prepared: 'named' }, 1)).json.errors[0].code).toBe(4050);
  expect(fault.hits).toBe(1);
});

test('an answer of the rule has a status and a body of any form', async () => {
  cluster.faults.add({ service: 'query', answer: { status: 503, body: 'busy' } });
  const { status, text } = await ask({ statement: 'SELECT 1' });
  expect([status, text]).toEqual([503, 'busy']);
});

test('rows end in the middle', async () => {
  cluster.faults.add({ service: 'query', reset: 100 });
  await expect(ask({ statement: 'SELECT RAW r FROM ARRAY_RANGE(0, 1000) r' })).rejects.toThrow();
});

test('a request is delayed, and its answer cut into pieces', async () => {
  const fault = cluster.faults.add({ service: 'query', delay: 5, split: 7 });
  expect((await ask({ statement: 'SELECT RAW 1' })).json.results).toEqual([1]);
  expect(fault.hits).toBe(1);
});

test('a statement whose answer is lost is carried out', async () => {
  cluster.faults.add({ service: 'query', drop: 'answer', times: 1 });
  const { ports } = cluster.nodes[0]!;
  const leave = new AbortController();
  const asked = fetch(`http://127.0.0.1:${ports.n1ql}/query/service`, {
    method: 'POST',
    body: new URLSearchParams({ statement: 'INSERT INTO b (KEY, VALUE) VALUES ("lost", 1)' }),
    headers: { authorization: `Basic ${Buffer.from(`${cluster.username}:${cluster.password}`).toString('base64')}` },
    signal: leave.signal,
  });
  while ((await cluster.query('SELECT RAW 1 FROM b USE KEYS "lost"')).rows.length === 0);
  leave.abort();
  await expect(asked).rejects.toThrow();
});

test('a request that is dropped is not run', async () => {
  const fault = cluster.faults.add({ service: 'query', drop: 'request', times: 1 });
  const leave = new AbortController();
  const asked = fetch(`http://127.0.0.1:${cluster.nodes[0]!.ports.n1ql}/query/service?statement=SELECT%201`, {
    signal: leave.signal,
  });
  while (fault.hits === 0) await new Promise((resolve) => setImmediate(resolve));
  leave.abort();
  await expect(asked).rejects.toThrow();
  expect((await ask({ statement: 'SELECT 1' })).status).toBe(200);
});

test('statements that are run in the process, and other services, are not met', async () => {
  const fault = cluster.faults.add({ service: 'query', errors: [{ code: 5000 }] });
  expect((await cluster.query('SELECT RAW 1')).rows).toEqual([1]);
  const { username, password } = cluster;
  await new HttpClient(cluster.nodes[0]!.ports.mgmt, `${username}:${password}`).get('/pools');
  expect(fault.hits).toBe(0);
});

test.each([
  [{ service: 'kv', statement: 'x', drop: 'answer' }, 'statement has no meaning for the service kv'],
  [{ path: '/x', errors: [{ code: 1080 }] }, 'path has no meaning for the service query'],
  [{ service: 'http', errors: [{ code: 1080 }] }, 'errors has no meaning for the service http'],
  [{ service: 'query', key: 'k', drop: 'answer' }, 'key has no meaning for the service query'],
  [{ errors: [] }, 'errors must be a list of at least one'],
  [{ errors: [{ code: 5 }] }, 'errors[0].code must be an integer from 1000 to 65535, not 5'],
  [{ errors: [{ msg: 'x' }] }, 'errors[0].code is missing'],
  [{ errors: [{ code: 1080, message: 'x' }] }, 'errors[0] has no option "message"'],
  [{ service: 'views', drop: 'answer' }, 'service must be one of kv, http, query, not "views"'],
])('the rule %j is refused', (rule, message) => {
  expect(() => cluster.faults.add(rule as unknown as FaultRule)).toThrow(message);
});
