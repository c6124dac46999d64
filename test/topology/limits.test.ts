import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, QueueFullError, TemporaryFailError } from '@cb/promise';
import { ArgumentError, type CouchbaseError, Opcode, Status } from '@cb/protocol';
import { failFast, type RetryRequest } from '@cb/raw';
import { ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { connectTo, keyOn } from './clients.js';

async function errorOf(call: Promise<unknown>): Promise<CouchbaseError> {
  const error = await call.then(
    () => undefined,
    (thrown: CouchbaseError) => thrown,
  );
  if (error === undefined) throw new Error('the operation succeeded');
  return error;
}

let cluster: EmbeddedCluster;

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2 });
});

afterEach(() => cluster.stop());

describe('a queue', () => {
  test('takes so many operations and no more, and tells when it takes some again', async () => {
    await using bucket = await connectTo(cluster, 'config_poll_interval=50', { queueMax: 10 });
    const key = keyOn(bucket, cluster, 1);
    await bucket.drained();
    await bucket.upsert(key, 0);
    await cluster.kill(1);
    // The first finds out that the connection is gone; idempotent, it is queued itself.
    const first = bucket.get(key);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const more = Promise.allSettled(Array.from({ length: 30 }, () => bucket.get(key)));
    const refused = await errorOf(bucket.get(key));
    expect(refused).toBeInstanceOf(QueueFullError);
    expect(refused).toMatchObject({ retryable: true, key, node: `127.0.0.1:${cluster.nodes[1]!.ports.kv}` });
    let isDrained = false;
    const drained = bucket.drained().then(() => {
      isDrained = true;
    });
    expect((await bucket.get(keyOn(bucket, cluster, 0), { quiet: true })).success).toBe(false);
    expect(isDrained).toBe(false);
    await cluster.restart(1);
    await drained;
    await first;
    // In addition to the first one; questions of the client's own for a newer map may have taken a place or two.
    const taken = (await more).filter(({ status }) => status === 'fulfilled').length;
    expect(taken).toBeGreaterThanOrEqual(7);
    expect(taken).toBeLessThanOrEqual(9);
  });

  test('takes so many bytes of values and no more', async () => {
    await using bucket = await connectTo(cluster, 'config_poll_interval=50', { queueBytesMax: 10_000 });
    const key = keyOn(bucket, cluster, 1);
    await cluster.kill(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const values = Array.from({ length: 10 }, (_none, index) => `${index}`.repeat(2400));
    const stored = Promise.allSettled(values.map((value) => bucket.upsert(key, value)));
    const refused = await errorOf(bucket.upsert(key, 'x'));
    expect(refused).toBeInstanceOf(QueueFullError);
    expect(refused.message).toMatch(/^5 operations with 1\d{4} bytes of values wait for 127/);
    // What has no value waits for no room, but for its turn.
    expect((await errorOf(bucket.get(key))).code).toBe('queue_full');
    const drained = bucket.drained();
    await cluster.restart(1);
    await drained;
    expect((await stored).filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect((await bucket.get(key)).value).toBe(values[4]);
    expect((await bucket.upsert(key, 'x'.repeat(50_000))).success).toBe(true);
  });

  test('keeps what it has taken when the connection breaks, however full it is', async () => {
    await using bucket = await connectTo(cluster, 'config_poll_interval=50', { queueMax: 3 });
    const key = keyOn(bucket, cluster, 1);
    await bucket.upsert(key, 1);
    cluster.hang(1);
    const onTheWire = Array.from({ length: 50 }, () => bucket.get(key));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await cluster.kill(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await errorOf(bucket.get(key))).code).toBe('queue_full');
    cluster.resume(1);
    await cluster.restart(1);
    expect((await Promise.all(onTheWire)).map(({ value }) => value)).toEqual(new Array(50).fill(1));
  });

  test('of hundreds of thousands can be destroyed with its bucket', async () => {
    const bucket = await connectTo(cluster);
    const key = keyOn(bucket, cluster, 1);
    await cluster.kill(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const waiting = Promise.allSettled(Array.from({ length: 130_000 }, () => bucket.get(key)));
    bucket.destroy();
    expect((await waiting).filter(({ status }) => status === 'rejected')).toHaveLength(130_000);
  });

  test('that does not drain before the bucket is destroyed says so', async () => {
    const bucket = await connectTo(cluster, '', { queueMax: 2 });
    await cluster.kill(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const waiting = [1, 2].map(() => errorOf(bucket.get(keyOn(bucket, cluster, 1))));
    const drained = errorOf(bucket.drained());
    bucket.destroy();
    expect((await drained).code).toBe('object_destroyed');
    expect((await Promise.all(waiting)).map(({ code }) => code)).toEqual(['object_destroyed', 'object_destroyed']);
  });
});

describe('a node that reads and does not answer', () => {
  test('is sent 131,072 operations, which fail in portions that let others have their turn', async () => {
    await using node = await ScriptedNode.start(({ opcode }) => (opcode === Opcode.Get ? 'silence' : undefined));
    // Nobody looks for a sign of life in that time: this node would be given up, and everything sent again.
    const quiet = `${node.connectionString}&config_poll_interval=600000`;
    await using bucket = await connect(quiet, { username: 'u', password: 'p', timeout: 8000 });
    const asked = (): number => node.received.filter((opcode) => opcode === Opcode.Get).length;
    const begun = Array.from({ length: 140_000 }, (_none, index) => bucket.get(`k${index}`));
    const answers = Promise.allSettled(begun);
    let turns = 0;
    const turn = setInterval(() => turns++, 1);
    await begun[0]!.catch(() => {});
    // Those that have failed make room for others, from the next turn on.
    expect(asked()).toBe(131_072);
    const codes = new Map<string, number>();
    for (const answer of await answers) {
      const { code } = (answer as PromiseRejectedResult).reason as CouchbaseError;
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    clearInterval(turn);
    expect([...codes]).toEqual([['timeout', 140_000]]);
    expect(turns).toBeGreaterThan(100);
    node.script = ({ opcode }) => (opcode === Opcode.Get ? { status: Status.KeyNotFound } : undefined);
    expect((await errorOf(bucket.get('afterwards'))).code).toBe('not_found');
  });
});

describe('a circuit breaker', () => {
  const circuitBreaker = { volume: 5, failures: 0.5, sleepMs: 200 };

  test('opens for a node that does not answer, lets others be, and closes when the node is back', async () => {
    await using bucket = await connectTo(cluster, 'config_poll_interval=600000', { circuitBreaker, retry: failFast });
    const [there, here] = [keyOn(bucket, cluster, 1), keyOn(bucket, cluster, 0)];
    await bucket.upsertMulti({ [there]: 1, [here]: 1 });
    cluster.hang(1);
    const slow = await Promise.all(Array.from({ length: 8 }, () => errorOf(bucket.get(there, { timeout: 50 }))));
    expect(new Set(slow.map(({ code }) => code))).toEqual(new Set(['timeout']));
    const barred = await errorOf(bucket.get(there));
    expect(barred).toMatchObject({ code: 'network_failure', attempts: 0, ambiguous: false });
    expect(barred.message).toContain('is open after repeated failures');
    expect((await bucket.get(here)).value).toBe(1);
    cluster.resume(1);
    await new Promise((resolve) => setTimeout(resolve, circuitBreaker.sleepMs + 50));
    expect((await bucket.get(there)).value).toBe(1);
    expect((await bucket.get(there)).value).toBe(1);
  });

  test('makes operations wait by the usual strategy', async () => {
    await using bucket = await connectTo(cluster, 'config_poll_interval=600000', { circuitBreaker });
    const there = keyOn(bucket, cluster, 1);
    await bucket.upsert(there, 1);
    cluster.hang(1);
    await Promise.all(Array.from({ length: 8 }, () => errorOf(bucket.get(there, { timeout: 50 }))));
    const waiting = bucket.get(there);
    cluster.resume(1);
    expect((await waiting).value).toBe(1);
  });

  /** A bucket whose breaker for the second node is open, and the node good again. */
  async function opened(retry = failFast): Promise<{ bucket: Bucket; there: string }> {
    const bucket = await connectTo(cluster, 'config_poll_interval=600000', { circuitBreaker, retry });
    const there = keyOn(bucket, cluster, 1);
    await bucket.upsert(there, 1);
    cluster.hang(1);
    await Promise.all(Array.from({ length: 8 }, () => errorOf(bucket.get(there, { timeout: 50 }))));
    expect((await errorOf(bucket.get(there))).code).toBe('network_failure');
    cluster.resume(1);
    await new Promise((resolve) => setTimeout(resolve, circuitBreaker.sleepMs + 50));
    return { bucket, there };
  }

  test('closes when the node answers, whatever it says', async () => {
    const { bucket, there } = await opened();
    await using _bucket = bucket;
    cluster.faults.add({ opcode: 'Get', times: 1, answer: { status: Status.KeyNotFound } });
    expect((await errorOf(bucket.get(there))).code).toBe('not_found');
    expect((await bucket.get(there)).value).toBe(1);
  });

  test('lets another operation try when nothing came of the first', async () => {
    const { bucket, there } = await opened();
    await using _bucket = bucket;
    cluster.faults.add({ opcode: 'Get', times: 1, drop: 'request' });
    const abort = new AbortController();
    const tried = errorOf(bucket.get(there, { signal: abort.signal, timeout: 10_000 }));
    abort.abort();
    expect((await tried).code).toBe('cancelled');
    expect((await errorOf(bucket.get(there))).message).toContain('is open after repeated failures');
    await new Promise((resolve) => setTimeout(resolve, circuitBreaker.sleepMs + 50));
    expect((await bucket.get(there)).value).toBe(1);
  });

  test('opens for a node to which no connection can be made', async () => {
    await using bucket = await connectTo(cluster, 'config_poll_interval=600000', { circuitBreaker, retry: failFast });
    const there = keyOn(bucket, cluster, 1);
    await bucket.upsert(there, 1);
    await cluster.kill(1);
    const slow = await Promise.all(Array.from({ length: 8 }, () => errorOf(bucket.get(there, { timeout: 100 }))));
    expect(new Set(slow.map(({ code }) => code))).toEqual(new Set(['timeout']));
    expect((await errorOf(bucket.get(there))).message).toContain('is open after repeated failures');
    await cluster.restart(1);
    await new Promise((resolve) => setTimeout(resolve, circuitBreaker.sleepMs + 50));
    expect((await bucket.get(there)).value).toBe(1);
  });

  test.each([
    [{ volume: 0 }, /circuitBreaker.volume must be a number above 0/],
    [{ failures: 1.5 }, /circuitBreaker.failures must be a number above 0, and at most 1/],
    [{ sleep: 5 }, /circuitBreaker has no option "sleep"/],
  ])('with %j is refused', async (options, message) => {
    const connecting = connectTo(cluster, '', { circuitBreaker: options as object });
    await expect(connecting).rejects.toThrow(ArgumentError);
    await expect(connecting).rejects.toThrow(message);
  });
});

describe('retries', () => {
  const busy = () => cluster.faults.add({ opcode: 'Get', answer: { status: Status.TemporaryFailure } });

  test('follow the strategy of the bucket, and that of the operation before it', async () => {
    const asked: RetryRequest[] = [];
    const retry = (request: RetryRequest): number | undefined => {
      asked.push(request);
      return request.attempts < 4 ? 1 : undefined;
    };
    await using bucket = await connectTo(cluster, '', { retry });
    const fault = busy();
    expect(await errorOf(bucket.get('a'))).toMatchObject({ attempts: 4, retryReasons: ['kv_temporary_failure'] });
    expect(asked.map(({ attempts }) => attempts)).toEqual([1, 2, 3, 4]);
    expect(await errorOf(bucket.get('a', { retry: failFast }))).toMatchObject({ attempts: 1, retryReasons: [] });
    expect(fault.hits).toBe(5);
    fault.remove();
    expect((await bucket.get('a', { quiet: true })).success).toBe(false);
  });

  test('are paid for out of a budget that successes fill, when the strategy does not pause', async () => {
    await using bucket = await connectTo(cluster, '', { retry: () => 0, timeout: 60_000 });
    const fault = busy();
    const first = await errorOf(bucket.get('a'));
    expect(first).toBeInstanceOf(TemporaryFailError);
    // A thousand retries may be made without any success between them.
    expect(first.attempts).toBeGreaterThan(900);
    expect(first.attempts).toBeLessThanOrEqual(1001);
    expect((await errorOf(bucket.get('a'))).attempts).toBe(1);
    await upserts(bucket, 50);
    expect((await errorOf(bucket.get('a'))).attempts).toBe(6);
    expect(fault.hits).toBeGreaterThan(900);
  });

  async function upserts(bucket: Bucket, count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_none, index) => bucket.upsert(`k${index}`, 1)));
  }
});
