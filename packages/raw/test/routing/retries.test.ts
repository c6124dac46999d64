import {
  ArgumentError,
  CollectionNotFoundError,
  type CouchbaseError,
  DocumentLockedError,
  type Frame,
  Opcode,
  OrderLostError,
  Status,
  TemporaryFailError,
  TimeoutError,
} from '@cb/protocol';
import { RawBucket } from '../../src/bucket/raw-bucket.js';
import { failFast, type RetryRequest } from '../../src/operation/retry-strategy.js';
import type { AsyncResult } from '../../src/results/async-result.js';
import { type Answer, ScriptedNode } from '../scripted-node.js';

const OK: Answer = { status: Status.Success, cas: 7n };
const VALUE: Answer = { status: Status.Success, cas: 7n, extras: Buffer.from('02000000', 'hex'), value: '"v"' };

/** A promise of an outcome, for tests that wait. */
function outcome<R>(result: AsyncResult<R>): Promise<R> {
  return new Promise((resolve, reject) => {
    result.setCallbacks(resolve, (_result, _errorClass, error) => reject(error));
  });
}

async function failure(result: AsyncResult<unknown>): Promise<CouchbaseError> {
  const error = await outcome(result).then(
    () => undefined,
    (thrown: CouchbaseError) => thrown,
  );
  if (error === undefined) throw new Error('the operation succeeded');
  return error;
}

