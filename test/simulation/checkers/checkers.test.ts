import type { Asked, Call, Outcome } from '../history.js';
import { NO_DOCUMENT } from './document-model.js';
import { checkLinearizable, type KeyHistory } from './linearizability.js';
import { checkOrder } from './order.js';
import { checkSettling } from './settling.js';

const LOST: Outcome = { ok: false, code: 'network_failure', ambiguous: true, message: 'lost' };
const MISSING: Outcome = { ok: false, code: 'not_found', ambiguous: false, message: 'missing' };
const EXISTS: Outcome = { ok: false, code: 'key_exists', ambiguous: false, message: 'exists' };

let lastId = 0;

/** A call from one millisecond to another. */
function call(asked: Partial<Asked> & { kind: Asked['kind'] }, fromMs: number, toMs: number, outcome: Outcome): Call {
  return {
    ...{ client: 'a', key: 'k', timeoutMs: 100, ...asked },
    ...{
      id: ++lastId,
      invokedAt: fromMs * 1000,
      settledAt: toMs * 1000,
      outcome,
      settlements: 1,
      isReentrant: false,
      unreadSince: undefined,
    },
  };
}

function stored(argument: string, fromMs: number, toMs: number, cas: bigint, durable = false): Call {
  return call({ kind: 'upsert', argument, durable }, fromMs, toMs, { ok: true, cas });
}

function read(value: string, fromMs: number, toMs: number): Call {
  return call({ kind: 'get' }, fromMs, toMs, { ok: true, value });
}

function counted(argument: string, value: string, fromMs: number, toMs: number, cas: bigint): Call {
  return call({ kind: 'counter', argument, initial: argument }, fromMs, toMs, { ok: true, value, cas });
}

function verdictOf(calls: readonly Call[], rest: Partial<KeyHistory> = {}): string {
  return checkLinearizable({ calls, initial: NO_DOCUMENT, losses: [], moves: [], ...rest }).kind;
}

describe('a history is linearizable', () => {
  test.each<[string, Call[]]>([
    ['when calls follow each other', [stored('x', 0, 1, 1n), read('x', 2, 3), stored('y', 4, 5, 2n), read('y', 6, 7)]],
    [
      'when a read overlaps a write, either way',
      [stored('x', 0, 9, 1n), call({ kind: 'get' }, 1, 2, MISSING), read('x', 3, 4)],
    ],
    ['when a lost write has happened', [call({ kind: 'upsert', argument: 'x' }, 0, 1, LOST), read('x', 5, 6)]],
    [
      'when a lost write has not',
      [call({ kind: 'upsert', argument: 'x' }, 0, 1, LOST), call({ kind: 'get' }, 5, 6, MISSING)],
    ],
    [
      'when a lost write happens much later',
      [
        stored('w', 0, 1, 1n),
        call({ kind: 'upsert', argument: 'x' }, 2, 3, LOST),
        read('w', 4, 5),
        stored('y', 6, 7, 2n),
        read('x', 8, 9),
      ],
    ],
    ['when counters add up', [counted('3', '3', 0, 1, 1n), counted('4', '7', 2, 3, 2n), read('7', 4, 5)]],
    [
      'when a lock holds until its time is up',
      [
        stored('x', 0, 1, 1n),
        call({ kind: 'lock', lockMs: 1000 }, 2, 3, { ok: true, value: 'x', cas: 2n }),
        stored('y', 900, 1100, 3n),
      ],
    ],
  ])('%s', (_name, calls) => {
    expect(verdictOf(calls)).toBe('linearizable');
  });
});

