import { EmbeddedCluster } from '@cb/embedded';
import { Bucket, connect } from '@cb/promise';
import { ArgumentError, DesignDocumentNotFoundError, HttpError, ViewNotFoundError } from '@cb/protocol';
import { json, ServiceBed } from './service-bed.js';

const byIndex = { views: { by_index: { map: 'function (doc) { emit(doc.index, null); }', reduce: '_count' } } };

/** Many for so few vbuckets: development takes a part of them. */
const DOCUMENTS = 400;

let cluster: EmbeddedCluster;
let bucket: Bucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, vbuckets: 4 });
  const documents = cluster.bucket('default');
  for (let index = 0; index < DOCUMENTS; index++) documents.put(`document-${index}`, { index });
  const { connectionString, username, password } = cluster;
  bucket = await connect(`${connectionString}/default`, { username, password });
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

afterEach(async () => {
  for (const { name } of await bucket.designDocuments.list()) await bucket.designDocuments.remove(name);
});

test('written, read, listed and removed', async () => {
  const designs = bucket.designDocuments;
  await expect(designs.list()).resolves.toEqual([]);
  await designs.upsert('first', byIndex);
  await designs.upsert('second', byIndex, { useDevmode: true });
  await expect(designs.get('first')).resolves.toMatchObject(byIndex);
  await expect(designs.get('second', { useDevmode: true })).resolves.toMatchObject(byIndex);
  await expect(designs.get('dev_second')).resolves.toMatchObject(byIndex);
  const listed = await designs.list();
  expect(listed.map(({ name, document }) => [name, Object.keys(document.views ?? {})])).toEqual([
    ['dev_second', ['by_index']],
    ['first', ['by_index']],
  ]);
  expect(listed.every(({ rev }) => /^1-/.test(rev))).toBe(true);
  await designs.remove('first');
  await expect(designs.get('first')).rejects.toThrow(DesignDocumentNotFoundError);
});

test('published out of development', async () => {
  const designs = bucket.designDocuments;
  await designs.upsert('d', byIndex, { useDevmode: true });
  await expect(bucket.queryAll('d', 'by_index')).rejects.toThrow(ViewNotFoundError);
  await designs.publish('d');
  await designs.waitUntilIndexed('d');
  const rows = await bucket.queryAll('d', 'by_index', { stale: 'ok' });
  expect([...rows]).toMatchObject([{ key: null, value: DOCUMENTS }]);
  expect((await designs.list()).map(({ name }) => name)).toEqual(['d', 'dev_d']);
});

test('in development over a part of the documents, or all', async () => {
  const designs = bucket.designDocuments;
  await designs.upsert('d', byIndex, { useDevmode: true });
  await designs.waitUntilIndexed('d', { useDevmode: true, fullSet: true });
  const all = await bucket.queryAll('d', 'by_index', { useDevmode: true, fullSet: true, reduce: false });
  expect(all.length).toBe(DOCUMENTS);
  const part = await bucket.queryAll('d', 'by_index', { useDevmode: true, stale: false, reduce: false });
  expect(part.length).toBeLessThan(DOCUMENTS);
});

test('what is not there', async () => {
  const designs = bucket.designDocuments;
  for (const call of [
    designs.get('none'),
    designs.remove('none'),
    designs.publish('none'),
    designs.waitUntilIndexed('none'),
  ]) {
    const error: unknown = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DesignDocumentNotFoundError);
    expect((error as Error).message).toMatch(/^design document (dev_)?none does not exist: /);
  }
});

test('what the server does not take', async () => {
  const error: unknown = await bucket.designDocuments
    .upsert('d', { views: { v: { map: 7 as never } } })
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(HttpError);
  expect(error).toMatchObject({ status: 400, context: expect.stringMatching(/./) });
});

test('misuse rejects', async () => {
  const designs = bucket.designDocuments;
  await expect(designs.get('')).rejects.toThrow('name must be a string that is not empty');
  await expect(designs.upsert('d', [] as never)).rejects.toThrow('a design document must be an object');
  await expect(designs.upsert('d', { views: { v: { map: 1n as never } } })).rejects.toThrow(ArgumentError);
  await expect(designs.list({ useDevmode: true } as never)).rejects.toThrow('list has no option "useDevmode"');
  await expect(designs.get('d', { timeout: -1 })).rejects.toThrow('timeout must be a number of milliseconds');
});

test('what was begun is waited for by close', async () => {
  const { connectionString, username, password } = cluster;
  const closing = await connect(`${connectionString}/default`, { username, password });
  const stored = closing.designDocuments.upsert('last', byIndex);
  const listed = closing.designDocuments.list();
  await closing.close();
  await Promise.all([stored, listed]);
  await expect(bucket.designDocuments.get('last')).resolves.toMatchObject(byIndex);
});

test('an index that is not done in time is named', async () => {
  await using bed = await ServiceBed.start({
    script: (response, { url }) => {
      if (!url.includes('_view')) json(response, { views: { slow: { map: 'function () {}' } } });
    },
  });
  await using silent = new Bucket(bed.connectionString);
  await expect(silent.designDocuments.waitUntilIndexed('d', { timeout: 200 })).rejects.toThrow(
    /^view d\/slow did not end within \d+ ms/,
  );
});
