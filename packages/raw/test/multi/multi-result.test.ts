import { inspect } from 'node:util';
import {
  CancelledError,
  type CouchbaseError,
  DocumentLockedError,
  type Frame,
  Opcode,
  Status,
  ValueFormatError,
} from '@cb/protocol';
import { type MultiResult, RawBucket, type ValueResult } from '../../src/index.js';
import { failFast } from '../../src/operation/retry-strategy.js';
import { type Answer, reply, ScriptedNode } from '../scripted-node.js';

type Parts = Exclude<Answer, string | { readonly bytes: Buffer }>;

const FLAGS_JSON = Buffer.from([2, 0, 0, 0]);
const MISSING: Parts = { status: Status.KeyNotFound };
const LOCKED: Parts = { status: Status.Locked };
const value = (json: string): Parts => ({ status: Status.Success, extras: FLAGS_JSON, value: json, cas: 1n });

let node: ScriptedNode;
let bucket: RawBucket;

beforeEach(async () => {
  node = await ScriptedNode.start();
  bucket = await connected();
});

async function connected(parameters = ''): Promise<RawBucket> {
  const opened = new RawBucket(`${node.connectionString}${parameters}`, { username: 'u', password: 'p' });
  await new Promise((resolve, reject) => opened.connect().setCallbacks(resolve as () => void, reject));
  return opened;
}

/** From now on operations on one key are on the wire together. */
async function connectOrdered(): Promise<void> {
  bucket.destroy();
  bucket = await connected('&enable_unordered_execution=false');
}

afterEach(async () => {
  bucket.destroy();
  await node[Symbol.asyncDispose]();
});

/** Answers the reads when all of them are there: `order` has the places of the requests, and what each is told. */
function answerInOrder(order: readonly (readonly [number, Parts])[]): void {
  const waiting: ((parts: Parts) => Buffer)[] = [];
  node.script = (frame, socket) => {
    if (frame.opcode !== Opcode.Get) return undefined;
    waiting.push(replyTo(frame));
    if (waiting.length === order.length) for (const [place, parts] of order) socket.write(waiting[place]!(parts));
    return 'silence';
  };
}

/** The frame is a view that will show another one. */
function replyTo({ opcode, opaque }: Frame): (parts: Parts) => Buffer {
  return (parts) => reply({ opcode, opaque } as Frame, parts);
}

function outcome<R>(result: MultiResult<ValueResult<R>>): Promise<CouchbaseError | undefined> {
  return new Promise((resolve) => {
    result.setCallbacks(
      () => resolve(undefined),
      (_results, _errorClass, error) => resolve(error),
    );
  });
}

test('delivers the first failure in the order of arrival', async () => {
  answerInOrder([
    [2, value('3')],
    [1, LOCKED],
    [0, MISSING],
  ]);
  const result = bucket.getMulti(['a', 'b', 'c'], { retry: failFast });
  const error = await outcome(result);
  expect(error).toBeInstanceOf(DocumentLockedError);
  expect([...result.errors.keys()]).toEqual(['b', 'a']);
  expect([...result.keys()]).toEqual(['a', 'b', 'c']);
});

test('delivers that a value cannot be decoded before all other failures', async () => {
  answerInOrder([
    [0, MISSING],
    [2, value('{')],
    [1, value('[')],
    [3, value('4')],
  ]);
  const result = bucket.getMulti(['a', 'b', 'c', 'd']);
  const error = await outcome(result);
  expect(error).toBeInstanceOf(ValueFormatError);
  expect(error!.key).toBe('c');
  expect([...result.errors.keys()]).toEqual(['a', 'c', 'b']);
  expect(result.get('d')!.value).toBe(4);
});

test('has the result of the operation on a key that was answered last', async () => {
  const warnings = jest.spyOn(process, 'emitWarning').mockImplementation();
  answerInOrder([
    [2, value('"third"')],
    [1, value('"second"')],
    [0, value('"first"')],
  ]);
  await connectOrdered();
  const result = bucket.getMulti<string>(['a', 'a', 'a']);
  expect(result).toMatchObject({ remaining: 3, size: 0, duplicates: ['a', 'a'] });
  expect(await outcome(result)).toBeUndefined();
  expect(result).toMatchObject({ remaining: 0, size: 1 });
  expect(result.get('a')!.value).toBe('first');
  expect(warnings).toHaveBeenCalledTimes(1);
  warnings.mockRestore();
});

test('has the result of one operation on a key while another waits', async () => {
  const warnings = jest.spyOn(process, 'emitWarning').mockImplementation();
  let reads = 0;
  node.script = ({ opcode }) => {
    if (opcode !== Opcode.Get) return undefined;
    return reads++ === 0 ? value('"first"') : 'silence';
  };
  await connectOrdered();
  const result = bucket.getMulti<string>(['a', 'a', 'b']);
  const done = outcome(result);
  while (result.remaining === 3) await new Promise(setImmediate);
  expect([result.size, [...result.keys()], result.get('a')!.value]).toEqual([1, ['a'], 'first']);
  result.cancel();
  expect(await done).toBeInstanceOf(CancelledError);
  expect([result.size, [...result.keys()], result.get('a')!.success]).toEqual([2, ['a', 'b'], false]);
  warnings.mockRestore();
});

test('fills as results arrive, and calls back once, with the last', async () => {
  const seen: number[] = [];
  let calls = 0;
  answerInOrder([
    [0, value('1')],
    [1, MISSING],
  ]);
  const result = bucket.getMulti(['a', 'b'], { quiet: true });
  await new Promise<void>((resolve) => {
    result.callback = (results) => {
      calls++;
      seen.push(results.remaining, results.size);
      resolve();
    };
  });
  expect(seen).toEqual([0, 2]);
  expect(calls).toBe(1);
  expect(result).toMatchObject({ allOk: false });
  expect(result.errors.size).toBe(0);
});

test('tells only failures that quiet does not allow', async () => {
  answerInOrder([
    [0, MISSING],
    [1, LOCKED],
  ]);
  const result = bucket.getMulti(['a', 'b'], { quiet: true, retry: failFast });
  const error = await outcome(result);
  expect(error).toBeInstanceOf(DocumentLockedError);
  expect([...result.errors.keys()]).toEqual(['b']);
});

test('is shown by its results, and so is an operation that an error refers to', async () => {
  answerInOrder([
    [0, value('1')],
    [1, MISSING],
  ]);
  const read = bucket.getMulti(['a', 'b'], { quiet: true });
  expect(inspect(read)).toBe('MultiResult Map(0) {}');
  await outcome(read);
  expect(inspect(read)).toMatch(
    /^MultiResult Map\(2\) {\s+'a' => ValueResult {[^}]* value: 1,[^}]*},\s+'b' => ValueResult {/,
  );
  const { a, b } = JSON.parse(JSON.stringify(read));
  expect([a.value, b.value]).toEqual([1, undefined]);

  answerInOrder([[0, MISSING]]);
  const single = bucket.get('c');
  const error = await new Promise<CouchbaseError>((resolve) =>
    single.setCallbacks(
      () => {},
      (_result, _errorClass, failure) => resolve(failure),
    ),
  );
  expect(error.allResults).toBe(single);
  expect(inspect(error.allResults, { depth: 1 })).toMatch(/^Operation Map\(1\) {\s+'c' => ValueResult {[^{}]*}\s+}$/);
});