describe('a history is not linearizable', () => {
  test.each<[string, Call[]]>([
    ['when a read misses what was stored', [stored('x', 0, 1, 1n), call({ kind: 'get' }, 2, 3, MISSING)]],
    ['when a read is stale', [stored('x', 0, 1, 1n), stored('y', 2, 3, 2n), read('x', 4, 5)]],
    ['when a value comes from nowhere', [read('x', 0, 1)]],
    [
      'when reads see two writes in different orders',
      [stored('x', 0, 9, 1n), stored('y', 0, 9, 2n), read('y', 1, 2), read('x', 3, 4)],
    ],
    ['when a counter counts twice', [counted('3', '3', 0, 1, 1n), counted('4', '11', 2, 3, 2n)]],
    [
      'when a lost counter counts twice',
      [
        counted('3', '3', 0, 1, 1n),
        call({ kind: 'counter', argument: '4', initial: '4' }, 2, 3, LOST),
        read('11', 4, 5),
      ],
    ],
    [
      'when an insert succeeds twice',
      [
        call({ kind: 'insert', argument: 'x' }, 0, 1, { ok: true, cas: 1n }),
        call({ kind: 'insert', argument: 'y' }, 2, 3, { ok: true, cas: 2n }),
      ],
    ],
    ['when an insert fails without a document', [call({ kind: 'insert', argument: 'x' }, 0, 1, EXISTS)]],
    [
      'when a replace goes by an old CAS',
      [
        stored('x', 0, 1, 1n),
        stored('y', 2, 3, 2n),
        call({ kind: 'replace', argument: 'z', cas: 1n }, 4, 5, { ok: true, cas: 3n }),
      ],
    ],
    [
      'when a lock does not hold',
      [
        stored('x', 0, 1, 1n),
        call({ kind: 'lock', lockMs: 1000 }, 2, 3, { ok: true, value: 'x', cas: 2n }),
        stored('y', 900, 950, 3n),
      ],
    ],
  ])('%s', (_name, calls) => {
    expect(verdictOf(calls)).toBe('violated');
  });
});

describe('a failover while replicas lag', () => {
  const losses = [3500];

  test('may lose what is not durable', () => {
    expect(verdictOf([stored('x', 0, 1, 1n), stored('y', 2, 3, 2n), read('x', 5, 6)], { losses })).toBe('linearizable');
    expect(verdictOf([stored('x', 0, 1, 1n), stored('y', 2, 3, 2n), read('x', 5, 6)])).toBe('violated');
  });

  test('loses nothing that is durable', () => {
    expect(verdictOf([stored('x', 0, 1, 1n), stored('y', 2, 3, 2n, true), read('x', 5, 6)], { losses })).toBe(
      'violated',
    );
    expect(verdictOf([stored('x', 0, 1, 1n, true), stored('y', 2, 3, 2n), read('x', 5, 6)], { losses })).toBe(
      'linearizable',
    );
  });
});

test('operations of one client on one key are in order', () => {
  const inverted = [stored('x', 0, 9, 2n), stored('y', 0, 5, 1n)];
  const strict = (): boolean => false;
  expect(checkOrder(inverted, () => [], strict)).toHaveLength(1);
  expect(checkOrder(inverted.toReversed(), () => [], strict)).toEqual([]);
  expect(checkOrder([inverted[0]!, { ...inverted[1]!, client: 'b' }], () => [], strict)).toEqual([]);
  expect(
    checkOrder(
      [stored('x', 0, 1, 2n), call({ kind: 'get' }, 0, 1, { ok: true, value: 'w', cas: 1n })],
      () => [],
      strict,
    ),
  ).toHaveLength(1);
  const reads = [1, 2].map((at) => call({ kind: 'get' }, at, at + 1, { ok: true, value: 'w', cas: BigInt(3 - at) }));
  expect(checkOrder(reads, () => [], strict)).toHaveLength(1);
  expect(
    checkOrder(
      reads,
      () => [],
      () => true,
    ),
  ).toEqual([]);
});

test.each<[string, Partial<Call>, string]>([
  ['never', { settlements: 0, settledAt: undefined, outcome: undefined }, 'is not settled'],
  ['twice', { settlements: 2 }, 'settled 2 times'],
  ['late', { settledAt: 121_000 }, '21 ms after its deadline'],
  ['inside the call', { isReentrant: true }, 'from inside the call'],
])('a call that settles %s is a violation', (_name, change, message) => {
  const fine = stored('x', 0, 1, 1n);
  expect(checkSettling([fine], 200_000)).toEqual([]);
  expect(checkSettling([{ ...fine, ...change }], 200_000)).toMatchObject([
    { message: expect.stringContaining(message) },
  ]);
});
