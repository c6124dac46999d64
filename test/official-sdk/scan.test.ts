import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect } from '@cb/promise';
import { runProgram } from '../peers/program.js';

/**
 * The official SDK scans the embedded cluster. It blocks its thread while it looks up a collection, so that it runs in
 * a process of its own: within this one, the server could not answer.
 */
const program = `
import { connect, PrefixScan, RangeScan, SamplingScan, ScanTerm } from 'couchbase';
const cluster = await connect(input.connectionString, { username: input.username, password: input.password });
const [scope, name] = input.collection;
const collection = cluster.bucket('default').scope(scope).collection(name);
const ids = async (type, options) => (await collection.scan(type, options)).map(({ id }) => id).sort();
const documents = await collection.scan(new PrefixScan('k:1'), {});
console.log(JSON.stringify({
  all: (await ids(new RangeScan())).length,
  range: await ids(new RangeScan(new ScanTerm('k:05'), new ScanTerm('k:08', true)), { idsOnly: true }),
  prefix: documents.map(({ id, content, cas, expiryTime }) => ({ id, content, cas: String(cas), expiryTime })).sort((a, b) => (a.id < b.id ? -1 : 1)),
  batches: (await ids(new PrefixScan('k:'), { batchItemLimit: 1, concurrency: 4 })).length,
  sample: (await ids(new SamplingScan(7))).length,
  none: await ids(new PrefixScan('none')),
}));
await cluster.close();
`;

describe('scans of the official SDK', () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start({ nodes: 2, buckets: { default: { collections: { s: ['c'] } } } });
    const { username, password } = cluster;
    bucket = await connect(`${cluster.connectionString}/default`, { username, password });
  });

  afterAll(async () => {
    await bucket.close();
    await cluster.stop();
  });

  test.each([
    ['_default', '_default'],
    ['s', 'c'],
  ])('see what our SDK wrote to %s.%s', async (scope, name) => {
    const collection = bucket.scope(scope).collection(name);
    const text = 'compressible '.repeat(50);
    const written = new Map<string, bigint>();
    for (let index = 0; index < 20; index++) {
      const key = `k:${String(index).padStart(2, '0')}`;
      written.set(key, (await collection.upsert(key, { index, text })).cas);
    }
    const { connectionString, username, password } = cluster;
    const input = { connectionString, username, password, collection: [scope, name] };
    const { stdout, stderr, exitCode } = await runProgram(program, input);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const seen = JSON.parse(stdout);
    expect(seen).toMatchObject({ all: 20, range: ['k:05', 'k:06', 'k:07'], batches: 20, sample: 7, none: [] });
    expect(seen.prefix).toEqual(
      Array.from({ length: 10 }, (_none, index) => ({
        id: `k:1${index}`,
        content: { index: 10 + index, text },
        cas: String(written.get(`k:1${index}`)),
        expiryTime: 0,
      })),
    );
  });
});
