import { CancelledError, NotFoundError, TimeoutError } from '@cb/protocol';
import { LookupInSpec, type ValueResult } from '../../src/index.js';
import { BUSY, document, HeldNode, having, MISSING, OK, outcome, outcomes } from '../held-node.js';

let held: HeldNode;

beforeEach(async () => {
  held = await HeldNode.start();
});

afterEach(() => held[Symbol.asyncDispose]());

describe('reads that are the same', () => {
  test('share one request when they go out together, and have results of their own', async () => {
    const results = Array.from({ length: 100 }, () => held.bucket.get<{ n: number }>('k'));
    const all = outcomes(results);
    expect(await held.settled()).toEqual(['get k']);
    held.answer(0, document('{"n":1}'));
    const found = await all;
    expect(found).toEqual(results.map(() => expect.objectContaining({ key: 'k', value: { n: 1 }, cas: 7n })));
    expect(new Set(found).size).toBe(100);
    expect(new Set(found.map((each) => (each as ValueResult).value)).size).toBe(100);
  });

  test('share one when they have waited, but not across another operation', async () => {
    const first = held.bucket.get('k');
    await held.arrival(1);
    const waiting = outcomes([
      held.bucket.get('k'),
      held.bucket.get('k'),
      held.bucket.upsert('k', 1),
      held.bucket.get('k'),
      held.bucket.get('k'),
    ]);
    expect(await held.settled()).toEqual(['get k']);
    held.answer(0, document('1'));
    expect(await outcome(first)).toEqual(having(1));
    expect(await held.arrival(2)).toEqual(['get k', 'get k']);
    held.answer(1, document('2'));
    expect(await held.arrival(3)).toEqual(['get k', 'get k', 'upsert k']);
    held.answer(2, OK);
    expect(await held.arrival(4)).toEqual(['get k', 'get k', 'upsert k', 'get k']);
    held.answer(3, document('3'));
    expect(await waiting).toEqual([having(2), having(2), expect.anything(), having(3), having(3)]);
  });

  test('share none that is on its way already', async () => {
    const first = outcome(held.bucket.get('k'));
    await held.arrival(1);
    const second = outcome(held.bucket.get('k'));
    held.answer(0, document('1'));
    expect(await first).toEqual(having(1));
    await held.arrival(2);
    held.answer(1, document('2'));
    expect(await second).toEqual(having(2));
  });

  test('share none when they ask for something else', async () => {
    const lookups = ['a', 'a', 'b'].map((path) => outcome(held.bucket.lookupIn('k', [LookupInSpec.get(path)])));
    const touch = outcome(held.bucket.get('k', { ttl: 5 }));
    for (let count = 1; count <= 3; count++) {
      await held.arrival(count);
      held.answer(count - 1, count < 3 ? MISSING : document('1'));
    }
    expect(await Promise.allSettled([...lookups, touch])).toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
      { status: 'rejected' },
      { value: { value: 1 } },
    ]);
    expect(held.received.map(({ name }) => name)).toEqual(['lookupIn k', 'lookupIn k', 'getAndTouch k']);
  });

  test('have bytes of their own', async () => {
    const all = outcomes([1, 2, 3].map(() => held.bucket.get('k', { noFormat: true })));
    await held.arrival(1);
    held.answer(0, document('"bytes"'));
    const [first, ...others] = (await all) as ValueResult<Buffer>[];
    first!.value.fill(0);
    expect(others.map((each) => each.value.toString())).toEqual(['"bytes"', '"bytes"']);
  });

  test('are cancelled, run out of time and fail each for itself, and the others have the answer', async () => {
    const signal = new AbortController();
    const [leader, cancelled, aborted, late, rest, quiet] = [
      held.bucket.get('k'),
      held.bucket.get('k'),
      held.bucket.get('k', { signal: signal.signal }),
      held.bucket.get('k', { timeout: 50 }),
      held.bucket.get('k'),
      held.bucket.get('k', { quiet: true }),
    ];
    const all = outcomes([leader, cancelled, aborted, late, rest, quiet]);
    expect(await held.settled()).toEqual(['get k']);
    expect(leader.cancel()).toBe(true);
    expect(cancelled.cancel()).toBe(true);
    signal.abort('enough');
    while (late.remaining > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    held.answer(0, MISSING);
    expect(await all).toMatchObject([
      expect.any(CancelledError),
      expect.any(CancelledError),
      { code: 'cancelled', cause: 'enough' },
      expect.any(TimeoutError),
      expect.any(NotFoundError),
      { success: false, key: 'k' },
    ]);
    expect(await held.settled()).toEqual(['get k']);
  });

  test('may be ended by the callback of another one', async () => {
    const [first, second, third] = [held.bucket.get('k'), held.bucket.get('k'), held.bucket.get('k')];
    const ended = outcomes([second, third]);
    first.setCallbacks(
      () => {
        second.cancel();
        held.bucket.destroy();
      },
      () => {},
    );
    await held.arrival(1);
    held.answer(0, document('1'));
    expect(await ended).toMatchObject([{ code: 'cancelled' }, { code: 'object_destroyed' }]);
  });

  test('are tried again together when the server is busy, and repeated when the connection breaks', async () => {
    const all = outcomes([1, 2, 3].map(() => held.bucket.get('k')));
    await held.arrival(1);
    held.answer(0, BUSY);
    await held.arrival(2);
    for (const socket of held.node.connections) socket.destroy();
    await held.arrival(3);
    held.answer(2, document('1'));
    expect(await all).toEqual([having(1), having(1), having(1)]);
    expect(held.received).toHaveLength(3);
  });
});
