import { EmbeddedCluster } from '@cb/embedded';
import { Bucket, connect } from '@cb/promise';
import {
  ArgumentError,
  AuthError,
  CancelledError,
  ClientTemporaryFailError,
  NotFoundError,
  ObjectDestroyedError,
  Opcode,
  TimeoutError,
  ValueFormatError,
} from '@cb/protocol';
import type { ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { quietNode } from './quiet-node.js';
import { allIsQuiet } from './terminal-calls.js';

let cluster: EmbeddedCluster;
let connectionString: string;
const buckets: Bucket[] = [];

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 3 });
  connectionString = `${cluster.connectionString}/default`;
});

afterEach(() => {
  for (const bucket of buckets.splice(0)) bucket.destroy();
});

afterAll(() => cluster.stop());

function make(overrides: { readonly password?: string } = {}): Bucket {
  const { username, password } = cluster;
  const bucket = new Bucket(connectionString, { username, password, ...overrides });
  buckets.push(bucket);
  return bucket;
}

describe('before connect', () => {
  test('operations wait, begin the connecting, and take effect in the order of the calls', async () => {
    const bucket = make();
    const all = Array.from({ length: 50 }, (_none, n) => bucket.upsert('order', n).then(() => bucket.state));
    const read = bucket.get('order');
    expect([bucket.state, bucket.connected]).toEqual(['connecting', false]);
    expect(new Set(await Promise.all(all))).toEqual(new Set(['connected']));
    expect((await read).value).toBe(49);
  });

  test('misuse rejects and is never thrown, and others that wait are not disturbed', async () => {
    const bucket = make();
    const refused = [bucket.get(''), bucket.get('k', { ttl: -1 }), bucket.upsert('k', undefined)];
    const good = bucket.upsert('k', 1);
    await expect(refused[0]).rejects.toThrow(ArgumentError);
    await expect(refused[1]).rejects.toThrow('ttl');
    await expect(refused[2]).rejects.toThrow(ValueFormatError);
    expect((await good).success).toBe(true);
  });

  test('operations reject with the reason when connecting fails, now and later', async () => {
    const bucket = make({ password: 'wrong' });
    const waiting = [bucket.get('k'), bucket.upsert('k', 1), bucket.connect()];
    for (const each of waiting) await expect(each).rejects.toThrow(AuthError);
    await expect(bucket.get('k')).rejects.toThrow(AuthError);
    await expect(bucket.connect()).rejects.toThrow(AuthError);
  });

  test('operations reject when the bucket is closed or destroyed while they wait', async () => {
    for (const end of ['close', 'destroy'] as const) {
      const bucket = make();
      const waiting = bucket.get('k');
      await Promise.all([expect(waiting).rejects.toThrow(ObjectDestroyedError), bucket[end]()]);
      await expect(bucket.get('k')).rejects.toThrow(ClientTemporaryFailError);
      await expect(bucket.connect()).rejects.toThrow(ObjectDestroyedError);
    }
  });

  test('a signal that is aborted already sends nothing', async () => {
    const bucket = make();
    await expect(bucket.upsert('unsent', 1, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    await expect(bucket.get('unsent')).rejects.toThrow(NotFoundError);
  });
});

describe('connect', () => {
  test('twice at once and once more later resolves every time', async () => {
    const bucket = make();
    await Promise.all([bucket.connect(), bucket.connect()]);
    await bucket.connect();
    expect(bucket.connected).toBe(true);
  });

  test('leaves nothing open when it fails', async () => {
    await expect(connect(connectionString, { username: cluster.username, password: 'wrong' })).rejects.toThrow(
      AuthError,
    );
    await expect(connect('couchbase://127.0.0.1')).rejects.toThrow('bucket is missing');
    await expect(connect(connectionString, { nonsense: true } as object)).rejects.toThrow('nonsense');
  });
});

describe('closing', () => {
  test('await using closes at the end of the block, after what is under way', async () => {
    let escaped: Bucket;
    let stored: Promise<unknown>;
    {
      const { username, password } = cluster;
      await using bucket = await connect(connectionString, { username, password });
      escaped = bucket;
      stored = bucket.upsert('used', 1);
    }
    expect(escaped.state).toBe('closed');
    await expect(stored).resolves.toMatchObject({ success: true });
    await expect(escaped.get('used')).rejects.toThrow(ClientTemporaryFailError);
  });

  test('close may be called often, before connecting too', async () => {
    const bucket = make();
    await Promise.all([bucket.close(), bucket.close()]);
    await bucket.close();
    expect(bucket.state).toBe('closed');
  });

  test('destroy rejects what is under way', async () => {
    const bucket = make();
    await bucket.connect();
    const pending = bucket.get('k');
    bucket.destroy();
    await expect(pending).rejects.toThrow(ObjectDestroyedError);
  });
});

describe('against a node that does not answer', () => {
  let node: ScriptedNode;
  let bucket: Bucket;

  beforeEach(async () => {
    node = await quietNode();
    bucket = await connect(node.connectionString, { username: 'u', password: 'p' });
    buckets.push(bucket);
  });

  afterEach(async () => {
    await node[Symbol.asyncDispose]();
  });

  test('an operation rejects at its deadline', async () => {
    await expect(bucket.get('silent', { timeout: 30 })).rejects.toThrow(TimeoutError);
    bucket.timeout = 30;
    await expect(bucket.get('silent')).rejects.toThrow('within 30 ms');
  });

  test('an AbortSignal rejects it, with the reason as the cause', async () => {
    const controller = new AbortController();
    const pending = bucket.get('silent', { signal: controller.signal });
    while (!node.received.includes(Opcode.Get)) await allIsQuiet();
    controller.abort('by the test');
    await expect(pending).rejects.toMatchObject({ code: 'cancelled', cause: 'by the test' });
    await expect(bucket.get('silent', { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
      code: 'cancelled',
      cause: expect.objectContaining({ name: 'TimeoutError' }),
    });
  });

  test('an errback that belongs to the Promise keeps the four arguments to itself: the error is the reason', async () => {
    const error: unknown = await bucket.get('silent', { timeout: 20 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({ key: 'silent', result: { key: 'silent', success: false } });
  });
});
