import { Feature, NotFoundError, Opcode, QueueFullError, Status } from '@cb/protocol';
import { LookupInSpec } from '../../src/index.js';
import { BUSY, document, HeldNode, having, MISSING, OK, outcome, outcomes } from '../held-node.js';

let held: HeldNode;

beforeEach(async () => {
  held = await HeldNode.start();
});

afterEach(() => held[Symbol.asyncDispose]());

test('the server is asked for unordered execution, unless that is switched off', async () => {
  const asked: number[][] = [];
  const { script } = held.node;
  held.node.script = (frame, socket) => {
    if (frame.opcode === Opcode.Hello) {
      asked.push(Array.from({ length: frame.valueLength / 2 }, (_none, index) => frame.value.readUInt16BE(2 * index)));
    }
    return script(frame, socket);
  };
  for (const parameters of ['', '&enable_unordered_execution=true', '&enable_unordered_execution=false']) {
    (await held.connected(parameters)).destroy();
  }
  expect(asked.map((features) => features.includes(Feature.UnorderedExecution))).toEqual([true, true, false]);
});

test('an operation waits for the one before it on its key, and for no other', async () => {
  const writes = [1, 2, 3].map((version) => held.bucket.upsert('k', version));
  // The CRC-32 of the last two is the same.
  const others = ['l', 'plumless', 'buckeroo'].map((key) => held.bucket.upsert(key, 1));
  expect(await held.settled()).toEqual(['upsert k', 'upsert l', 'upsert plumless', 'upsert buckeroo']);
  for (const [index, place] of [0, 4, 5].entries()) {
    held.answer(place, OK);
    expect(await outcome(writes[index]!)).toMatchObject({ success: true });
    // The next one, if there is one, and only that.
    expect(await held.settled()).toHaveLength(Math.min(index + 5, 6));
  }
  for (const each of held.received.slice(1, 4)) each.answer(OK);
  for (const result of await outcomes(others)) expect(result).toMatchObject({ success: true });
});

test('reads wait for each other, too, so that none sees what an earlier one does not', async () => {
  const all = outcomes([
    held.bucket.get('k'),
    held.bucket.lookupIn('k', [LookupInSpec.get('a')]),
    held.bucket.get('k'),
  ]);
  expect(await held.settled()).toEqual(['get k']);
  held.answer(0, document('1'));
  await held.arrival(2);
  expect(await held.settled()).toEqual(['get k', 'lookupIn k']);
  held.answer(1, MISSING);
  expect(await held.arrival(3)).toEqual(['get k', 'lookupIn k', 'get k']);
  held.answer(2, document('2'));
  expect(await all).toEqual([having(1), expect.any(NotFoundError), having(2)]);
});

test('operations on one key are on the wire together where the server keeps their order', async () => {
  const ordered = await held.connected('&enable_unordered_execution=false');
  const all = outcomes([ordered.upsert('k', 1), ordered.get('k'), ordered.get('k'), ordered.upsert('k', 2)]);
  expect(await held.arrival(4)).toEqual(['upsert k', 'get k', 'get k', 'upsert k']);
  for (const each of held.received) each.answer(each.name === 'get k' ? document('1') : OK);
  await all;
  ordered.destroy();
});

test('replicas are read while an operation on the key waits for its answer', async () => {
  const map = { serverList: [`$HOST:${held.node.port}`], vBucketMap: [[0, 0]], numReplicas: 1 };
  const { script } = held.node;
  held.node.script = (frame, socket) =>
    frame.opcode === Opcode.GetClusterConfig
      ? { status: Status.Success, value: held.node.config({ vBucketServerMap: map }) }
      : script(frame, socket);
  const replicated = await held.connected();
  const written = outcome(replicated.upsert('k', 1));
  const read = outcome(replicated.getReplica('k', { replicaIndex: 0 }));
  expect(await held.arrival(2)).toEqual(['upsert k', 'getReplica k']);
  held.answer(1, document('"old"'));
  expect((await read).value).toBe('old');
  held.answer(0, OK);
  await written;
  replicated.destroy();
});

