import { Opcode, Status } from '@cb/protocol';
import fc from 'fast-check';
import { type Conversation, counterExtras, Server, storeExtras, u32s } from '../kv/conversation.js';
import { BucketModel, type CasChoice } from './bucket-model.js';

/** One step: done to the server and to the model, which must agree on the status. */
interface Step {
  readonly text: string;
  run(pair: Pair): { readonly came: number; readonly expected: number };
}

/** The server, the model, and what a client remembers between two steps. */
class Pair {
  readonly server = new Server();
  readonly client: Conversation = this.server.connect();
  readonly model = new BucketModel();
  /** The CAS of the lock that was got last, by key. */
  readonly lockCas = new Map<string, bigint>();

  cas(key: string, choice: CasChoice): bigint {
    if (choice === 'none') return 0n;
    const found = this.client.get(key);
    return choice === 'current' && found.status === Status.Success ? found.cas : 12_345n;
  }
}

const KEYS = ['a', 'b', 'c'];
const anyKey = fc.constantFrom(...KEYS);
const anyValue = fc.constantFrom('', '1', '41', '{"n":1}', 'text');
const anyTtl = fc.constantFrom(0, 0, 2, 5);
const anyCas = fc.constantFrom<CasChoice>('none', 'none', 'current', 'wrong');

const stores = fc.tuple(anyKey, anyValue, anyTtl, anyCas).chain(([key, value, ttl, choice]) => {
  const parts = (pair: Pair) => ({ extras: storeExtras(0, ttl), key, value, cas: pair.cas(key, choice) });
  return fc.constantFrom<Step>(
    {
      text: `set ${key} ${value} ttl ${ttl} cas ${choice}`,
      run: (pair) => ({
        came: pair.client.status(Opcode.Set, parts(pair)),
        expected: pair.model.set(key, value, ttl, choice),
      }),
    },
    {
      text: `replace ${key} ${value} ttl ${ttl} cas ${choice}`,
      run: (pair) => ({
        came: pair.client.status(Opcode.Replace, parts(pair)),
        expected: pair.model.replace(key, value, ttl, choice),
      }),
    },
    {
      text: `add ${key} ${value} ttl ${ttl}`,
      run: (pair) => ({
        came: pair.client.status(Opcode.Add, { ...parts(pair), cas: 0n }),
        expected: pair.model.add(key, value, ttl),
      }),
    },
    {
      text: `append ${key} ${value} cas ${choice}`,
      run: (pair) => ({
        came: pair.client.status(Opcode.Append, { key, value, cas: pair.cas(key, choice) }),
        expected: pair.model.append(key, value, choice),
      }),
    },
    {
      text: `remove ${key} cas ${choice}`,
      run: (pair) => ({
        came: pair.client.status(Opcode.Delete, { key, cas: pair.cas(key, choice) }),
        expected: pair.model.remove(key, choice),
      }),
    },
  );
});

const others = fc.tuple(anyKey, anyTtl, fc.integer({ min: 1, max: 4 })).chain(([key, ttl, seconds]) =>
  fc.constantFrom<Step>(
    {
      text: `increment ${key}`,
      run: (pair) => ({
        came: pair.client.status(Opcode.Increment, { extras: counterExtras(3n, 10n), key }),
        expected: pair.model.increment(key, 3n, 10n),
      }),
    },
    {
      text: `touch ${key} ttl ${ttl}`,
      run: (pair) => ({
        came: pair.client.status(Opcode.Touch, { extras: u32s(ttl), key }),
        expected: pair.model.touch(key, ttl),
      }),
    },
    {
      text: `lock ${key} for ${seconds}`,
      run: (pair) => {
        const answer = pair.client.one(Opcode.GetLocked, { extras: u32s(seconds), key });
        if (answer.status === Status.Success) pair.lockCas.set(key, answer.cas);
        return { came: answer.status, expected: pair.model.lock(key, seconds) };
      },
    },
    {
      text: `unlock ${key}`,
      run: (pair) => ({
        came: pair.client.status(Opcode.UnlockKey, { key, cas: pair.lockCas.get(key) ?? 1n }),
        expected: pair.model.unlock(key),
      }),
    },
    {
      text: `wait ${seconds}`,
      run: (pair) => {
        pair.server.clock.advance(seconds * 1000);
        pair.model.advance(seconds);
        return { came: 0, expected: 0 };
      },
    },
  ),
);

test('a bucket behaves as its model, whatever is done to it', () => {
  const steps = fc.array(fc.oneof(stores, others), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (sequence) => {
      const pair = new Pair();
      for (const [index, step] of sequence.entries()) {
        const { came, expected } = step.run(pair);
        expect([index, step.text, came]).toEqual([index, step.text, expected]);
        for (const key of KEYS) {
          const found = pair.client.get(key);
          const value = found.status === Status.Success ? found.value.toString() : undefined;
          expect([index, step.text, key, value]).toEqual([index, step.text, key, pair.model.get(key)]);
        }
        expect(pair.server.vbucket.itemCount).toBe(pair.model.keys.length);
      }
    }),
    { numRuns: 150 },
  );
});

test('whatever is done, seqnos are dense and CAS values grow', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(stores, others), { maxLength: 60 }), (sequence) => {
      const pair = new Pair();
      const { server } = pair;
      const seen: { seqno: number; cas: bigint }[] = [];
      server.bucket.onMutation((_vbucket, { seqno, cas }) => seen.push({ seqno, cas }));
      for (const step of sequence) step.run(pair);
      expect(seen.map(({ seqno }) => seqno)).toEqual(seen.map((_, index) => index + 1));
      for (const [index, { cas }] of seen.entries()) expect(index === 0 || cas > seen[index - 1]!.cas).toBe(true);
    }),
    { numRuns: 50 },
  );
});
