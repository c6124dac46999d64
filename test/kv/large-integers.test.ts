import { EmbeddedCluster } from '@cb/embedded';
import {
  type Bucket,
  bigIntegerTranscoder,
  connect,
  defaultTranscoder,
  LookupInSpec,
  MutateInSpec,
  prefixScan,
  type Transcoder,
} from '@cb/promise';

const LARGE = 2n ** 60n + 1n;
/** Large integers in every place where they can stand. */
const TEXT = `{"id":${LARGE},"list":[${LARGE}],"small":7}`;

let cluster: EmbeddedCluster;
let bucket: Bucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, replicas: 1, version: '7.6.0-0000' });
  cluster.bucket('default').designs.set('_design/d', {
    views: { v: { map: 'function (doc, meta) { if (doc.id) emit(meta.id, doc.id); }' } },
  });
  const { connectionString, username, password } = cluster;
  bucket = await connect(`${connectionString}/default`, { username, password });
  bucket.transcoder = {
    encodeValue: () => ({ payload: TEXT, flags: 0x02000000, datatype: 1 }),
    decodeValue: () => undefined,
  };
  await bucket.upsert('doc', 0, { durability: 'majority' });
  bucket.transcoder = undefined;
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

afterEach(() => {
  bucket.transcoder = undefined;
});

interface Doc {
  readonly id: unknown;
}

/** Everything that reads the number. */
const READS: Readonly<Record<string, () => Promise<unknown>>> = {
  get: async () => (await bucket.get<Doc>('doc')).value.id,
  getMulti: async () => (await bucket.getMulti<Doc>(['doc'])).get('doc')!.value.id,
  getReplica: async () => (await bucket.getReplica<Doc>('doc')).value.id,
  getAnyReplica: async () => (await bucket.getAnyReplica<Doc>('doc')).value.id,
  scan: async () => {
    for await (const { value } of bucket.scan<Doc>(prefixScan('doc'))) return value.id;
    throw new Error('nothing found');
  },
  randomGet: async () => (await bucket.randomGet<Doc>()).value.id,
  lookupIn: async () => (await bucket.lookupIn('doc', [LookupInSpec.get('id')])).content(0),
  'lookupIn of the document': async () =>
    (await bucket.lookupIn('doc', [LookupInSpec.getDocument<Doc>()])).content(0).id,
  lookupInAllReplicas: async () =>
    (await bucket.lookupInAllReplicas('doc', [LookupInSpec.get('id')])).map((each) => each.content(0)).at(-1),
  retrieveIn: async () => (await bucket.retrieveIn('doc', 'id')).content(0),
  mapGet: async () => (await bucket.mapGet('doc', 'id')).value,
  listGet: async () => {
    await bucket.mutateIn('list', [MutateInSpec.setDocument([LARGE])], { upsertDoc: true });
    const { value } = await bucket.listGet('list', 0).finally(() => bucket.remove('list'));
    return value;
  },
  queuePop: async () => {
    await bucket.mutateIn('queue', [MutateInSpec.setDocument([LARGE])], { upsertDoc: true });
    const { value } = await bucket.queuePop('queue').finally(() => bucket.remove('queue'));
    return value;
  },
  'rows of a view': async () => {
    const { rows } = await bucket.queryAll('d', 'v', { stale: false });
    return rows[0]!.value;
  },
  'rows of a view, as they arrive': async () => {
    for await (const { value } of bucket.query('d', 'v', { stale: false })) return value;
    throw new Error('nothing found');
  },
  'documents of rows': async () => {
    const { rows } = await bucket.queryAll('d', 'v', { stale: false, includeDocs: true });
    return (rows[0]!.doc!.value as Doc).id;
  },
};

describe.each(Object.keys(READS))('%s', (name) => {
  const read = READS[name]!;

  test('gives a large integer as a number by default, of which JSON can be made', async () => {
    expect(await read()).toBe(Number(LARGE));
  });

  test('gives it as a bigint with bigIntegerTranscoder', async () => {
    bucket.transcoder = bigIntegerTranscoder;
    // The view engine is JavaScript itself, and has rounded the number before it stands in a row.
    const isRow = name.startsWith('rows');
    expect(await read()).toBe(isRow ? BigInt(String(Number(LARGE))) : LARGE);
  });
});

test('a transcoder of the application reads parts of documents too', async () => {
  const digits: Transcoder = {
    ...defaultTranscoder,
    decodeValue: (bytes, flags) =>
      flags === 0x02000000 ? bytes.toString() : defaultTranscoder.decodeValue(bytes, flags),
  };
  bucket.transcoder = digits;
  expect((await bucket.get('doc')).value).toBe(TEXT);
  expect((await bucket.retrieveIn('doc', 'id')).content(0)).toBe(String(LARGE));
});

test('a set tells large integers apart, whatever the transcoder', async () => {
  await bucket.setAdd('set', LARGE, { create: true });
  expect((await bucket.setContains('set', LARGE - 1n)).value).toBe(false);
  expect((await bucket.setRemove('set', LARGE - 1n)).value).toBe(false);
  expect((await bucket.setContains('set', LARGE)).value).toBe(true);
  expect((await bucket.setRemove('set', LARGE)).value).toBe(true);
  await bucket.remove('set');
});