describe('another attempt', () => {
  let node: ScriptedNode;
  let bucket: RawBucket;
  /** What the node is asked, as `opcode key`, and what it says to that, in turn. */
  let asked: string[];
  let answers: Map<string, Answer[]>;

  beforeEach(async () => {
    asked = [];
    answers = new Map();
    node = await ScriptedNode.start((frame) => scripted(frame));
    bucket = new RawBucket(node.connectionString, { username: 'u', password: 'p', timeout: 1000 });
    await outcome(bucket.connect());
  });

  afterEach(async () => {
    bucket.destroy();
    await node[Symbol.asyncDispose]();
  });

  /** A bucket whose operations on one key are on the wire together, as the server carries them out in order. */
  async function connectOrdered(): Promise<RawBucket> {
    const connectionString = `${node.connectionString}&enable_unordered_execution=false`;
    const ordered = new RawBucket(connectionString, { username: 'u', password: 'p', timeout: 1000 });
    await outcome(ordered.connect());
    return ordered;
  }

  function scripted(frame: Frame): Answer | undefined {
    if (frame.opcode !== Opcode.Get && frame.opcode !== Opcode.Set && frame.opcode !== Opcode.GetLocked)
      return undefined;
    const name = `${frame.opcode === Opcode.Get ? 'get' : 'set'} ${frame.key.toString().replace('\0', '')}`;
    asked.push(name);
    return answers.get(name)?.shift() ?? (frame.opcode === Opcode.Set ? OK : VALUE);
  }

  test('is made for what passes, and shows in the attempts of the error when it does not', async () => {
    answers.set('get a', [{ status: Status.TemporaryFailure }, { status: Status.SyncWriteInProgress }]);
    expect((await outcome(bucket.get('a'))).value).toBe('v');
    expect(asked).toEqual(['get a', 'get a', 'get a']);
    answers.set('set a', Array(50).fill({ status: Status.Locked }));
    const error = await failure(bucket.upsert('a', 1, { timeout: 120 }));
    expect(error).toBeInstanceOf(DocumentLockedError);
    expect(error).toBeInstanceOf(TemporaryFailError);
    expect(error.attempts).toBeGreaterThan(2);
    expect(error.retryReasons).toEqual(['kv_locked']);
  });

  test('that was to be made just before the deadline and was not, leaves the last refusal as the outcome', async () => {
    answers.set('set a', Array(9).fill({ status: Status.Locked }));
    answers.set('set b', Array(9).fill({ status: Status.TemporaryFailure }));
    // Between two ticks: at the next one both the attempt and the deadline are due.
    const options = { timeout: 2000, retry: ({ remainingMs }: RetryRequest) => remainingMs - 0.01 };
    const [locked, busy] = await Promise.all([
      failure(bucket.upsert('a', 1, options)),
      failure(bucket.upsert('b', 1, options)),
    ]);
    expect(locked).toBeInstanceOf(DocumentLockedError);
    expect(locked).toMatchObject({ attempts: 1, key: 'a', ambiguous: false });
    expect(busy).toBeInstanceOf(TemporaryFailError);
    expect(busy).not.toBeInstanceOf(DocumentLockedError);
    expect(asked).toEqual(['set a', 'set b']);
  });

  test('is left to the strategy of the bucket and of the operation', async () => {
    answers.set('get a', Array(9).fill({ status: Status.TemporaryFailure }));
    const error = await failure(bucket.get('a', { retry: failFast }));
    expect(error).toBeInstanceOf(TemporaryFailError);
    expect(error.attempts).toBe(1);
    const seen: RetryRequest[] = [];
    const twice = (request: RetryRequest): number | undefined => {
      seen.push(request);
      return request.attempts < 3 ? 1 : undefined;
    };
    expect((await failure(bucket.get('a', { retry: twice }))).attempts).toBe(3);
    expect(seen[0]).toMatchObject({ operation: 'get', key: 'a', idempotent: true, reason: 'kv_temporary_failure' });
  });

  test.each([
    [
      'throws',
      (): number => JSON.parse('no JSON'),
      /^the retry strategy of upsert threw Unexpected token .*; it was asked because of/,
    ],
    [
      'gives a Promise',
      (): unknown => Promise.resolve(5),
      /must give milliseconds from 0, or undefined, not an object \(Promise\);/,
    ],
    ['gives no number', (): number => Number.NaN, /must give milliseconds from 0, or undefined, not NaN;/],
    ['gives a time that has passed', (): number => -1, /must give milliseconds from 0, or undefined, not -1;/],
  ] as const)('of a strategy that %s is not made, and nobody else hears of it', async (_what, faulty, message) => {
    answers.set('set mine', [{ status: Status.TemporaryFailure }]);
    const other = outcome(bucket.upsert('other', 1));
    const error = await failure(bucket.upsert('mine', 1, { retry: faulty as never }));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ operation: 'upsert', key: 'mine' });
    expect((await other).success).toBe(true);
    expect(asked.filter((each) => each === 'set mine')).toHaveLength(1);
  });

  test('follows a vbucket whose node has changed, with the map that the refusal brings', async () => {
    const other = await ScriptedNode.start((frame) => scripted(frame));
    const map = {
      rev: 2,
      nodesExt: [{ services: { kv: node.port } }, { services: { kv: other.port } }],
      vBucketServerMap: { serverList: [`$HOST:${node.port}`, `$HOST:${other.port}`], vBucketMap: [[1]] },
    };
    answers.set('get a', [{ status: Status.NotMyVbucket, value: node.config(map) }]);
    expect((await outcome(bucket.get('a'))).value).toBe('v');
    expect(bucket.serverNodes).toEqual([`127.0.0.1:${node.port}`, `127.0.0.1:${other.port}`]);
    expect(bucket.clusterMap?.rev).toBe(2);
    await other[Symbol.asyncDispose]();
  });

  test('asks for a map when the refusal brings none', async () => {
    answers.set('get a', [{ status: Status.NotMyVbucket }, { status: Status.NotMyVbucket }]);
    expect((await outcome(bucket.get('a'))).value).toBe('v');
    expect(node.received.filter((opcode) => opcode === Opcode.GetClusterConfig).length).toBeGreaterThan(1);
  });

  test('never ends in "not my vbucket", but in a timeout that says so', async () => {
    answers.set('get a', Array(99).fill({ status: Status.NotMyVbucket }));
    const error = await failure(bucket.get('a', { timeout: 150 }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error.retryReasons).toEqual(['kv_not_my_vbucket']);
  });

  test('keeps the order of the operations on a key', async () => {
    answers.set('set a', [{ status: Status.TemporaryFailure }]);
    const first = outcome(bucket.upsert('a', 1, { retry: () => 100 }));
    const read = outcome(bucket.get('b'));
    await read;
    // The first one waits now: later ones on its key wait behind it, others do not.
    const second = outcome(bucket.upsert('a', 2));
    const third = outcome(bucket.get('a'));
    await outcome(bucket.get('c'));
    await Promise.all([first, second, third]);
    expect(asked.filter((name) => name.endsWith('a'))).toEqual(['set a', 'set a', 'set a', 'get a']);
    expect(asked.indexOf('get c')).toBeLessThan(asked.lastIndexOf('set a'));
  });

  test('is not made when a later operation on the key has taken effect', async () => {
    const ordered = await connectOrdered();
    answers.set('set a', [{ status: Status.TemporaryFailure }]);
    const first = failure(ordered.upsert('a', 1));
    const second = outcome(ordered.upsert('a', 2));
    const error = await first;
    await second;
    expect(error).toBeInstanceOf(OrderLostError);
    expect(error.cause).toBeInstanceOf(TemporaryFailError);
    expect(asked).toEqual(['set a', 'set a']);
    ordered.destroy();
  });

  test('is made for both when both are refused, in order', async () => {
    const ordered = await connectOrdered();
    answers.set('set a', [{ status: Status.TemporaryFailure }, { status: Status.TemporaryFailure }]);
    const values: string[] = [];
    node.script = (frame) => {
      const answer = scripted(frame);
      if (frame.opcode === Opcode.Set) values.push(frame.value.toString());
      return answer;
    };
    await Promise.all([outcome(ordered.upsert('a', 1)), outcome(ordered.upsert('a', 2))]);
    expect(values).toEqual(['1', '2', '1', '2']);
    ordered.destroy();
  });

  test('can be cancelled while it is waited for', async () => {
    answers.set('get a', Array(99).fill({ status: Status.TemporaryFailure }));
    const result = bucket.get('a');
    const error = failure(result);
    await outcome(bucket.get('b'));
    result.cancel();
    expect((await error).code).toBe('cancelled');
    const after = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(asked.length).toBe(after);
  });
});

