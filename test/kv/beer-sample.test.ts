import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect } from '@cb/promise';
import { readSharedData, sharedData } from '../data/shared-data.js';

interface Entry {
  readonly id: string;
  readonly doc: unknown;
}

const NAME = 'beer-sample.ndjson.gz';
const DOCUMENTS = 7303;
const path = sharedData(NAME);

if (path === undefined) console.warn(`../shared/data/${NAME} is missing: its test is skipped`);

const suite = path !== undefined ? describe : describe.skip;

suite('all of beer-sample', () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;
  let entries: readonly Entry[];

  beforeAll(async () => {
    const lines = readSharedData(path!).toString('utf8').split('\n');
    entries = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
    cluster = await EmbeddedCluster.start({ nodes: 3, buckets: 'beer-sample' });
    const { connectionString, username, password } = cluster;
    bucket = await connect(`${connectionString}/beer-sample`, { username, password });
  });

  afterAll(async () => {
    await bucket.close();
    await cluster.stop();
  });

  test('loads through the Promise bucket, all at once', async () => {
    expect(entries).toHaveLength(DOCUMENTS);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(DOCUMENTS);
    const results = await Promise.all(entries.map(({ id, doc }) => bucket.insert(id, doc)));
    expect(results.every(({ success, cas }) => success && cas > 0n)).toBe(true);
  });

  test('reads back equal', async () => {
    const results = await Promise.all(entries.map(({ id }) => bucket.get(id)));
    for (const [index, { id, doc }] of entries.entries()) {
      expect(results[index]?.key).toBe(id);
      expect(results[index]?.value).toEqual(doc);
    }
  });

  test('lies on all nodes, each document on one', () => {
    const perNode = cluster.bucket('beer-sample').parts.map((part) => part.itemCount());
    expect(perNode.reduce((sum, count) => sum + count)).toBe(DOCUMENTS);
    for (const count of perNode) expect(count).toBeGreaterThan(DOCUMENTS / 6);
  });
});
