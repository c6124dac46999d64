import { EmbeddedCluster } from '@cb/embedded';
import {
  ArgumentError,
  type Bucket,
  connect,
  DocumentLockedError,
  DocumentNotJsonError,
  FMT_UTF8,
  LookupInSpec,
  NotFoundError,
  SubdocPathMismatchError,
  SubdocPathNotFoundError,
  ValueFormatError,
} from '@cb/promise';

let cluster: EmbeddedCluster;
let bucket: Bucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2, replicas: 1, version: '7.6.0-0000' });
  const { connectionString, username, password } = cluster;
  bucket = await connect(`${connectionString}/default`, { username, password });
  await bucket.upsert('doc', { a: { b: 1 }, list: [1] }, { durability: 'majority' });
  await bucket.upsert('text', 'no JSON', { format: FMT_UTF8 });
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

const SPECS = [
  LookupInSpec.get<number>('a.b'),
  LookupInSpec.get('a[0]'),
  LookupInSpec.get('none'),
  LookupInSpec.exists('list.x'),
  LookupInSpec.getCount('a.b'),
  LookupInSpec.exists('none'),
  LookupInSpec.exists('a'),
] as const;

describe('errorsPerPath', () => {
  test('gives every path its own outcome', async () => {
    const found = await bucket.lookupIn('doc', SPECS, { errorsPerPath: true });
    const errors = found.entries.map(({ error }) => error?.constructor);
    expect(errors).toEqual([
      undefined,
      SubdocPathMismatchError,
      SubdocPathNotFoundError,
      SubdocPathMismatchError,
      SubdocPathMismatchError,
      undefined,
      undefined,
    ]);
    expect([found.success, found.rc, found.content(0), found.content(5), found.content(6)]).toEqual([
      false,
      0x49,
      1,
      false,
      true,
    ]);
    expect(() => found.content(1)).toThrow(SubdocPathMismatchError);
    expect(found.get(1, 'instead').value).toBe('instead');
    expect(found.entries[1]!.error).toMatchObject({ path: 'a[0]', index: 1, key: 'doc', operation: 'lookupIn' });
  });

  test('gives the error of a document that is not JSON to every path', async () => {
    const found = await bucket.lookupIn('text', [LookupInSpec.get('a'), LookupInSpec.exists('b')], {
      errorsPerPath: true,
    });
    expect(found.entries.map(({ error }) => error?.constructor)).toEqual([DocumentNotJsonError, DocumentNotJsonError]);
    expect(found.cas).toBeGreaterThan(0n);
  });

  test('gives a value that cannot be decoded to its path', async () => {
    bucket.transcoder = {
      encodeValue: () => Promise.reject() as never,
      decodeValue(bytes) {
        if (bytes.toString() === '1') throw new Error('not this one');
        return bytes.toString();
      },
    };
    const specs = [LookupInSpec.get('a.b'), LookupInSpec.get('list')];
    const found = await bucket.lookupIn('doc', specs, { errorsPerPath: true });
    const whole = bucket.lookupIn('doc', specs).catch((reason: unknown) => reason);
    bucket.transcoder = undefined;
    expect(found.entries[0]!.error).toBeInstanceOf(ValueFormatError);
    expect([found.entries[0]!.success, found.content(1)]).toEqual([false, '[1]']);
    expect(await whole).toMatchObject({ code: 'value_format', path: 'a.b', index: 0 });
  });

  test('is an option of reads of replicas too', async () => {
    const any = await bucket.lookupInAnyReplica('doc', SPECS, { errorsPerPath: true });
    const all = await bucket.lookupInAllReplicas('doc', SPECS, { errorsPerPath: true });
    for (const found of [any, ...all]) expect(found.entries[1]!.error).toBeInstanceOf(SubdocPathMismatchError);
  });

  test('leaves a missing document the failure of the call', async () => {
    await expect(bucket.lookupIn('nowhere', SPECS, { errorsPerPath: true })).rejects.toThrow(NotFoundError);
    await expect(bucket.lookupIn('doc', SPECS, { errorsPerPath: 1 as never })).rejects.toThrow(ArgumentError);
  });
});

test('without it, the first path that cannot be read for another reason than being missing is the failure', async () => {
  const error = await bucket.lookupIn('doc', SPECS).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SubdocPathMismatchError);
  expect(error).toMatchObject({ path: 'a[0]', index: 1 });
});

test('an exists that finds nothing is an answer without an error', async () => {
  const found = await bucket.lookupIn('doc', [LookupInSpec.exists('none')]);
  expect([found.entries[0]!.error, found.content(0), found.exists('none'), [...found]]).toEqual([
    undefined,
    false,
    false,
    [false],
  ]);
});

test('parts of a locked document are refused, and get and exists read it', async () => {
  await bucket.upsert('locked', { a: 1 });
  const { cas } = await bucket.lock('locked', { ttl: 30 });
  const call = bucket.retrieveIn('locked', 'a').catch((reason: unknown) => reason);
  expect((await bucket.get('locked', { timeout: 30_000 })).value).toEqual({ a: 1 });
  expect((await bucket.exists('locked', { timeout: 30_000 })).exists).toBe(true);
  expect(await call).toBeInstanceOf(DocumentLockedError);
  await bucket.unlock('locked', { cas });
}, 60_000);