describe('a collection', () => {
  test('is looked up once, heals when it is dropped and created again, and fails with its name when it is gone', async () => {
    let lookups = 0;
    let id: number | undefined = 8;
    await using node = await ScriptedNode.start((frame) => {
      if (frame.opcode === Opcode.GetCollectionId) {
        lookups++;
        if (id === undefined) return { status: Status.UnknownCollection, value: '{"manifest_uid":"2"}' };
        return { status: Status.Success, extras: Buffer.from(`00000000000000010000000${id}`, 'hex') };
      }
      if (frame.opcode !== Opcode.Get) return undefined;
      return frame.key[0] === id ? VALUE : { status: Status.UnknownCollection };
    });
    const bucket = new RawBucket(node.connectionString, { username: 'u', password: 'p' });
    await outcome(bucket.connect());
    const beer = bucket.scope('inventory').collection('beer');
    const same = bucket.scope('inventory').collection('beer');
    await Promise.all([outcome(beer.get('a')), outcome(beer.get('b')), outcome(same.get('c'))]);
    expect(lookups).toBe(1);
    id = 9;
    await Promise.all([outcome(beer.get('a')), outcome(same.get('b'))]);
    expect(lookups).toBe(2);
    id = undefined;
    const error = await failure(beer.get('a'));
    expect(error).toBeInstanceOf(CollectionNotFoundError);
    expect(error.message).toContain('inventory.beer');
    expect(error).toMatchObject({ key: 'a', status: Status.UnknownCollection });
    bucket.destroy();
  });
});

describe('a status that ends the connection', () => {
  test.each([Status.AuthStale, Status.NoBucket, 0x7abc])('%d makes a new one, with a new login', async (status) => {
    let connections = 0;
    await using node = await ScriptedNode.start((frame) => {
      if (frame.opcode === Opcode.SaslAuth) connections++;
      if (frame.opcode === Opcode.GetErrorMap) {
        const errors = { '7abc': { name: 'GONE', desc: 'gone', attrs: ['conn-state-invalidated'] } };
        return { status: Status.Success, value: JSON.stringify({ version: 2, revision: 1, errors }) };
      }
      if (frame.opcode !== Opcode.Get) return undefined;
      return connections === 1 ? { status } : VALUE;
    });
    const bucket = new RawBucket(node.connectionString, { username: 'u', password: 'p' });
    await outcome(bucket.connect());
    expect((await failure(bucket.get('a'))).status).toBe(status);
    expect((await outcome(bucket.get('a'))).value).toBe('v');
    expect(connections).toBe(2);
    bucket.destroy();
  });
});
