import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, FMT_JSON, prefixScan, type ScanItem, samplingScan, ValueFormatError } from '@cb/promise';

const COUNT = 40;

let cluster: EmbeddedCluster;
let bucket: Bucket;

/** Of all documents, each fifth says that it is JSON and is not. */
function isBroken(n: number): boolean {
  return n % 5 === 0;
}

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, version: '7.6.0-0000' });
  const { connectionString, username, password } = cluster;
  bucket = await connect(`${connectionString}/default`, { username, password });
  bucket.transcoder = {
    encodeValue: (n) => ({ payload: isBroken(n as number) ? '{"n":' : `{"n":${n}}`, flags: FMT_JSON, datatype: 0 }),
    decodeValue: () => undefined,
  };
  await bucket.upsertMulti(new Map(Array.from({ length: COUNT }, (_none, n) => [`d:${n}`, n])));
  bucket.transcoder = undefined;
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

test.each([
  ['of a prefix', prefixScan('d:')],
  ['at random', samplingScan(COUNT)],
])('a scan %s goes on past documents that cannot be decoded, each with its own error', async (_what, type) => {
  const items: ScanItem[] = [];
  for await (const item of bucket.scan(type, { batchItems: 3 })) items.push(item);
  expect(items.length).toBe(COUNT);
  for (const { key, value, success, rc, cas, flags, error } of items) {
    const n = Number(key.slice(2));
    expect([cas > 0n, flags]).toEqual([true, FMT_JSON]);
    if (isBroken(n)) {
      expect([value, success, rc]).toEqual([undefined, false, -1]);
      expect(error).toBeInstanceOf(ValueFormatError);
      expect(error).toMatchObject({ code: 'value_format', operation: 'scan', key });
      expect(error!.cause).toBeDefined();
    } else {
      expect([value, success, rc, error]).toEqual([{ n }, true, 0, undefined]);
    }
  }
});

test('what could not be decoded can be removed by what the scan has told', async () => {
  for await (const { key, cas, success } of bucket.scan(prefixScan('d:'))) {
    if (!success) await bucket.remove(key, { cas });
  }
  const left: string[] = [];
  for await (const { key } of bucket.scan(prefixScan('d:'), { idsOnly: true })) left.push(key);
  expect(left.length).toBe(COUNT - COUNT / 5);
});
