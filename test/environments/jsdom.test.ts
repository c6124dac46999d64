/**
 * @jest-environment jsdom
 * @jest-environment-options {"customExportConditions": ["node"]}
 */
import { EmbeddedCluster } from '@cb/embedded';
import { connect } from '@cb/promise';

test('client and embedded cluster work in the environment of a browser, whose timers are not those of Node', async () => {
  expect(typeof setTimeout(() => {}, 0)).toBe('number');
  expect(globalThis).toHaveProperty('document');
  const cluster = await EmbeddedCluster.start();
  const { connectionString, username, password } = cluster;
  const bucket = await connect(`${connectionString}/default`, { username, password });
  await bucket.upsert('a', { text: 'é', bytes: 1 });
  expect((await bucket.get('a')).value).toEqual({ text: 'é', bytes: 1 });
  const fault = cluster.faults.add({ key: 'silent', drop: 'request' });
  await expect(bucket.get('silent', { timeout: 100 })).rejects.toMatchObject({ code: 'timeout' });
  const controller = new AbortController();
  const read = bucket.get('silent', { signal: controller.signal });
  controller.abort();
  await expect(read).rejects.toMatchObject({ code: 'cancelled' });
  fault.remove();
  await bucket.designDocuments.upsert('d', { views: { v: { map: 'function (doc, meta) { emit(meta.id, null); }' } } });
  const { rows } = await bucket.queryAll('d', 'v', { stale: false, includeDocs: true });
  expect(rows).toHaveLength(1);
  await bucket.close();
  await cluster.stop();
});
