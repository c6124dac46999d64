import { EmbeddedCluster } from '@cb/embedded';
import { NotFoundError, ValueFormatError } from '@cb/protocol';
import { type AsyncResult, ExistsResult, OperationResult, RawBucket, Result, ValueResult } from '@cb/raw';
import { allIsQuiet, TerminalCalls } from './terminal-calls.js';

let cluster: EmbeddedCluster;
let bucket: RawBucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 3 });
  bucket = new RawBucket(`${cluster.connectionString}/default`, {
    username: cluster.username,
    password: cluster.password,
  });
  await new TerminalCalls(bucket.connect()).value();
  await new TerminalCalls(bucket.upsert('there', { n: 1 })).value();
  await new TerminalCalls(bucket.upsert('text', 'a', { format: 0x04000004 })).value();
  await new TerminalCalls(bucket.counter('count', { initial: 1 })).value();
});

afterAll(async () => {
  bucket.destroy();
  await cluster.stop();
});

/** Every operation, on documents that let it succeed and on one that makes it fail. */
const succeeding: readonly (readonly [string, () => AsyncResult<Result>, abstract new (...args: never[]) => Result])[] =
  [
    ['get', () => bucket.get('there'), ValueResult],
    ['get with ttl', () => bucket.get('there', { ttl: 100 }), ValueResult],
    ['upsert', () => bucket.upsert('stored', 1), OperationResult],
    ['insert', () => bucket.insert(`new-${Math.random()}`, 1), OperationResult],
    ['replace', () => bucket.replace('there', { n: 1 }), OperationResult],
    ['append', () => bucket.append('text', 'b'), OperationResult],
    ['prepend', () => bucket.prepend('text', 'c'), OperationResult],
    ['counter', () => bucket.counter('count'), ValueResult],
    ['touch', () => bucket.touch('there'), OperationResult],
    ['exists', () => bucket.exists('there'), ExistsResult],
    ['noop', () => bucket.noop(), Result],
    ['remove', () => bucket.remove('none', { quiet: true }), OperationResult],
    ['lock', () => bucket.lock('none', { ttl: 1, quiet: true }), ValueResult],
  ];
const failing: readonly (readonly [string, () => AsyncResult<Result>])[] = [
  ['get', () => bucket.get('none')],
  ['get with ttl', () => bucket.get('none', { ttl: 100 })],
  ['upsert', () => bucket.upsert('none', 1, { cas: 1n })],
  ['insert', () => bucket.insert('there', 1)],
  ['replace', () => bucket.replace('none', 1)],
  ['append', () => bucket.append('none', 'b')],
  ['prepend', () => bucket.prepend('none', 'c')],
  ['counter', () => bucket.counter('none')],
  ['touch', () => bucket.touch('none')],
  ['remove', () => bucket.remove('none')],
  ['lock', () => bucket.lock('none', { ttl: 1 })],
  ['unlock', () => bucket.unlock('none', { cas: 1n })],
];

describe('success', () => {
  test.each(succeeding)('%s calls callback with its result, and nothing else', async (_name, schedule, kind) => {
    const result = schedule();
    expect(result.remaining).toBe(1);
    expect(result.allOk).toBe(true);
    expect([...result]).toEqual([]);
    const calls = new TerminalCalls(result);
    // Neither slot was called from inside the call that returned the result.
    expect(calls.all).toEqual([]);
    await calls.first;
    await allIsQuiet();
    expect(calls.all).toHaveLength(1);
    expect(calls.all[0]?.slot).toBe('callback');
    expect(calls.all[0]?.args).toHaveLength(1);
    const [got] = calls.all[0]!.args as [Result];
    expect(got).toBeInstanceOf(kind);
    expect(result.remaining).toBe(0);
    expect(result.get(got.key)).toBe(got);
    expect([...result]).toEqual([[got.key, got]]);
  });

  test('the result is in its place, and nothing remains, when callback is called', async () => {
    const result = bucket.get('there');
    const seen = await new Promise<unknown[]>((resolve) => {
      result.callback = (got) => resolve([got, result.get('there'), result.remaining, result.get('other')]);
    });
    expect(seen).toEqual([seen[0], seen[0], 0, undefined]);
  });

  test('an errback that is not set does not matter', async () => {
    const result = bucket.get<{ n: number }>('there');
    const { value } = await new Promise<ValueResult<{ n: number }>>((resolve) => {
      result.callback = resolve;
    });
    expect(value).toEqual({ n: 1 });
  });
});

