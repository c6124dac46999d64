import fc from 'fast-check';
import { BucketModel, type CasChoice, CHANGES, LOOKUPS, type Outcome, type Step } from './model.js';
import type { Setting } from './scenario.js';
import { type Client, type Running, SERVERS } from './servers.js';

const RUNS = 40;
const STEPS_MAX = 40;
/** For what is known to be tried again until the time is over. */
const SHORT_MS = 30;

const KEYS = ['a', 'b'];
const key = fc.constantFrom(...KEYS);
const cas = fc.constantFrom<CasChoice>('none', 'none', 'good', 'wrong');
const ttl = fc.constantFrom(0, 0, 2, 5);
const value = fc.constantFrom<unknown>({ n: 1 }, { n: 7, text: 'ü' }, {}, 'text', '', 0, 41);
const preserveExpiry = fc.boolean();
const text = fc.constantFrom('x', 'yz');

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ op: fc.constantFrom('get', 'exists', 'lookupIn'), key }),
  fc.record({ op: fc.constantFrom('upsert', 'replace'), key, value, ttl, cas, preserveExpiry }),
  fc.record({ op: fc.constant('insert' as const), key, value, ttl, cas }),
  fc.record({ op: fc.constantFrom('append', 'prepend'), key, text, cas }),
  fc.record({ op: fc.constant('remove' as const), key, cas }),
  fc.record({
    op: fc.constant('counter' as const),
    key,
    delta: fc.constantFrom(1, 5, -3),
    initial: fc.constantFrom(undefined, 10),
  }),
  fc.record({ op: fc.constant('touch' as const), key, ttl }),
  fc.record({ op: fc.constant('getAndTouch' as const), key, ttl }),
  fc.record({ op: fc.constant('mutateIn' as const), key, ttl, cas }),
  fc.record({ op: fc.constantFrom('lock' as const), key, seconds: fc.constantFrom(2, 5) }),
  fc.record({ op: fc.constant('unlock' as const), key }),
  fc.record({ op: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 3 }) }),
);

type Call = Exclude<Step, { readonly op: 'pass' }>;

/** How a call is made: with which CAS, and how long to wait. */
interface Manner {
  readonly cas?: bigint;
  readonly timeout?: number;
}

/** One run: the model, and what a client remembers from one step to the next. */
class Run {
  readonly model = new BucketModel();
  readonly #setting: Setting;
  readonly #prefix: string;
  readonly #lockCas = new Map<string, bigint>();

  constructor(setting: Setting, prefix: string) {
    this.#setting = setting;
    this.#prefix = prefix;
  }

  /** Takes the step there and in the model, which must agree. */
  async take(step: Step): Promise<void> {
    if (step.op === 'pass') {
      this.model.take(step);
      await this.#setting.pass(step.seconds);
      return;
    }
    const cas = 'cas' in step ? await this.#cas(step.key, step.cas) : {};
    const expected = this.model.take(step);
    const refused = 'failure' in expected && (expected.failure === 'locked' || expected.failure === 'temporary');
    const came = await this.#call(step, { ...cas, ...(refused && { timeout: SHORT_MS }) }).catch((error: unknown) => ({
      failure: this.#setting.driver.failureOf(error),
    }));
    // The official SDK does not say for what it tried a sub-document call again.
    const silent = refused && 'failure' in came && came.failure === 'timeout';
    expect([step, silent ? expected : came]).toEqual([step, expected]);
  }

  async #call(step: Call, manner: Manner): Promise<Outcome> {
    const { documents } = this.#setting;
    const key = this.#prefix + step.key;
    switch (step.op) {
      case 'get':
        return { value: (await documents.get(key)).value };
      case 'exists':
        return { value: (await documents.exists(key)).exists };
      case 'lookupIn':
        return (await documents.lookupIn(key, LOOKUPS, manner)).found[0]!;
      case 'upsert':
      case 'replace': {
        const expiry = step.preserveExpiry ? { preserveExpiry: true } : { ttl: step.ttl };
        await documents[step.op](key, step.value, { ...expiry, ...manner });
        return {};
      }
      case 'insert':
        await documents.insert(key, step.value, { ttl: step.ttl });
        return {};
      case 'append':
      case 'prepend':
        await documents[step.op](key, step.text, manner);
        return {};
      case 'remove':
        await documents.remove(key, manner);
        return {};
      case 'touch':
        await documents.touch(key, step.ttl, manner);
        return {};
      case 'unlock':
        await documents.unlock(key, this.#lockCas.get(step.key) ?? 1n, manner);
        return {};
      default:
        return this.#callForValue(step, key, manner);
    }
  }

  async #callForValue(
    step: Extract<Call, { readonly op: 'counter' | 'getAndTouch' | 'mutateIn' | 'lock' }>,
    key: string,
    manner: Manner,
  ): Promise<Outcome> {
    const { documents } = this.#setting;
    switch (step.op) {
      case 'counter': {
        const { delta, initial } = step;
        return {
          value: (await documents.counter(key, { delta, ...(initial !== undefined && { initial }), ...manner })).value,
        };
      }
      case 'getAndTouch':
        return { value: (await documents.getAndTouch(key, step.ttl, manner)).value };
      case 'mutateIn':
        return { value: (await documents.mutateIn(key, CHANGES, { ttl: step.ttl, ...manner })).values[0] };
      case 'lock': {
        const { value, cas } = await documents.lock(key, step.seconds, manner);
        this.#lockCas.set(step.key, cas);
        return { value };
      }
    }
  }

  async #cas(key: string, choice: CasChoice): Promise<Manner> {
    if (choice === 'none') return {};
    if (choice === 'wrong' || this.model.find(key) === undefined) return { cas: 12_345n };
    if (this.model.isLocked(key)) return { cas: this.#lockCas.get(key)! };
    return { cas: (await this.#setting.documents.get(this.#prefix + key)).cas };
  }
}

const [server] = SERVERS;

describe.each(Object.keys(server!.clients) as Client[])('%s', (client) => {
  let running: Running;

  beforeAll(async () => {
    running = await server!.start(client);
  });

  afterAll(() => running[Symbol.asyncDispose]());

  test('any sequence of operations on single documents does what the model says', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: STEPS_MAX, size: 'max' }), async (steps) => {
        const run = new Run(running.setting, `${count++}:`);
        for (const step of steps) if (run.model.covers(step)) await run.take(step);
      }),
      { numRuns: RUNS },
    );
  });
});
