import { EmbeddedCluster } from '@cb/embedded';
import {
  type Bucket,
  CasMismatchError,
  type CouchbaseError,
  CouchbaseTransientError,
  connect,
  DocumentExistsError,
  FMT_JSON,
  KeyExistsError,
  MutateInSpec,
  TemporaryFailError,
  ValueFormatError,
  type ValueResult,
} from '@cb/promise';

let cluster: EmbeddedCluster;
let bucket: Bucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start();
  const { connectionString, username, password } = cluster;
  bucket = await connect(`${connectionString}/default`, { username, password });
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

async function rejection(promise: Promise<unknown>): Promise<CouchbaseError> {
  return promise.then(
    () => Promise.reject(new Error('it succeeded')),
    (error) => error,
  );
}

describe('a document that exists already', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['insert', () => bucket.insert('there', 1)],
    ['insertMulti', () => bucket.insertMulti({ there: 1 })],
    ['mutateIn with insertDoc', () => bucket.mutateIn('there', [MutateInSpec.upsert('a', 1)], { insertDoc: true })],
    ['insert, durable', () => bucket.insert('there', 1, { persistTo: 1 })],
  ])('is a DocumentExistsError of %s', async (_name, call) => {
    await bucket.upsert('there', {});
    const error = await rejection(call());
    expect(error).toBeInstanceOf(DocumentExistsError);
    expect(error).toBeInstanceOf(KeyExistsError);
    expect(error).not.toBeInstanceOf(CasMismatchError);
    expect([error.code, error.rc, error.status, error.retryable]).toEqual(['document_exists', 0x0c, 0x02, false]);
  });
});

describe('another CAS', () => {
  test.each<[string, (cas: bigint) => Promise<unknown>]>([
    ['upsert', (cas) => bucket.upsert('doc', 1, { cas })],
    ['replace', (cas) => bucket.replace('doc', 1, { cas })],
    ['remove', (cas) => bucket.remove('doc', { cas })],
    ['append', (cas) => bucket.append('doc', ' ', { cas })],
    ['prepend', (cas) => bucket.prepend('doc', ' ', { cas })],
    ['mutateIn', (cas) => bucket.mutateIn('doc', [MutateInSpec.upsert('a', 1)], { cas })],
    ['removeMulti', (cas) => bucket.removeMulti({ doc: cas })],
  ])('is a CasMismatchError of %s', async (_name, call) => {
    await bucket.upsert('doc', {});
    const error = await rejection(call((await bucket.get('doc')).cas + 1n));
    expect(error).toBeInstanceOf(CasMismatchError);
    expect(error).toBeInstanceOf(KeyExistsError);
    expect(error).not.toBeInstanceOf(DocumentExistsError);
    expect(error).not.toBeInstanceOf(TemporaryFailError);
    expect([error.code, error.rc, error.status, error.retryable]).toEqual(['cas_mismatch', 0x0c, 0x02, false]);
  });

  test('is a CasMismatchError of unlock, which is not tried again, and leaves the lock', async () => {
    await bucket.upsert('locked', 1);
    const { cas } = await bucket.lock('locked', { ttl: 30 });
    const error = await rejection(bucket.unlock('locked', { cas: cas + 1n }));
    expect(error).toBeInstanceOf(CasMismatchError);
    expect(error).toBeInstanceOf(KeyExistsError);
    expect(error).toBeInstanceOf(TemporaryFailError);
    expect(error).not.toBeInstanceOf(CouchbaseTransientError);
    expect([error.code, error.status, error.retryable, error.attempts]).toEqual(['cas_mismatch', 0x09, false, 1]);
    const multi = await rejection(bucket.unlockMulti({ locked: cas - 1n }));
    expect(multi).toBeInstanceOf(CasMismatchError);
    await bucket.unlock('locked', { cas });
  });
});

describe('a value that cannot be decoded', () => {
  /** Says that it is JSON, and is not. */
  const broken = {
    encodeValue: () => ({ payload: '{"a":', flags: FMT_JSON, datatype: 0 }),
    decodeValue: () => undefined,
  };

  beforeEach(async () => {
    bucket.transcoder = broken;
    await bucket.upsert('broken', 0).finally(() => {
      bucket.transcoder = undefined;
    });
  });

  test('leaves the CAS of its lock, so that it can be unlocked', async () => {
    const error = await rejection(bucket.lock('broken', { ttl: 30 }));
    expect(error).toBeInstanceOf(ValueFormatError);
    const result = error.result as ValueResult;
    expect(result).toMatchObject({ key: 'broken', success: false, value: undefined, flags: FMT_JSON });
    await bucket.unlock('broken', { cas: result.cas });
    await bucket.upsert('broken', 1);
  });

  test('leaves the CAS of a lock among many', async () => {
    await bucket.upsert('fine', 1);
    const error = await rejection(bucket.lockMulti(['fine', 'broken'], { ttl: 30 }));
    const { failed, succeeded } = error.splitResults() as {
      failed: Map<string, ValueResult>;
      succeeded: Map<string, ValueResult>;
    };
    await bucket.unlock('broken', { cas: failed.get('broken')!.cas });
    await bucket.unlock('fine', { cas: succeeded.get('fine')!.cas });
  });

  test.each<[string, () => Promise<unknown>]>([
    ['get', () => bucket.get('broken')],
    ['get with ttl', () => bucket.get('broken', { ttl: 60 })],
    ['get, many side by side', () => Promise.all(Array.from({ length: 50 }, () => bucket.get('broken')))],
    ['getMulti', () => bucket.getMulti(['broken'])],
  ])('leaves the CAS of %s', async (_name, call) => {
    const error = await rejection(call());
    const { cas } = error.result as ValueResult;
    expect(cas).toBe((await bucket.get('broken', { noFormat: true })).cas);
    await bucket.remove('broken', { cas });
  });
});
