import { EmbeddedCluster } from '../../src/index.js';
import { HttpClient } from '../http/http-client.js';

async function started(options: { readonly nodes: number; readonly replicas: number }): Promise<EmbeddedCluster> {
  return EmbeddedCluster.start({ nodes: options.nodes, buckets: { b: { replicas: options.replicas } } });
}

function ask({ nodes, username, password }: EmbeddedCluster, parameters: Record<string, unknown>) {
  const client = new HttpClient(nodes[0]!.ports.n1ql, `${username}:${password}`);
  return client.postText('/query/service', JSON.stringify(parameters));
}

test.each(['majority', 'majorityAndPersistActive', 'persistToMajority'])(
  'a statement whose writes are durable is answered when enough nodes have them (%s)',
  async (level) => {
    await using cluster = await started({ nodes: 2, replicas: 1 });
    const durable = { durability_level: level };
    const insert = 'INSERT INTO b (KEY, VALUE) VALUES ("k", {"n": 1}) RETURNING RAW n';
    expect((await ask(cluster, { statement: insert, ...durable })).json).toMatchObject({
      status: 'success',
      results: [1],
      metrics: { mutationCount: 1 },
    });
    await ask(cluster, { statement: 'UPDATE b SET n = 2', ...durable });
    expect((await cluster.query('SELECT RAW n FROM b')).rows).toEqual([2]);
    await ask(cluster, { statement: 'DELETE FROM b', ...durable });
    expect((await cluster.query('SELECT RAW n FROM b')).rows).toEqual([]);
  },
);

test('without enough nodes nothing is written', async () => {
  await using cluster = await started({ nodes: 1, replicas: 1 });
  const statement = 'UPSERT INTO b (KEY, VALUE) VALUES ("k", 1)';
  const { json } = await ask(cluster, { statement, durability_level: 'majority' });
  expect(json).toMatchObject({ status: 'errors', errors: [{ code: 12009, reason: { code: 12034 } }] });
  expect((await cluster.query('SELECT RAW 1 FROM b')).rows).toEqual([]);
});

test('a write that the majority does not get in time is told as an error', async () => {
  await using cluster = await started({ nodes: 2, replicas: 1 });
  cluster.hang(1);
  const keys = Array.from({ length: 8 }, (_, index) => `("k${index}", 1)`).join();
  const { json } = await ask(cluster, {
    statement: `UPSERT INTO b (KEY, VALUE) VALUES ${keys}`,
    durability_level: 'majority',
    kvtimeout: '1500ms',
  });
  cluster.resume(1);
  expect(json.status).toBe('errors');
  expect(json.errors[0]).toMatchObject({ code: 12009, msg: expect.stringMatching(/a durable write on key k\d$/) });
});

test('prepared statements write durably when they are asked to', async () => {
  await using cluster = await started({ nodes: 1, replicas: 1 });
  await ask(cluster, { statement: 'PREPARE put AS UPSERT INTO b (KEY, VALUE) VALUES ("k", 1)' });
  expect((await ask(cluster, { prepared: 'put' })).json.status).toBe('success');
  expect((await ask(cluster, { prepared: 'put', durability_level: 'majority' })).json.status).toBe('errors');
  expect((await ask(cluster, { prepared: 'put' })).json.status).toBe('success');
});
