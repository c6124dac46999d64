import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { EmbeddedCluster } from '@cb/embedded';
import {
  ArgumentError,
  type Bucket,
  bigIntegerTranscoder,
  type CouchbaseError,
  connect,
  Item,
  ItemSequence,
  KeyExistsError,
  LookupInSpec,
  MutateInSpec,
  MutationState,
  type OperationResult,
  prefixScan,
  TimeoutError,
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

function posted<T>(value: T): T {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(value);
  const { message } = receiveMessageOnPort(port2) as { message: T };
  port1.close();
  return message;
}

/** How results get from one place to another. */
const COPIES: Readonly<Record<string, <R extends object>(result: R) => R>> = {
  spread: (result) => ({ ...result }),
  'Object.assign': (result) => Object.assign({}, result),
  'the rest of destructuring': (result) => {
    const { ...rest } = result;
    return rest as typeof result;
  },
  structuredClone: (result) => structuredClone(result),
  postMessage: posted,
};

/** Results of every kind. */
const RESULTS: Readonly<Record<string, () => Promise<OperationResult>>> = {
  get: () => bucket.get('doc'),
  upsert: () => bucket.upsert('doc', { a: 1 }),
  exists: () => bucket.exists('doc'),
  counter: () => bucket.counter('count', { initial: 1 }),
  touch: () => bucket.touch('doc'),
  lookupIn: () => bucket.lookupIn('doc', [LookupInSpec.get('a')]),
  mutateIn: () => bucket.mutateIn('doc', [MutateInSpec.upsert('a', 2)]),
  getMulti: async () => (await bucket.getMulti(['doc'])).get('doc')!,
  getAllReplicas: async () => (await bucket.getAllReplicas('doc'))[0]!,
  scan: async () => {
    for await (const item of bucket.scan(prefixScan('doc'))) return item;
    throw new Error('nothing found');
  },
  'an Item': async () => {
    const item = new Item('doc');
    await bucket.getMulti(new ItemSequence(item));
    return item;
  },
};

beforeEach(() => bucket.upsert('doc', { a: 1 }));

describe.each(Object.keys(COPIES))('%s', (way) => {
  const copy = COPIES[way]!;

  test.each(Object.keys(RESULTS))('takes along all that the result of %s tells', async (name) => {
    const result = await RESULTS[name]!();
    const { key, rc, success, cas, mutationToken } = copy(result);
    expect({ key, rc, success, cas }).toEqual({ key: result.key, rc: 0, success: true, cas: result.cas });
    expect(cas).toBeGreaterThan(0n);
    expect({ ...mutationToken }).toEqual({ ...result.mutationToken });
  });

  test('leaves a mutation token that can be waited for', async () => {
    const { mutationToken: token } = copy(await bucket.upsert('doc', 2));
    await bucket.endure('doc', { token });
    expect((await bucket.observeSeqno(token!))[0]?.currentSeqno).toBeGreaterThanOrEqual(token!.seqno);
    expect(new MutationState(token!).scanVectors['default']).toBeDefined();
    const keys = [];
    for await (const item of bucket.scan(prefixScan('doc'), { consistentWith: token, idsOnly: true }))
      keys.push(item.key);
    expect(keys).toEqual(['doc']);
  });
});

describe('a CAS that was sent out as JSON and came back', () => {
  const sent = async (): Promise<string> => JSON.parse(JSON.stringify(await bucket.get('doc'))).cas;

  test.each<[string, (cas: string) => Promise<unknown>]>([
    ['upsert', (cas) => bucket.upsert('doc', 2, { cas })],
    ['replace', (cas) => bucket.replace('doc', 2, { cas })],
    ['remove', (cas) => bucket.remove('doc', { cas })],
    ['append', (cas) => bucket.append('doc', ' ', { cas })],
    ['prepend', (cas) => bucket.prepend('doc', ' ', { cas })],
    ['mutateIn', (cas) => bucket.mutateIn('doc', [MutateInSpec.upsert('a', 3)], { cas })],
    ['removeMulti', (cas) => bucket.removeMulti({ doc: cas })],
    ['removeMulti, with options', (cas) => bucket.removeMulti({ doc: { cas } })],
    [
      'an Item',
      (cas) => {
        const item = Object.assign(new Item('doc', 2), { cas });
        return bucket.replaceMulti(new ItemSequence(item));
      },
    ],
  ])('%s compares it', async (_name, change) => {
    const cas = await sent();
    await expect(change(String(BigInt(cas) + 1n))).rejects.toThrow(KeyExistsError);
    await change(cas);
    await bucket.upsert('doc', { a: 1 });
    await expect(change(cas)).rejects.toThrow(KeyExistsError);
  });

  test('unlock takes it', async () => {
    const { cas } = JSON.parse(JSON.stringify(await bucket.lock('doc', { ttl: 30 })));
    await bucket.unlock('doc', { cas });
    await bucket.upsert('doc', 1);
  });

  test('endure takes it', async () => {
    const cas = await sent();
    await bucket.endure('doc', { cas });
    await expect(bucket.endure('doc', { cas: String(BigInt(cas) + 1n), timeout: 50 })).rejects.toThrow(TimeoutError);
  });
});

const WITH_CAS: Readonly<Record<string, (cas: never) => Promise<unknown>>> = {
  upsert: (cas) => bucket.upsert('doc', 2, { cas }),
  replace: (cas) => bucket.replace('doc', 2, { cas }),
  remove: (cas) => bucket.remove('doc', { cas }),
  append: (cas) => bucket.append('doc', ' ', { cas }),
  prepend: (cas) => bucket.prepend('doc', ' ', { cas }),
  unlock: (cas) => bucket.unlock('doc', { cas }),
  endure: (cas) => bucket.endure('doc', { cas }),
  mutateIn: (cas) => bucket.mutateIn('doc', [MutateInSpec.upsert('a', 3)], { cas }),
  removeMulti: (cas) => bucket.removeMulti({ doc: { cas } }),
  unlockMulti: (cas) => bucket.unlockMulti({ doc: { cas } }),
  endureMulti: (cas) => bucket.endureMulti({ doc: { cas } }),
  pipeline: (cas) => bucket.pipeline((p) => [p.replace('doc', 2, { cas })]),
  'an Item': (cas) => bucket.replaceMulti(new ItemSequence(Object.assign(new Item('doc', 2), { cas }))),
};

test.each(Object.keys(WITH_CAS))('%s refuses a CAS that got lost, and sends nothing', async (name) => {
  const before = await bucket.get('doc');
  for (const cas of [undefined, null, 7, 1.5, '', '0x7', '-1', '12 ', '18446744073709551616', -1n, 2n ** 64n, {}]) {
    await expect(WITH_CAS[name]!(cas as never)).rejects.toThrow(ArgumentError);
    await expect(WITH_CAS[name]!(cas as never)).rejects.toThrow(/cas must be a bigint/);
  }
  expect((await bucket.get('doc')).cas).toBe(before.cas);
});

describe('JSON of a result with large integers', () => {
  test('has their digits', async () => {
    const whole = JSON.parse(JSON.stringify(await bucket.counter('large', { initial: 2n ** 64n - 1n })));
    expect(whole.value).toBe('18446744073709551615');
    const own = await connect(`${cluster.connectionString}/default`, {
      username: cluster.username,
      password: cluster.password,
      transcoder: bigIntegerTranscoder,
    });
    await own.upsert('nested', { ids: [2n ** 60n, { id: 2n ** 61n, at: null, text: 'x' }] });
    const found: ValueResult = JSON.parse(JSON.stringify(await own.get('nested')));
    expect(found.value).toEqual({ ids: [String(2n ** 60n), { id: String(2n ** 61n), at: null, text: 'x' }] });
    await own.close();
  });

  test.each<[string, () => Promise<unknown>]>([
    ['observe', () => bucket.observe('doc')],
    ['observeSeqno', async () => bucket.observeSeqno((await bucket.upsert('doc', 1)).mutationToken!)],
    ['stats', () => bucket.stats()],
    ['lookupIn', () => bucket.lookupIn('doc', [LookupInSpec.get('$document', { xattr: true })])],
    ['getMulti', () => bucket.getMulti(['doc'])],
  ])('can be made of %s', async (_name, call) => {
    expect(JSON.stringify(await call())).toContain('"rc":0');
  });
});

describe('the results of many keys', () => {
  test('can be cloned and posted, with every result', async () => {
    await bucket.upsert('other', [1]);
    const results = await bucket.getMulti(['doc', 'other', 'none'], { quiet: true });
    for (const copy of [structuredClone(results), posted(results)]) {
      const { results: byKey, duplicates } = copy as unknown as {
        results: Map<string, ValueResult>;
        duplicates: string[];
      };
      expect([...byKey.keys(), duplicates]).toEqual(['doc', 'other', 'none', []]);
      expect(byKey.get('other')).toMatchObject({ key: 'other', value: [1], success: true });
      expect(byKey.get('none')).toMatchObject({ success: false, rc: 0x0d });
      expect(byKey.get('doc')!.cas).toBe(results.get('doc')!.cas);
    }
  });

  test('can be cloned when some have failed', async () => {
    const error: CouchbaseError = await bucket.getMulti(['doc', 'none']).catch((reason) => reason);
    const copy = structuredClone(error.allResults) as unknown as { results: Map<string, ValueResult> };
    expect([copy.results.get('doc')!.success, copy.results.get('none')!.success]).toEqual([true, false]);
  });
});

describe('JSON of an error', () => {
  test('has its name, code and message, and what is known', async () => {
    const error: CouchbaseError = await bucket.insert('doc', 1).catch((reason) => reason);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      name: 'DocumentExistsError',
      code: 'document_exists',
      message: error.message,
      operation: 'insert',
      key: 'doc',
      status: 2,
      attempts: 1,
      retryable: false,
      ambiguous: false,
    });
    expect(JSON.stringify(error)).not.toContain('undefined');
  });

  test('has the cause, of whatever class', async () => {
    bucket.transcoder = {
      encodeValue() {
        throw new RangeError('too far');
      },
      decodeValue: () => undefined,
    };
    const error: CouchbaseError = await bucket.upsert('doc', 1).catch((reason) => reason);
    bucket.transcoder = undefined;
    expect(JSON.parse(JSON.stringify({ failed: error })).failed).toMatchObject({
      code: 'value_format',
      cause: 'RangeError: too far',
    });
    const refused = await connect('couchbase://127.0.0.1:1/default', { username: 'u', password: 'p' }).catch(
      (reason: CouchbaseError) => reason,
    );
    const [seed] = JSON.parse(JSON.stringify(refused)).seeds;
    expect(seed).toMatchObject({ address: '127.0.0.1:1', cause: { name: 'NetworkError', code: 'network_failure' } });
  });
});
