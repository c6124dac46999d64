import { EmbeddedCluster } from '@cb/embedded';
import {
  AuthError,
  BucketNotFoundError,
  ClientTemporaryFailError,
  ConnectError,
  ObjectDestroyedError,
} from '@cb/protocol';
import { RawBucket } from '@cb/raw';
import { ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { freePort } from '../peers/memcached.js';
import { allIsQuiet, TerminalCalls } from './terminal-calls.js';

let cluster: EmbeddedCluster;
const buckets: RawBucket[] = [];

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ nodes: 2 });
});

afterEach(() => {
  for (const bucket of buckets.splice(0)) bucket.destroy();
});

afterAll(() => cluster.stop());

function make(name = 'default', { username, password } = cluster as { username: string; password: string }): RawBucket {
  const bucket = new RawBucket(`${cluster.connectionString}/${name}`, { username, password });
  buckets.push(bucket);
  return bucket;
}

test('calls back once, with nothing, when operations are possible', async () => {
  const bucket = make();
  expect([bucket.state, bucket.connected, bucket.serverNodes]).toEqual(['idle', false, []]);
  const calls = new TerminalCalls(bucket.connect());
  expect([bucket.state, bucket.connected, calls.result.remaining]).toEqual(['connecting', false, 1]);
  await calls.value();
  expect([bucket.state, bucket.connected, calls.result.remaining]).toEqual(['connected', true, 0]);
  expect(bucket.serverNodes).toHaveLength(2);
  await allIsQuiet();
  expect(calls.all).toEqual([{ slot: 'callback', args: [undefined] }]);
});

test('called twice, each call has a result of its own and is answered', async () => {
  const bucket = make();
  const twice = [new TerminalCalls(bucket.connect()), new TerminalCalls(bucket.connect())];
  expect(twice[0]?.result).not.toBe(twice[1]?.result);
  await Promise.all(twice.map((calls) => calls.value()));
  await allIsQuiet();
  expect(twice.map(({ all }) => all.length)).toEqual([1, 1]);
});

test('called late, it succeeds later and never in the call', async () => {
  const bucket = make();
  await new TerminalCalls(bucket.connect()).value();
  const late = new TerminalCalls(bucket.connect());
  expect(late.all).toEqual([]);
  await late.value();
});

test('called from its own callback, it succeeds', async () => {
  const bucket = make();
  await new Promise<void>((resolve) => {
    bucket.connect().callback = () => {
      bucket.connect().callback = () => resolve();
    };
  });
});

test('operations are possible from its callback on, and not before', async () => {
  const bucket = make();
  expect(() => bucket.get('k')).toThrow(ClientTemporaryFailError);
  expect(() => bucket.get('k')).toThrow('idle');
  const connecting = bucket.connect();
  expect(() => bucket.upsert('k', 1)).toThrow(ClientTemporaryFailError);
  expect(() => bucket.noop()).toThrow('connecting');
  const stored = await new Promise<boolean>((resolve, reject) => {
    connecting.setCallbacks(
      () => bucket.upsert('k', 1).setCallbacks(({ success }) => resolve(success), reject),
      reject,
    );
  });
  expect(stored).toBe(true);
});

test.each([
  ['a wrong password', () => make('default', { username: 'Administrator', password: 'wrong' }), AuthError],
  ['an unknown user', () => make('default', { username: 'nobody', password: 'password' }), AuthError],
  ['a missing bucket', () => make('none'), BucketNotFoundError],
])('with %s it fails, also for later callers', async (_what, build, kind) => {
  const bucket = build();
  const calls = new TerminalCalls(bucket.connect());
  const error = await calls.error();
  expect(error).toBeInstanceOf(kind);
  expect(calls.all[0]?.args).toEqual([calls.result, kind, error, error.stack]);
  expect([bucket.state, bucket.connected, calls.result.allOk]).toEqual(['failed', false, false]);
  const late = new TerminalCalls(bucket.connect());
  expect(late.all).toEqual([]);
  expect(await late.error()).toBe(error);
  expect(() => bucket.get('k')).toThrow(ClientTemporaryFailError);
  await allIsQuiet();
  expect([calls.all.length, late.all.length]).toEqual([1, 1]);
});

test('with every port refused it says where, at which step and why', async () => {
  const ports = [await freePort(), await freePort()];
  const bucket = new RawBucket(`couchbase://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/default`);
  buckets.push(bucket);
  const error = await new TerminalCalls(bucket.connect()).error();
  expect(error).toBeInstanceOf(ConnectError);
  const { seeds } = error as ConnectError;
  expect(seeds.map(({ address }) => address).sort()).toEqual(ports.map((port) => `127.0.0.1:${port}`).sort());
  expect(seeds.map(({ step }) => step)).toEqual(['connect', 'connect']);
  for (const { cause } of seeds) expect(cause.message).toContain('ECONNREFUSED');
});

test('begun and then destroyed, it fails with ObjectDestroyedError, once', async () => {
  await using node = await ScriptedNode.start(() => 'silence');
  const bucket = new RawBucket(node.connectionString, { username: 'u', password: 'p' });
  const calls = [new TerminalCalls(bucket.connect()), new TerminalCalls(bucket.connect())];
  while (node.received.length === 0) await allIsQuiet();
  bucket.destroy();
  expect(calls.map(({ all }) => all)).toEqual([[], []]);
  for (const each of calls) expect(await each.error()).toBeInstanceOf(ObjectDestroyedError);
  await allIsQuiet();
  expect(calls.map(({ all }) => all.length)).toEqual([1, 1]);
  expect(bucket.state).toBe('closed');
  expect(node.connections.size).toBe(0);
});

test('after close it fails with ObjectDestroyedError', async () => {
  const bucket = make();
  await new TerminalCalls(bucket.connect()).value();
  await new TerminalCalls(bucket.close()).value();
  const late = new TerminalCalls(bucket.connect());
  expect(late.all).toEqual([]);
  expect(await late.error()).toBeInstanceOf(ObjectDestroyedError);
});