describe('an operation that waits for its key', () => {
  test('goes on at once when the one before is cancelled', async () => {
    const [first, second] = [held.bucket.upsert('k', 1), held.bucket.upsert('k', 2)];
    const all = outcomes([first, second]);
    expect(await held.settled()).toEqual(['upsert k']);
    first.cancel();
    await held.arrival(2);
    held.answer(1, OK);
    expect(await all).toMatchObject([{ code: 'cancelled', ambiguous: true }, { success: true }]);
  });

  test('goes on when the one before runs out of time', async () => {
    const all = outcomes([held.bucket.upsert('k', 1, { timeout: 50 }), held.bucket.upsert('k', 2)]);
    await held.arrival(2);
    held.answer(1, OK);
    expect(await all).toMatchObject([{ code: 'timeout', ambiguous: true }, { success: true }]);
  });

  test('is cancelled, and runs out of time, without having been sent', async () => {
    const [first, second, third, fourth] = [
      held.bucket.upsert('k', 1),
      held.bucket.upsert('k', 2),
      held.bucket.upsert('k', 3, { timeout: 50 }),
      held.bucket.upsert('k', 4),
    ];
    const all = outcomes([first, second, third, fourth]);
    second.cancel();
    while (third.remaining > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    held.answer(0, OK);
    await held.arrival(2);
    held.answer(1, OK);
    expect(await all).toMatchObject([
      { success: true },
      { code: 'cancelled', ambiguous: false, attempts: 0 },
      {
        code: 'timeout',
        ambiguous: false,
        attempts: 0,
        message: expect.stringContaining('earlier operations on its key'),
      },
      { success: true },
    ]);
    expect(await held.settled()).toHaveLength(2);
  });

  test('is waited for by close, and ended by destroy', async () => {
    const closing = outcomes([held.bucket.upsert('k', 1), held.bucket.upsert('k', 2)]);
    await held.arrival(1);
    const closed = outcome(held.bucket.close());
    held.answer(0, OK);
    await held.arrival(2);
    held.answer(1, OK);
    await closed;
    expect(await closing).toMatchObject([{ success: true }, { success: true }]);
    held.bucket = await held.connected();
    const destroyed = outcomes([held.bucket.upsert('k', 1), held.bucket.upsert('k', 2)]);
    await held.arrival(3);
    held.bucket.destroy();
    expect(await destroyed).toMatchObject([
      { code: 'object_destroyed', ambiguous: true },
      { code: 'object_destroyed', ambiguous: false },
    ]);
  });

  test('is not lost with the connection of the one before', async () => {
    const all = outcomes([held.bucket.upsert('k', 1), held.bucket.upsert('k', 2), held.bucket.get('k')]);
    await held.arrival(1);
    for (const socket of held.node.connections) socket.destroy();
    await held.arrival(2);
    held.answer(1, OK);
    await held.arrival(3);
    held.answer(2, document('2'));
    expect(await all).toMatchObject([{ code: 'network_failure', ambiguous: true }, { success: true }, { value: 2 }]);
  });

  test('is sent after the one before, when that one must be sent again', async () => {
    const bodies: string[] = [];
    const { script } = held.node;
    held.node.script = (frame, socket) => {
      if (frame.opcode === Opcode.Set) bodies.push(frame.value.toString());
      return script(frame, socket);
    };
    const all = outcomes([held.bucket.upsert('k', 1), held.bucket.upsert('k', 2)]);
    for (const [index, answer] of [BUSY, BUSY, OK, OK].entries()) {
      await held.arrival(index + 1);
      held.answer(index, answer);
    }
    expect(await all).toMatchObject([{ success: true }, { success: true }]);
    expect(bodies).toEqual(['1', '1', '1', '2']);
  });

  test('is one of so many at most, and more are taken when there is room again', async () => {
    const narrow = await held.connected('', { queueMax: 3 });
    const all = outcomes([1, 2, 3, 4].map((version) => narrow.upsert('k', version)));
    const refused = await outcome(narrow.upsert('k', 5)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(QueueFullError);
    expect(refused).toMatchObject({ key: 'k', operation: 'upsert', message: expect.stringContaining('3 operations') });
    let isDrained = false;
    const drained = outcome(narrow.drained()).then(() => {
      isDrained = true;
    });
    await held.arrival(1);
    expect(isDrained).toBe(false);
    for (let count = 1; count <= 4; count++) {
      await held.arrival(count);
      held.answer(count - 1, OK);
    }
    await drained;
    expect(await all).toMatchObject(Array(4).fill({ success: true }));
    narrow.destroy();
  });
});

test('ten thousand writes to one key that nobody waits for take effect in the order of the calls', async () => {
  let stored = '';
  let isInOrder = true;
  held.node.script = (frame) => {
    if (frame.opcode !== Opcode.Set) return undefined;
    const next = frame.value.toString();
    isInOrder &&= Number(next) === Number(stored) + 1;
    stored = next;
    return OK;
  };
  await outcomes(
    Array.from({ length: 10_000 }, (_none, index) => held.bucket.upsert('k', index + 1, { timeout: 200_000 })),
  );
  expect([isInOrder, stored]).toEqual([true, '10000']);
});
