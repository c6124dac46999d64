import { inspect } from 'node:util';
import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect } from '@cb/promise';
import {
  ArgumentError,
  CancelledError,
  ClientTemporaryFailError,
  type CouchbaseError,
  KeyExistsError,
  NetworkError,
  NotFoundError,
  PipelineError,
} from '@cb/protocol';
import {
  type AsyncResult,
  type MultiResult,
  MutateInSpec,
  type OperationResult,
  type RawCollection,
  type ValueResult,
} from '@cb/raw';
import { TerminalCalls } from '../async-result/terminal-calls.js';
import { RecordingIOPS } from './recording-iops.js';

interface Doc {
  readonly n: number;
}

let cluster: EmbeddedCluster;
let bucket: Bucket;
let iops: RecordingIOPS;

beforeAll(async () => {
  const buckets = { default: { collections: { inventory: ['hotel'] } } };
  cluster = await EmbeddedCluster.start({ nodes: 2, replicas: 1, buckets });
  iops = new RecordingIOPS();
  const { username, password } = cluster;
  bucket = await connect(`${cluster.connectionString}/default`, { username, password, iops });
  await bucket.upsertMulti(Object.fromEntries(Array.from({ length: 32 }, (_none, n) => [`doc:${n}`, { n }])));
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

async function rejection(promise: Promise<unknown>): Promise<CouchbaseError> {
  return promise.then(
    () => {
      throw new Error('did not reject');
    },
    (error) => error as CouchbaseError,
  );
}

test('delivers the results of the calls that are returned, with their types', async () => {
  const [stored, read, many, copies]: [
    OperationResult,
    ValueResult<Doc>,
    MultiResult<ValueResult<Doc>>,
    readonly ValueResult<Doc>[],
  ] = await bucket.pipeline((p) => [
    p.upsert('pipe:a', { n: -1 }),
    p.get<Doc>('pipe:a'),
    p.getMulti<Doc>(['doc:1', 'doc:2']),
    p.getAllReplicas<Doc>('doc:3'),
  ]);
  expect(stored.cas).toBeGreaterThan(0n);
  expect(read).toMatchObject({ value: { n: -1 }, cas: stored.cas });
  expect([...many.values()].map(({ value }) => value.n)).toEqual([1, 2]);
  expect(copies.map(({ value }) => value.n)).toEqual([3, 3]);
});

test('delivers all results in the order of the calls when none are returned', async () => {
  const results = await bucket.pipeline((p) => {
    for (let n = 0; n < 32; n++) p.get(`doc:${n}`);
    p.existsMulti(['doc:0']);
  });
  expect(results).toHaveLength(33);
  expect(results.slice(0, 32)).toEqual(
    Array.from({ length: 32 }, (_none, n) => expect.objectContaining({ value: { n } })),
  );
  expect((results[32] as MultiResult).get('doc:0')).toMatchObject({ exists: true });
  expect(await bucket.pipeline((p) => p.get('doc:1'))).toEqual([expect.objectContaining({ value: { n: 1 } })]);
  expect(await bucket.pipeline(() => {})).toEqual([]);
});

test('goes out in one write for each node', async () => {
  iops.takeCounts();
  await bucket.pipeline((p) => {
    for (let n = 0; n < 32; n++) p.upsert(`doc:${n}`, { n });
    p.getMulti(
      Array.from({ length: 32 }, (_none, n) => `other:${n}`),
      { quiet: true },
    );
  });
  expect(Object.values(iops.takeCounts())).toEqual([1, 1]);
});

test('fails with the first call that failed, in the order of the calls, when all are answered', async () => {
  const error = await rejection(
    bucket.pipeline((p) => {
      p.upsert('pipe:b', 1);
      // Fails last, as another node must be asked and several steps be taken.
      p.getReplica('pipe:none1');
      p.get('pipe:none2');
      p.insert('doc:1', 1);
      p.get('doc:2');
    }),
  );
  expect(error).toBeInstanceOf(NotFoundError);
  expect(error.key).toBe('pipe:none1');
  const { succeeded, failed } = error.splitResults();
  expect([...succeeded.keys()]).toEqual(['pipe:b', 'doc:2']);
  expect([...failed.keys()]).toEqual(['pipe:none1', 'pipe:none2', 'doc:1']);
  const other = await rejection(bucket.pipeline((p) => [p.insertMulti({ 'doc:1': 1 }), p.get('pipe:none')]));
  expect(other).toBeInstanceOf(KeyExistsError);
});

describe('tells which of its calls failed', () => {
  test('when several are on one key', async () => {
    await bucket.remove('pipe:twice', { quiet: true });
    const twice = bucket.pipeline((p) => [p.insert('pipe:twice', 1), p.get('pipe:twice'), p.insert('pipe:twice', 2)]);
    const error = await rejection(twice);
    expect(error).toMatchObject({ code: 'document_exists', operation: 'insert', key: 'pipe:twice', callIndex: 2 });
    expect(inspect(error)).toContain('callIndex: 2');
  });

  test('in the order of the calls, and not of what is returned', async () => {
    const error = await rejection(
      bucket.pipeline((p) => {
        p.upsertMulti({ 'pipe:a': 1, 'pipe:b': 2 });
        const missing = p.getMulti(['pipe:a', 'pipe:none1']);
        return [p.get('pipe:none2'), missing];
      }),
    );
    expect(error).toMatchObject({ code: 'not_found', key: 'pipe:none1', callIndex: 1 });
  });

  test('together with the path of a call that failed', async () => {
    const specs = [MutateInSpec.upsert('m', 1), MutateInSpec.insert('n', 1)];
    const error = await rejection(bucket.pipeline((p) => [p.get('doc:1'), p.mutateIn('doc:1', specs)]));
    expect(error).toMatchObject({ code: 'subdoc_path_exists', path: 'n', index: 1, callIndex: 1 });
  });

  test('unless the error of all of them is the application’s, and frozen', async () => {
    const { username, password } = cluster;
    const other = await connect(`${cluster.connectionString}/default`, { username, password });
    const failure = rejection(other.pipeline((p) => [p.get('doc:1'), p.get('doc:2')]));
    const reason = new NetworkError('moved away');
    Object.freeze(reason);
    other.destroy(reason);
    expect(await failure).toBe(reason);
  });

  test('and no call outside of a pipeline has a place in one', async () => {
    expect('callIndex' in (await rejection(bucket.get('pipe:none')))).toBe(false);
  });
});

test('takes quiet misses for results', async () => {
  const [missing] = await bucket.pipeline((p) => [p.get('pipe:none', { quiet: true })]);
  expect(missing).toMatchObject({ success: false, rc: 0x0d });
});

test('throws misuse from the call that it is in, and sends nothing then', async () => {
  iops.takeCounts();
  let reached = false;
  const error = await rejection(
    bucket.pipeline((p) => {
      p.upsert('pipe:never', 1);
      p.upsert('', 1);
      reached = true;
    }),
  );
  expect(error).toBeInstanceOf(ArgumentError);
  expect(reached).toBe(false);
  expect(() => bucket.raw.pipeline((p) => [p.counter('a', { delta: 1.5 })])).toThrow(ArgumentError);
  await new Promise((resolve) => setImmediate(resolve));
  expect(iops.takeCounts()).toEqual({});
});

test('keeps the calls around one whose misuse is caught inside', async () => {
  const results = await bucket.pipeline((p) => {
    p.upsert('pipe:c', 1);
    expect(() => p.upsert('', 1)).toThrow(ArgumentError);
    p.get('pipe:c');
  });
  expect(results).toEqual([expect.anything(), expect.objectContaining({ value: 1 })]);
});

test('is not opened inside of another one', async () => {
  const nested = (build: (p: RawCollection) => void): Promise<CouchbaseError> => rejection(bucket.pipeline(build));
  expect(await nested((p) => void p.pipeline(() => {}))).toBeInstanceOf(PipelineError);
  expect(await nested(() => void bucket.raw.pipeline(() => {}))).toBeInstanceOf(PipelineError);
  expect(await nested(() => void bucket.raw.collection('c').pipeline(() => {}))).toBeInstanceOf(PipelineError);
  // The failed ones have left nothing behind.
  expect(await bucket.pipeline((p) => [p.exists('doc:1')])).toHaveLength(1);
});

test('takes no calls when it is complete', async () => {
  let kept: RawCollection | undefined;
  await bucket.pipeline((p) => {
    kept = p;
  });
  expect(() => kept!.get('doc:1')).toThrow(PipelineError);
  expect(() => kept!.getMulti(['doc:1'])).toThrow('the pipeline is complete');
  expect(() => kept!.observe('doc:1')).toThrow(PipelineError);
});

test('is put together by a function that is not async and returns calls of its own', async () => {
  await expect(bucket.pipeline(async () => {})).rejects.toThrow('must not be async');
  await expect(bucket.pipeline(5 as never)).rejects.toThrow('pipeline takes a function');
  let foreign: AsyncResult<unknown> | undefined;
  await bucket.pipeline((p) => {
    foreign = p.get('doc:1');
  });
  await expect(bucket.pipeline((p) => [p.get('doc:1'), foreign!])).rejects.toThrow(ArgumentError);
});

test('works on any collection, each with its own documents', async () => {
  const hotels = bucket.scope('inventory').collection('hotel');
  const [, there] = await hotels.pipeline((p) => [p.upsert('pipe:h', 1), p.exists('pipe:h')]);
  expect(there.exists).toBe(true);
  expect((await bucket.exists('pipe:h')).exists).toBe(false);
});

describe('with callbacks', () => {
  test('has one terminal call, and its results by key', async () => {
    const result = bucket.raw.pipeline((p) => [p.get('doc:1'), p.getMulti(['doc:2', 'doc:3'])]);
    expect(result.remaining).toBe(3);
    const calls = new TerminalCalls(result);
    const [first] = await calls.value();
    expect(first).toMatchObject({ value: { n: 1 } });
    expect(calls.all).toHaveLength(1);
    expect(result).toMatchObject({ remaining: 0, allOk: true });
    expect(result.get('doc:3')).toMatchObject({ value: { n: 3 } });
    expect(result.get('doc:4')).toBeUndefined();
    expect([...result].map(([key]) => key)).toEqual(['doc:1', 'doc:2', 'doc:3']);
  });

  test('cancels everything', async () => {
    const result = bucket.raw.pipeline((p) => [p.get('doc:1'), p.getMulti(['doc:2', 'doc:3']), p.observe('doc:4')]);
    expect(result.cancel('enough')).toBe(true);
    const error = await new TerminalCalls(result).error();
    expect(error).toBeInstanceOf(CancelledError);
    expect(error.cause).toBe('enough');
    expect(result.allOk).toBe(false);
    expect(result.cancel()).toBe(false);
  });

  test('does not send a call that was cancelled inside', async () => {
    const result = bucket.raw.pipeline((p) => {
      p.upsert('pipe:cancelled', 1).cancel();
      p.upsertMulti({ 'pipe:cancelled': 1 }).cancel();
      p.get('doc:1');
    });
    expect(await new TerminalCalls(result).error()).toBeInstanceOf(CancelledError);
    expect((await bucket.exists('pipe:cancelled')).exists).toBe(false);
  });

  test('throws when the bucket is not connected', async () => {
    const { username, password } = cluster;
    const other = await connect(`${cluster.connectionString}/default`, { username, password });
    const destroying = (p: RawCollection): void => {
      p.get('a');
      other.destroy();
    };
    expect(() => other.raw.pipeline(destroying)).toThrow(ClientTemporaryFailError);
    expect(() => other.raw.pipeline((p) => [p.get('a')])).toThrow(ClientTemporaryFailError);
  });
});
