import { EmbeddedCluster } from '@cb/embedded';
import { DocumentLockedError, KeyExistsError, NotFoundError, NotStoredError } from '@cb/protocol';
import { type AsyncResult, RawBucket, type Result, ValueResult } from '@cb/raw';
import { TerminalCalls } from './terminal-calls.js';

let cluster: EmbeddedCluster;
let bucket: RawBucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start();
  bucket = new RawBucket(`${cluster.connectionString}/default`, {
    username: cluster.username,
    password: cluster.password,
  });
  await new TerminalCalls(bucket.connect()).value();
  await new TerminalCalls(bucket.upsert('there', 1)).value();
});

afterAll(async () => {
  bucket.destroy();
  await cluster.stop();
});

afterEach(() => {
  bucket.quiet = false;
});

interface Quiet {
  readonly quiet?: boolean;
}

const heeding: readonly (readonly [string, (options: Quiet) => AsyncResult<Result>])[] = [
  ['get', (options) => bucket.get('none', options)],
  ['get with ttl', (options) => bucket.get('none', { ttl: 10, ...options })],
  ['remove', (options) => bucket.remove('none', options)],
  ['lock', (options) => bucket.lock('none', { ttl: 10, ...options })],
];

describe.each(heeding)('%s of a missing document', (_name, schedule) => {
  async function expectQuiet(options: Quiet): Promise<void> {
    const calls = new TerminalCalls(schedule(options));
    const result = await calls.value();
    expect(result).toBeInstanceOf(ValueResult);
    expect(result).toMatchObject({ key: 'none', success: false, rc: 0x0d, value: undefined, cas: 0n });
    // A failure is a failure, whichever slot it goes to.
    expect(calls.result.allOk).toBe(false);
    expect(calls.result.get('none')).toBe(result);
  }

  async function expectError(options: Quiet): Promise<void> {
    expect(await new TerminalCalls(schedule(options)).error()).toBeInstanceOf(NotFoundError);
  }

  test('is an error by default', () => expectError({}));

  test('is a result when the operation asks for quiet', () => expectQuiet({ quiet: true }));

  test('is a result when the bucket is quiet', async () => {
    bucket.quiet = true;
    await expectQuiet({});
  });

  test('is an error when the operation is not quiet though the bucket is', async () => {
    bucket.quiet = true;
    await expectError({ quiet: false });
  });
});

const neverQuiet: readonly (readonly [string, () => AsyncResult<Result>, abstract new (...args: never[]) => Error])[] =
  [
    ['replace', () => bucket.replace('none', 1), NotFoundError],
    ['append', () => bucket.append('none', 'x'), NotStoredError],
    ['prepend', () => bucket.prepend('none', 'x'), NotStoredError],
    ['counter', () => bucket.counter('none'), NotFoundError],
    ['touch', () => bucket.touch('none', { ttl: 10 }), NotFoundError],
    ['unlock', () => bucket.unlock('none', { cas: 1n }), NotFoundError],
    ['upsert with a CAS', () => bucket.upsert('none', 1, { cas: 1n }), NotFoundError],
  ];

test.each(neverQuiet)('a quiet bucket does not change %s of a missing document', async (_name, schedule, kind) => {
  bucket.quiet = true;
  expect(await new TerminalCalls(schedule()).error()).toBeInstanceOf(kind);
});

test('quiet hides nothing but missing documents', async () => {
  bucket.quiet = true;
  await new TerminalCalls(bucket.lock('there', { ttl: 10 })).value();
  const second = bucket.lock('there', { ttl: 10, timeout: 100 });
  expect(await new TerminalCalls(second).error()).toBeInstanceOf(DocumentLockedError);
  await new TerminalCalls(bucket.upsert('other', 1)).value();
  expect(await new TerminalCalls(bucket.remove('other', { cas: 1n })).error()).toBeInstanceOf(KeyExistsError);
  expect(await new TerminalCalls(bucket.insert('other', 1)).error()).toBeInstanceOf(KeyExistsError);
});

test('exists says no instead of failing, quiet or not', async () => {
  const calls = new TerminalCalls(bucket.exists('none'));
  expect(await calls.value()).toMatchObject({ success: true, exists: false, cas: 0n });
  expect(calls.result.allOk).toBe(true);
});
