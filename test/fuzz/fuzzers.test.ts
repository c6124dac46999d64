import { FrameParser } from '@cb/protocol';
import { Connection } from '@cb/raw/connection/connection';
import { Slots } from '@cb/raw/connection/slots';
import { Operation } from '@cb/raw/operation/operation';
import { Request } from '../../packages/embedded/src/kv/request.js';
import { Vbucket } from '../../packages/embedded/src/store/vbucket.js';
import { TokenStream } from '../../packages/sqlpp/src/syntax/token-stream.js';
import { Countdown } from '../../packages/views/src/http/countdown.js';
import { fuzzArguments } from './arguments.js';
import { NO_DONORS } from './donors.js';
import { PARTS, type Part, runCampaign, runSeed } from './fuzzers.js';

jest.setTimeout(300_000);

test.each(PARTS)('%s: a seed decides everything', async (part) => {
  const first = await runSeed(part, 7, NO_DONORS);
  expect(await runSeed(part, 7, NO_DONORS)).toEqual(first);
  expect(first).toMatchObject({ seed: 7, faults: [] });
  expect(first.mutations).toBeGreaterThan(100);
  // What two seeds count may be equal by chance.
  const others = [await runSeed(part, 8, NO_DONORS), await runSeed(part, 9, NO_DONORS)];
  expect(others.map(({ mutations, calls }) => ({ mutations, calls }))).not.toEqual(
    Array(2).fill({ mutations: first.mutations, calls: first.calls }),
  );
});

/** Something broken in one place, and what is told of it. */
interface Mutant {
  readonly name: string;
  readonly part: Part;
  readonly told: string;
  break(): () => void;
}

/** Replaces a method; the new one is made from the old. */
function replacing<T extends object, K extends keyof T>(
  is: Pick<Mutant, 'name' | 'part' | 'told'>,
  prototype: T,
  method: K,
  make: (original: T[K]) => T[K],
): Mutant {
  return {
    ...is,
    break() {
      const original = prototype[method];
      prototype[method] = make(original);
      return () => {
        prototype[method] = original;
      };
    },
  };
}

const mutants: readonly Mutant[] = [
  replacing(
    { part: 'answers', name: 'a client that calls back twice', told: 'a call settled 2 times' },
    Operation.prototype,
    'succeed',
    (original) => {
      return function (this: Operation, result) {
        original.call(this, result);
        if (this.parent === undefined) this.callback?.(result);
      };
    },
  ),
  replacing(
    { part: 'answers', name: 'a client that fails with what it caught', told: 'an error that is not one of ours' },
    Connection.prototype,
    'unreadable',
    () => {
      return function (this: Connection, operation: Operation) {
        operation.fail(new RangeError('out of range') as never);
      };
    },
  ),
  replacing(
    {
      part: 'answers',
      name: 'a client that forgets some of what it lost',
      told: 'calls are open after their deadline',
    },
    Slots.prototype,
    'takeAll',
    (original) => {
      return function (this: Slots) {
        return original.call(this).slice(1);
      };
    },
  ),
  replacing(
    { part: 'requests', name: 'a node that keeps a refusal to itself', told: 'is asked and not answered' },
    Request.prototype,
    'replyError',
    () => () => {},
  ),
  replacing(
    { part: 'requests', name: 'a node that miscounts', told: 'documents and has' },
    Vbucket.prototype,
    'commit',
    (original) => {
      return function (this: Vbucket, draft) {
        if (draft.deleted) this.itemCount++;
        return original.call(this, draft);
      };
    },
  ),
  replacing(
    { part: 'rows', name: 'a client that waits for rows for ever', told: 'requests are open after their deadline' },
    Countdown.prototype,
    'start',
    () => () => {},
  ),
  replacing(
    { part: 'frames', name: 'a parser that forgets the rest of a chunk', told: 'packets instead of' },
    FrameParser.prototype,
    'push',
    (original) => {
      return function (this: FrameParser, chunk) {
        original.call(this, chunk.length > 300 ? chunk.subarray(0, 300) : chunk);
      };
    },
  ),
  replacing(
    { part: 'statements', name: 'a parser that throws what is none of its errors', told: 'something was thrown' },
    TokenStream.prototype,
    'expectEnd',
    (original) => {
      return function (this: TokenStream) {
        if (this.isSign(',')) throw new TypeError('no comma here');
        original.call(this);
      };
    },
  ),
  replacing(
    { part: 'statements', name: 'a parser that does not number parameters', told: 'it is printed as' },
    TokenStream.prototype,
    'nextPositional',
    () => () => 0,
  ),
];

test.each(mutants)('$name is found out: $told', async (mutant) => {
  const repair = mutant.break();
  try {
    const { failures } = await runCampaign(mutant.part, 1, 20_000, NO_DONORS);
    expect(failures[0]?.message).toContain(mutant.told);
    expect(failures[0]?.message).toContain(`npm run fuzz -- --part ${mutant.part} --seed ${failures[0]?.seed}`);
  } finally {
    repair();
  }
});

test('the command takes a part, a number and a seed', () => {
  expect(fuzzArguments([])).toEqual({ parts: PARTS, seed: undefined, mutations: 1_000_000 });
  expect(fuzzArguments(['--part', 'frames', '--mutations', '10'])).toMatchObject({ parts: ['frames'], mutations: 10 });
  expect(fuzzArguments(['--part', 'frames', '--seed', '3'])).toMatchObject({ seed: 3 });
  expect(() => fuzzArguments(['--part', 'none'])).toThrow(
    'there is no part "none", only answers, requests, rows, frames, statements',
  );
  expect(() => fuzzArguments(['--mutations', 'many'])).toThrow('--mutations must be a whole number, not "many"');
  expect(() => fuzzArguments(['--seed', '3'])).toThrow('--seed needs --part');
});
