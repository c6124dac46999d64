import { Opcode, vbucketOf } from '@cb/protocol';
import { RawBucket } from '../../src/bucket/raw-bucket.js';
import type { IOEvent } from '../../src/iops/event.js';
import type { IOSocket, SocketTarget } from '../../src/iops/iops.js';
import { NodeIOPS } from '../../src/iops/node-iops.js';
import { settled } from '../scripted-bucket.js';
import { ScriptedNode } from '../scripted-node.js';

/** Counts the blocks that each port is sent. */
class CountingIOPS extends NodeIOPS {
  readonly sends = new Map<number, number>();

  override openSocket(event: IOEvent, target: SocketTarget): IOSocket {
    const socket = super.openSocket(event, target);
    const send = socket.send.bind(socket);
    socket.send = (bytes) => {
      this.sends.set(target.port, (this.sends.get(target.port) ?? 0) + 1);
      return send(bytes);
    };
    return socket;
  }
}

describe('operations for one node in one turn of the event loop', () => {
  let there: ScriptedNode;
  let here: ScriptedNode;
  let iops: CountingIOPS;
  let bucket: RawBucket;

  beforeEach(async () => {
    there = await ScriptedNode.start();
    here = await ScriptedNode.start();
    const ports = [there.port, here.port];
    const overrides = {
      nodesExt: ports.map((kv) => ({ services: { kv } })),
      vBucketServerMap: { serverList: ports.map((port) => `127.0.0.1:${port}`), vBucketMap: [[0], [1]] },
    };
    for (const node of [there, here]) {
      const config = node.config(overrides);
      node.script = ({ opcode }) => {
        if (opcode === Opcode.GetClusterConfig) return { status: 0, value: config };
        return opcode === Opcode.Get ? 'silence' : undefined;
      };
    }
    iops = new CountingIOPS();
    bucket = new RawBucket(there.connectionString, { username: 'u', password: 'p', iops, timeout: 60_000 });
    await settled(bucket.connect());
    await settled(bucket.waitUntilReady());
  });

  afterEach(async () => {
    bucket.destroy();
    await Promise.all([there, here].map((node) => node[Symbol.asyncDispose]()));
  });

  let keys = 0;

  /** Begins so many gets at a node, each of another key, whose answers never come. */
  function begin(node: 0 | 1, count: number): void {
    for (let begun = 0; begun < count; ) {
      const key = `key-${keys++}`;
      if (vbucketOf(key, 2) !== node) continue;
      bucket.get(key).setCallbacks(
        () => {},
        () => {},
      );
      begun++;
    }
  }

  /** How many blocks a node is sent for gets that begin one after the other within a turn. */
  async function blocksFor(node: ScriptedNode, counts: readonly number[]): Promise<number> {
    const before = iops.sends.get(node.port)!;
    const asked = node.received.length;
    for (const count of counts) {
      begin(1, count);
      // What is due at the next tick is done then, and the turn is not over.
      await new Promise<void>((resolve) => process.nextTick(() => process.nextTick(resolve)));
    }
    const sum = counts.reduce((all, count) => all + count, 0);
    while (node.received.length < asked + sum) await new Promise((resolve) => setTimeout(resolve, 1));
    return iops.sends.get(node.port)! - before;
  }

  test('go out together when many answers are awaited from others', async () => {
    begin(0, 8);
    await new Promise(setImmediate);
    expect(await blocksFor(here, [1, 2, 3])).toBe(1);
  });

  test('go out at once when few are, or when they are many themselves', async () => {
    begin(0, 7);
    await new Promise(setImmediate);
    expect(await blocksFor(here, [1, 2, 3])).toBe(3);
    begin(0, 8);
    await new Promise(setImmediate);
    expect(await blocksFor(here, [8, 9])).toBe(2);
  });
});
