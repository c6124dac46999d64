import { EmbeddedCluster } from '@cb/embedded';
import {
  type Bucket,
  type CouchbaseError,
  connect,
  defaultTranscoder,
  FMT_BYTES,
  FMT_UTF8,
  Item,
  ItemOptionDict,
  MutateInSpec,
  TooBigError,
} from '@cb/promise';

const MIB = 1024 * 1024;

let cluster: EmbeddedCluster;
let bucket: Bucket;
const bytes = Buffer.alloc(20 * MIB + 1, 'a');
const text = bytes.toString('latin1');
/** 31 MiB of bytes in 15.5 Mi characters. */
const wide = 'ß'.repeat(15.5 * MIB);
const half = 'x'.repeat(16 * MIB);

beforeAll(async () => {
  cluster = await EmbeddedCluster.start();
  const { connectionString, username, password } = cluster;
  bucket = await connect(`${connectionString}/default?enable_compression=true`, {
    username,
    password,
    timeout: 20_000,
  });
  await bucket.upsert('doc', { list: [] });
  await bucket.upsert('text', 'a', { format: FMT_UTF8 });
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

/** Everything that carries a value, with values that are too long. */
const CALLS: Readonly<Record<string, () => Promise<unknown>>> = {
  'upsert of bytes': () => bucket.upsert('doc', bytes, { format: FMT_BYTES }),
  'upsert of text': () => bucket.upsert('doc', wide, { format: FMT_UTF8 }),
  'upsert of JSON, which the quotes make too long': () => bucket.upsert('doc', text.slice(2)),
  insert: () => bucket.insert('fresh', wide),
  replace: () => bucket.replace('doc', wide),
  append: () => bucket.append('text', bytes),
  prepend: () => bucket.prepend('text', wide),
  'one value of mutateIn': () => bucket.mutateIn('doc', [MutateInSpec.upsert('a', wide)]),
  'the values of mutateIn together': () =>
    bucket.mutateIn('doc', [MutateInSpec.upsert('a', half), MutateInSpec.upsert('a', half)]),
  mapAdd: () => bucket.mapAdd('doc', 'a', wide),
  listAppend: () => bucket.listAppend('doc', wide),
  queuePush: () => bucket.queuePush('doc', wide),
  setAdd: () => bucket.setAdd('doc', wide),
  upsertMulti: () => bucket.upsertMulti({ fresh: 1, doc: wide }),
  'an Item': () =>
    bucket.appendItems(new ItemOptionDict([[new Item('text', 'a'), { fragment: wide }]]), { format: FMT_UTF8 }),
  pipeline: () => bucket.pipeline((p) => [p.upsert('fresh', 1), p.upsert('doc', wide)]),
  'a transcoder of the application': () => {
    bucket.transcoder = { ...defaultTranscoder, encodeValue: () => ({ payload: bytes, flags: 0, datatype: 0 }) };
    return bucket.upsert('doc', 1).finally(() => {
      bucket.transcoder = undefined;
    });
  },
};

test.each(Object.keys(CALLS))('%s: refused before anything is sent, and neighbours are not harmed', async (name) => {
  const before = await bucket.get('doc');
  const neighbours = [bucket.upsert('small', 1), bucket.get('text')];
  const error: CouchbaseError = await CALLS[name]!().then(
    () => undefined as never,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(TooBigError);
  expect(error.message).toMatch(/ \d+ bytes long; at most (20971520|31457280) are allowed/);
  expect([error.ambiguous, error.attempts, error.operation === undefined]).toEqual([false, 0, false]);
  await Promise.all([...neighbours, bucket.get('small')]);
  expect((await bucket.get('doc')).cas).toBe(before.cas);
  expect((await bucket.exists('fresh')).exists).toBe(false);
});

test('a value of exactly 20 MiB is stored, and one that only together with the stored one is longer is refused by the server', async () => {
  await bucket.upsert('largest', bytes.subarray(1), { format: FMT_BYTES });
  expect((await bucket.get<Buffer>('largest')).value.length).toBe(20 * MIB);
  await expect(bucket.append('largest', 'a')).rejects.toMatchObject({ code: 'too_big', status: 0x03 });
  await bucket.mutateIn('parts', [MutateInSpec.upsert('a', half), MutateInSpec.upsert('b', text.slice(0, 3 * MIB))], {
    upsertDoc: true,
  });
});
