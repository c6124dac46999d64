import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, type DesignDocument } from '@cb/promise';
import { readSharedData, sharedData } from '../data/shared-data.js';
import { Recorder } from './recorder.js';

const documentsPath = sharedData('beer-sample.ndjson.gz');
const designsPath = sharedData('beer-sample.designs.json');
const isThere = documentsPath !== undefined && designsPath !== undefined;
if (!isThere) console.warn('../shared/data/beer-sample.* is missing: the tests of its views are skipped');
const suite = isThere ? describe : describe.skip;

const DOCUMENTS = 7303;

suite("the views of beer-sample, as the guide of the Python SDK's Twisted interface shows them", () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;
  let designs: Readonly<Record<string, DesignDocument>>;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start({ nodes: 3, buckets: 'beer-sample' });
    const { connectionString, username, password } = cluster;
    bucket = await connect(`${connectionString}/beer-sample`, { username, password });
    const lines = readSharedData(documentsPath!).toString('utf8').split('\n');
    const entries = lines.filter((line) => line !== '').map((line) => JSON.parse(line));
    await Promise.all(entries.map(({ id, doc }) => bucket.upsert(id, doc)));
    designs = JSON.parse(readSharedData(designsPath!).toString('utf8'));
    for (const [name, design] of Object.entries(designs)) await bucket.designDocuments.upsert(name, design);
    await bucket.designDocuments.waitUntilIndexed('beer');
  });

  afterAll(async () => {
    await bucket.close();
    await cluster.stop();
  });

  test('queryAll gives the five rows', async () => {
    const rows = await bucket.queryAll('beer', 'brewery_beers', { limit: 5 });
    const cafe = '21st_amendment_brewery_cafe';
    const beers = ['21a_ipa', '563_stout', 'amendment_pale_ale', 'bitter_american'];
    expect([...rows].map(({ key, value, docid, doc }) => ({ key, value, docid, doc }))).toEqual([
      { key: [cafe], value: null, docid: cafe, doc: undefined },
      ...beers.map((beer) => ({
        key: [cafe, `${cafe}-${beer}`],
        value: null,
        docid: `${cafe}-${beer}`,
        doc: undefined,
      })),
    ]);
    expect(rows.indexedRows).toBe(DOCUMENTS);
  });

  test('a streaming handler receives all rows, and reads indexedRows', async () => {
    const recorder = bucket.queryEx(Recorder, 'beer', 'brewery_beers');
    await recorder.ended;
    expect(recorder.calls.slice(-2)).toEqual(['rows', 'done']);
    expect([recorder.received, recorder.indexedRows, recorder.rowsReturned]).toEqual([DOCUMENTS, DOCUMENTS, DOCUMENTS]);
    expect(recorder.sizes.length).toBeGreaterThan(1);
    expect(recorder.sizes.length).toBeLessThan(DOCUMENTS / 10);
  });

  test('a loop reads all rows, in the order of their keys', async () => {
    const keys: string[] = [];
    for await (const { key } of bucket.query('beer', 'brewery_beers')) keys.push(JSON.stringify(key));
    expect([keys.length, new Set(keys).size]).toEqual([DOCUMENTS, DOCUMENTS]);
  });

  test('ranges, reduction and documents', async () => {
    const brewery = await bucket.queryAll('beer', 'brewery_beers', {
      mapkeyRange: [['21st_amendment_brewery_cafe'], ['21st_amendment_brewery_cafe', {}]],
      includeDocs: true,
    });
    const [first, ...beers] = [...brewery];
    expect(first?.doc?.value).toMatchObject({ type: 'brewery', name: '21st Amendment Brewery Cafe' });
    expect(beers.length).toBeGreaterThan(5);
    for (const { doc } of beers) expect(doc?.value).toMatchObject({ type: 'beer', brewery_id: first?.docid });

    const [all] = await bucket.queryAll('beer', 'by_location');
    const countries = await bucket.queryAll('beer', 'by_location', { groupLevel: 1 });
    const sum = [...countries].reduce((total, { value }) => total + Number(value), 0);
    expect(all).toMatchObject({ key: null, value: sum });
    expect([...countries].find(({ key }) => (key as string[])[0] === 'United States')?.value).toBeGreaterThan(100);
  });

  test('many queries at once, of every kind', async () => {
    const counts = await Promise.all(
      Array.from({ length: 40 }, async (_none, index) => {
        if (index % 2 === 0) return (await bucket.queryAll('beer', 'brewery_beers', { skip: 7000 })).length;
        let count = 0;
        for await (const batch of bucket.query('beer', 'brewery_beers', { skip: 7000 }).batches())
          count += batch.length;
        return count;
      }),
    );
    expect(counts).toEqual(counts.map(() => DOCUMENTS - 7000));
  });
});
