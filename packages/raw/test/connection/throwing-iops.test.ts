import { ConnectError, type CouchbaseError, Opcode, Status, TimeoutError } from '@cb/protocol';
import { RawBucket } from '../../src/bucket/raw-bucket.js';
import type { EventAction } from '../../src/iops/constants.js';
import type { IOEvent } from '../../src/iops/event.js';
import type { IOSocket, SocketTarget } from '../../src/iops/iops.js';
import { NodeIOPS } from '../../src/iops/node-iops.js';
import { failure, settled } from '../scripted-bucket.js';
import { ScriptedNode } from '../scripted-node.js';

type Fault = 'openSocket' | 'updateEvent' | 'send' | 'recv' | 'destroy' | 'randomBytes' | 'startWatching';

/** Throws wherever it is told to. */
class ThrowingIOPS extends NodeIOPS {
  readonly faults = new Set<Fault>();

  fail(fault: Fault): void {
    if (this.faults.has(fault)) throw new Error(`${fault} is out of order`);
  }

  override openSocket(event: IOEvent, target: SocketTarget): IOSocket {
    this.fail('openSocket');
    const socket = super.openSocket(event, target);
    for (const method of ['send', 'recv', 'destroy'] as const) {
      const original = socket[method].bind(socket) as (bytes: Buffer) => never;
      Object.assign(socket, {
        [method]: (bytes: Buffer) => {
          const result: unknown = method === 'destroy' ? original(bytes) : undefined;
          this.fail(method);
          return method === 'destroy' ? result : original(bytes);
        },
      });
    }
    return socket;
  }

  override updateEvent(event: IOEvent, action: EventAction, flags: number): void {
    super.updateEvent(event, action, flags);
    this.fail('updateEvent');
  }

  override randomBytes(count: number): Buffer {
    this.fail('randomBytes');
    return super.randomBytes(count);
  }

  override startWatching(): void {
    this.fail('startWatching');
  }
}

const credentials = { username: 'u', password: 'p' };
let node: ScriptedNode;
let iops: ThrowingIOPS;
let bucket: RawBucket;

beforeEach(async () => {
  node = await ScriptedNode.start();
  iops = new ThrowingIOPS();
  bucket = new RawBucket(node.connectionString, { ...credentials, iops, timeout: 400 });
});

afterEach(async () => {
  iops.faults.clear();
  bucket.destroy();
  await node[Symbol.asyncDispose]();
});

test.each<Fault>(['openSocket', 'updateEvent', 'send', 'recv', 'randomBytes', 'startWatching'])(
  'connecting fails with what %s of the IOPS throws, and nothing is uncaught',
  async (fault) => {
    iops.faults.add(fault);
    const error = await failure(bucket.connect());
    expect(error).toBeInstanceOf(ConnectError);
    expect(error.message).toContain(`${fault} is out of order`);
    expect(await failure(bucket.connect())).toBe(error);
  },
);

test('a socket that throws when it is destroyed is given up all the same', async () => {
  await settled(bucket.connect());
  iops.faults.add('destroy').add('updateEvent');
  const waiting = failure(bucket.noop());
  bucket.destroy();
  expect((await waiting).code).toBe('object_destroyed');
});

test.each<Fault>(['updateEvent', 'send', 'recv'])(
  'a connection whose %s throws is broken, and the next one carries on',
  async (fault) => {
    await settled(bucket.connect());
    iops.faults.add(fault);
    const outcome = new Promise<CouchbaseError | undefined>((resolve) => {
      bucket.noop({ timeout: 5000 }).setCallbacks(
        () => resolve(undefined),
        (_result, _class, error) => resolve(error),
      );
    });
    setTimeout(() => iops.faults.clear(), 30);
    expect(await outcome).toBeUndefined();
  },
);

test('an upsert that failed as no socket could be opened is never carried out later', async () => {
  await settled(bucket.connect());
  iops.faults.add('openSocket');
  for (const connection of node.connections) connection.destroy();
  await failure(bucket.noop({ timeout: 50 }));
  const stored: string[] = [];
  node.script = (frame) => {
    if (frame.opcode !== Opcode.Set) return undefined;
    stored.push(frame.key.subarray(1).toString());
    return { status: Status.Success, cas: 1n };
  };
  const error = await failure(bucket.upsert('old', 1, { timeout: 100 }));
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error.ambiguous).toBe(false);
  expect(error.cause).toMatchObject({ name: 'ConnectError' });
  expect(error.message).toContain('openSocket is out of order');
  iops.faults.clear();
  await settled(bucket.upsert('new', 2, { timeout: 5000 }));
  expect(stored).toEqual(['new']);
});