describe('failure', () => {
  test.each(failing)('%s calls errback with four arguments, and nothing else', async (name, schedule) => {
    const result = schedule();
    const calls = new TerminalCalls(result);
    expect(calls.all).toEqual([]);
    await calls.first;
    await allIsQuiet();
    expect(calls.all).toHaveLength(1);
    expect(calls.all[0]?.slot).toBe('errback');
    const { args } = calls.all[0]!;
    expect(args).toHaveLength(4);
    const [opres, errorClass, , traceback] = args;
    const error = await calls.error();
    expect(opres).toBe(result);
    expect(errorClass).toBe(error.constructor);
    expect(traceback).toBe(error.stack);
    expect(error.operation).toBe(name.split(' ')[0]);
    expect(error.allResults).toBe(result);
    expect(error.result).toBe(result.get(error.key!));
    expect(error.result).toMatchObject({ key: error.key, success: false });
    expect((error.result as Result).rc).not.toBe(0);
    expect(result.remaining).toBe(0);
    expect(result.allOk).toBe(false);
  });

  test('the failed result carries the code of the error and no value', async () => {
    const error = await new TerminalCalls(bucket.get('none')).error();
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error.result).toBeInstanceOf(ValueResult);
    expect(error.result).toMatchObject({ rc: error.rc, cas: 0n, flags: 0, value: undefined });
    expect(error.rc).toBe(0x0d);
  });

  test('a value that cannot be decoded is a failure', async () => {
    await new TerminalCalls(bucket.upsert('broken', 'no JSON', { format: 0x04000004 })).value();
    const { cas } = await new TerminalCalls(bucket.get('broken')).value();
    const misled = new RawBucket(`${cluster.connectionString}/default`, {
      username: cluster.username,
      password: cluster.password,
      transcoder: {
        encodeValue: () => ({ payload: 'no JSON', flags: 0x02000000, datatype: 0 }),
        decodeValue: () => {
          throw new RangeError('by the test');
        },
      },
    });
    await new TerminalCalls(misled.connect()).value();
    await new TerminalCalls(misled.upsert('broken', 1, { cas })).value();
    const own = await new TerminalCalls(misled.get('broken')).error();
    expect(own).toBeInstanceOf(ValueFormatError);
    expect(own.cause).toBeInstanceOf(RangeError);
    expect(await new TerminalCalls(bucket.get('broken')).error()).toBeInstanceOf(ValueFormatError);
    const bytes = await new TerminalCalls(bucket.get('broken', { noFormat: true })).value();
    expect(bytes.value).toEqual(Buffer.from('no JSON'));
    misled.destroy();
  });
});

describe('the slots', () => {
  test('setCallbacks sets both, clearCallbacks neither', () => {
    const result = bucket.get('there');
    const callback = (): void => {};
    const errback = (): void => {};
    result.setCallbacks(callback, errback);
    expect(result.callback).toBe(callback);
    expect(result.errback).toBe(errback);
    result.clearCallbacks();
    expect(result.callback).toBeUndefined();
    expect(result.errback).toBeUndefined();
    result.setCallbacks(callback, errback);
  });

  test('what is set last before the answer is called, and only that', async () => {
    const called: string[] = [];
    const result = bucket.get('there');
    result.callback = () => called.push('first');
    result.callback = () => called.push('second');
    await new TerminalCalls(bucket.noop()).value();
    await allIsQuiet();
    expect(called).toEqual(['second']);
  });

  test('setting a slot after the answer calls nothing', async () => {
    const calls = new TerminalCalls(bucket.get('there'));
    await calls.first;
    const late: string[] = [];
    calls.result.setCallbacks(
      () => late.push('callback'),
      () => late.push('errback'),
    );
    await allIsQuiet();
    expect(late).toEqual([]);
  });

  test('operations may be scheduled from inside both, and cancelled too late', async () => {
    const events = await new Promise<string[]>((resolve) => {
      const seen: string[] = [];
      const first = bucket.get('none');
      first.errback = (opres) => {
        seen.push(`cancelled: ${opres.cancel()}`);
        const second = bucket.get('there');
        seen.push('scheduled');
        second.callback = () => {
          seen.push('second');
          resolve(seen);
        };
      };
    });
    expect(events).toEqual(['cancelled: false', 'scheduled', 'second']);
  });

  test('a thousand operations make a thousand calls', async () => {
    const all = Array.from(
      { length: 1000 },
      (_none, index) => new TerminalCalls(index % 3 === 0 ? bucket.get('none') : bucket.get('there')),
    );
    await Promise.all(all.map(({ first }) => first));
    await allIsQuiet();
    expect(all.map(({ all: calls }) => calls.length)).toEqual(all.map(() => 1));
    expect(all.filter(({ all: calls }) => calls[0]?.slot === 'errback')).toHaveLength(334);
  });
});
