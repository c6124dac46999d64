import { ClientTemporaryFailError, CouchbaseError, ObjectDestroyedError, Opcode } from '@cb/protocol';
import { RawBucket } from '@cb/raw';
import type { ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { answerUnlessSilent, connectTo, quietNode } from './quiet-node.js';
import { allIsQuiet, TerminalCalls } from './terminal-calls.js';

let node: ScriptedNode;
let bucket: RawBucket;

beforeEach(async () => {
  node = await quietNode();
  bucket = await connectTo(node);
});

afterEach(async () => {
  bucket.destroy();
  await node[Symbol.asyncDispose]();
});

async function noConnections(): Promise<void> {
  while (node.connections.size > 0) await allIsQuiet();
}

describe('close', () => {
  test('waits for the answers that are under way, and takes nothing new', async () => {
    const order: string[] = [];
    node.script = (frame, socket) => {
      if (frame.opcode !== Opcode.Set) return answerUnlessSilent(frame);
      const header = Buffer.alloc(24);
      header[0] = 0x81;
      header[1] = Opcode.Set;
      header.writeUInt32BE(frame.opaque, 12);
      setTimeout(() => socket.write(header), 60);
      return 'silence';
    };
    const pending = new TerminalCalls(bucket.upsert('slow', 1));
    void pending.value().then(() => order.push('answered'));
    const closing = new TerminalCalls(bucket.close());
    const closed = closing.value().then(() => order.push('closed'));
    expect([bucket.state, bucket.connected]).toEqual(['closing', false]);
    expect(() => bucket.get('k')).toThrow(ClientTemporaryFailError);
    expect(() => bucket.get('k')).toThrow('closing');
    await closed;
    expect(order).toEqual(['answered', 'closed']);
    expect(bucket.state).toBe('closed');
    expect(() => bucket.get('k')).toThrow('closed');
    await noConnections();
    await allIsQuiet();
    expect([pending.all.length, closing.all.length]).toEqual([1, 1]);
  });

  test('lets the deadlines of silent operations end them', async () => {
    const pending = new TerminalCalls(bucket.get('silent', { timeout: 50 }));
    const closing = new TerminalCalls(bucket.close());
    expect((await pending.error()).code).toBe('timeout');
    await closing.value();
  });

  test('never calls back from inside the call, in any state, and every call is answered', async () => {
    const idle = new RawBucket(node.connectionString, { username: 'u', password: 'p' });
    const calls = [
      new TerminalCalls(idle.close()),
      new TerminalCalls(idle.close()),
      new TerminalCalls(bucket.close()),
      new TerminalCalls(bucket.close()),
    ];
    expect(calls.map(({ all }) => all)).toEqual([[], [], [], []]);
    await Promise.all(calls.map((each) => each.value()));
    const late = new TerminalCalls(bucket.close());
    expect(late.all).toEqual([]);
    await late.value();
    await allIsQuiet();
    expect([...calls, late].map(({ all }) => all.length)).toEqual([1, 1, 1, 1, 1]);
  });

  test('of a bucket that is connecting ends that, and both are answered', async () => {
    node.script = () => 'silence';
    const other = new RawBucket(node.connectionString, { username: 'u', password: 'p' });
    const connecting = new TerminalCalls(other.connect());
    const closing = new TerminalCalls(other.close());
    expect(await connecting.error()).toBeInstanceOf(ObjectDestroyedError);
    await closing.value();
    expect(other.state).toBe('closed');
  });

  test('from the callback of an operation', async () => {
    await new Promise<void>((resolve) => {
      bucket.get('k').callback = () => {
        bucket.close().callback = () => resolve();
      };
    });
    expect(bucket.state).toBe('closed');
  });
});

describe('destroy', () => {
  test('fails everything under way, each with an error of its own, never inside the call', async () => {
    const all = [
      new TerminalCalls(bucket.get('silent1')),
      new TerminalCalls(bucket.upsert('silent2', 1)),
      new TerminalCalls(bucket.close()),
    ];
    const [read, mutation, closing] = all as [TerminalCalls<unknown>, TerminalCalls<unknown>, TerminalCalls<unknown>];
    bucket.destroy();
    expect(all.map(({ all: calls }) => calls)).toEqual([[], [], []]);
    const errors = [await read.error(), await mutation.error()];
    for (const error of errors) expect(error).toBeInstanceOf(ObjectDestroyedError);
    expect(errors.map(({ key, operation, ambiguous }) => [key, operation, ambiguous])).toEqual([
      ['silent1', 'get', false],
      ['silent2', 'upsert', true],
    ]);
    expect(errors.map(({ allResults }) => allResults)).toEqual([read.result, mutation.result]);
    expect(errors.map(({ result }) => result)).toMatchObject([{ key: 'silent1' }, { key: 'silent2' }]);
    // It was asked to close, and it is closed.
    await closing.value();
    await noConnections();
    await allIsQuiet();
    expect(all.map(({ all: calls }) => calls.length)).toEqual([1, 1, 1]);
  });

  test('gives everybody the error that it is given', async () => {
    const calls = new TerminalCalls(bucket.get('silent'));
    const reason = new CouchbaseError('by the test');
    bucket.destroy(reason);
    expect(await calls.error()).toBe(reason);
    expect(calls.all[0]?.args.slice(0, 2)).toEqual([calls.result, CouchbaseError]);
  });

  test('may be called again, and from a callback, in any state', async () => {
    const idle = new RawBucket(node.connectionString);
    idle.destroy();
    idle.destroy();
    expect(idle.state).toBe('closed');
    const all = [1, 2, 3].map(() => new TerminalCalls(bucket.get('k')));
    const { callback } = all[0]!.result;
    all[0]!.result.callback = (result) => {
      callback?.(result);
      bucket.destroy();
      bucket.destroy();
    };
    await Promise.all(all.map(({ first }) => first));
    await allIsQuiet();
    expect(all.map(({ all: calls }) => calls.length)).toEqual([1, 1, 1]);
    expect(bucket.state).toBe('closed');
  });
});
