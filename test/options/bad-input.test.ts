import { EmbeddedCluster } from '@cb/embedded';
import { Bucket, connect } from '@cb/promise';
import {
  ArgumentError,
  type CouchbaseError,
  CouchbaseInputError,
  Opcode,
  TooBigError,
  ValueFormatError,
} from '@cb/protocol';
import { FMT_BYTES, FMT_JSON, FMT_UTF8, RawBucket } from '@cb/raw';
import type { ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { connectTo, quietNode } from '../async-result/quiet-node.js';
import { TerminalCalls } from '../async-result/terminal-calls.js';

/** What both kinds of bucket have. */
type Operations = Pick<
  RawBucket | Bucket,
  | 'get'
  | 'upsert'
  | 'insert'
  | 'replace'
  | 'append'
  | 'prepend'
  | 'remove'
  | 'counter'
  | 'touch'
  | 'lock'
  | 'unlock'
  | 'exists'
  | 'noop'
>;
type ErrorClass = abstract new (...args: never[]) => CouchbaseError;
/** What is wrong, the call, the class of the error, and words that its message must have. */
type Case = [what: string, call: (bucket: Operations) => unknown, kind: ErrorClass, ...words: string[]];

/** Any value, in the place of one of the right type. */
function wrong(value: unknown): never {
  return value as never;
}

/** The operations that take a key, each with everything else in order. */
const keyed: readonly (readonly [string, (bucket: Operations, key: string) => unknown])[] = [
  ['get', (bucket, key) => bucket.get(key)],
  ['upsert', (bucket, key) => bucket.upsert(key, 1)],
  ['insert', (bucket, key) => bucket.insert(key, 1)],
  ['replace', (bucket, key) => bucket.replace(key, 1)],
  ['append', (bucket, key) => bucket.append(key, 'x')],
  ['prepend', (bucket, key) => bucket.prepend(key, 'x')],
  ['remove', (bucket, key) => bucket.remove(key)],
  ['counter', (bucket, key) => bucket.counter(key)],
  ['touch', (bucket, key) => bucket.touch(key)],
  ['lock', (bucket, key) => bucket.lock(key, { ttl: 1 })],
  ['unlock', (bucket, key) => bucket.unlock(key, { cas: 1n })],
  ['exists', (bucket, key) => bucket.exists(key)],
];

const badKeys: readonly (readonly [string, unknown, ErrorClass, ...string[]])[] = [
  ['an empty key', '', ArgumentError, 'key', 'empty'],
  ['a key of 251 bytes', 'x'.repeat(251), ArgumentError, 'key', '251', '250'],
  ['a key of 84 characters and 252 bytes', '値'.repeat(84), ArgumentError, 'key', '252', '250'],
  ['a key of a million characters', 'x'.repeat(1_000_000), ArgumentError, 'key', '1000000', '250'],
  ['half of a surrogate pair', 'a\ud83d', ValueFormatError, 'key', 'surrogate'],
  ['no key', undefined, ValueFormatError, 'key', 'string', 'undefined'],
  ['null', null, ValueFormatError, 'key', 'string', 'null'],
  ['a number', 7, ValueFormatError, 'key', 'string', '7'],
  ['bytes', Buffer.from('k'), ValueFormatError, 'key', 'string', 'Buffer'],
  ['a String object', new String('k'), ValueFormatError, 'key', 'string', 'String'],
];

const keyCases: Case[] = keyed.flatMap(([name, call]) =>
  badKeys.map(
    ([what, key, kind, ...words]): Case => [
      `${name} with ${what}`,
      (bucket) => call(bucket, wrong(key)),
      kind,
      ...words,
    ],
  ),
);

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;
const throwing = {
  toJSON: () => {
    throw new RangeError('by the test');
  },
};

const badValues: readonly (readonly [string, unknown, number, ...string[]])[] = [
  ['undefined', undefined, FMT_JSON, 'undefined', 'JSON'],
  ['a function', () => 1, FMT_JSON, 'function', 'JSON'],
  ['a symbol', Symbol('s'), FMT_JSON, 'symbol', 'JSON'],
  ['a bigint inside', { a: [1n] }, FMT_JSON, 'BigInt'],
  ['a circle', cyclic, FMT_JSON, 'circular'],
  ['a toJSON that throws', throwing, FMT_JSON, 'by the test'],
  ['a toJSON that gives nothing', { toJSON: () => undefined }, FMT_JSON, 'JSON'],
  ['no string as FMT_UTF8', { a: 1 }, FMT_UTF8, 'FMT_UTF8', 'string', 'Object'],
  ['half of a surrogate pair as FMT_UTF8', 'a\udc00b', FMT_UTF8, 'surrogate'],
  ['a string as FMT_BYTES', 'text', FMT_BYTES, 'FMT_BYTES', 'Uint8Array', 'string'],
  ['an array as FMT_BYTES', [1, 2], FMT_BYTES, 'FMT_BYTES', 'Uint8Array', 'Array'],
];

const valueCases: Case[] = (['upsert', 'insert', 'replace'] as const).flatMap((name) =>
  badValues.map(
    ([what, value, format, ...words]): Case => [
      `${name} of ${what}`,
      (bucket) => bucket[name]('k', value, { format: wrong(format) }),
      ValueFormatError,
      ...words,
    ],
  ),
);

const fragmentCases: Case[] = (['append', 'prepend'] as const).flatMap((name): Case[] => [
  [`${name} of a number`, (bucket) => bucket[name]('k', wrong(1)), ValueFormatError, 'string', 'number'],
  [`${name} of an object`, (bucket) => bucket[name]('k', wrong({})), ValueFormatError, 'string', 'Object'],
  [`${name} of undefined`, (bucket) => bucket[name]('k', wrong(undefined)), ValueFormatError, 'string', 'undefined'],
  [`${name} as JSON`, (bucket) => bucket[name]('k', 'x', { format: FMT_JSON }), ArgumentError, 'FMT_UTF8', 'FMT_BYTES'],
]);

const expiring: readonly (readonly [string, (bucket: Operations, ttl: never) => unknown])[] = [
  ['get', (bucket, ttl) => bucket.get('k', { ttl })],
  ['upsert', (bucket, ttl) => bucket.upsert('k', 1, { ttl })],
  ['insert', (bucket, ttl) => bucket.insert('k', 1, { ttl })],
  ['replace', (bucket, ttl) => bucket.replace('k', 1, { ttl })],
  ['touch', (bucket, ttl) => bucket.touch('k', { ttl })],
  ['counter', (bucket, ttl) => bucket.counter('k', { initial: 0, ttl })],
];
const badTtls: readonly unknown[] = [
  -1,
  0.5,
  2 ** 32,
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '10',
  10n,
  null,
  true,
];

const ttlCases: Case[] = expiring.flatMap(([name, call]): Case[] => [
  ...badTtls.map(
    (ttl): Case => [
      `${name} with the ttl ${String(ttl)}`,
      (bucket) => call(bucket, wrong(ttl)),
      ArgumentError,
      'ttl',
      '4294967295',
    ],
  ),
  [`${name} with an invalid Date`, (bucket) => call(bucket, wrong(new Date(Number.NaN))), ArgumentError, 'ttl', 'Date'],
  [`${name} with a Date before 1970`, (bucket) => call(bucket, wrong(new Date(-1e12))), ArgumentError, 'ttl', '1970'],
  [`${name} with a Date after 2106`, (bucket) => call(bucket, wrong(new Date(5e12))), ArgumentError, 'ttl', '2106'],
]);

const lockTtlCases: Case[] = [undefined, 0, -1, 31, 1.5, '5', new Date()].map((ttl) => [
  `lock with the ttl ${String(ttl)}`,
  (bucket) => bucket.lock('k', { ttl: wrong(ttl) }),
  ArgumentError,
  'ttl',
  '1 to 30',
]);

const comparing: readonly (readonly [string, (bucket: Operations, cas: never) => unknown])[] = [
  ['upsert', (bucket, cas) => bucket.upsert('k', 1, { cas })],
  ['replace', (bucket, cas) => bucket.replace('k', 1, { cas })],
  ['append', (bucket, cas) => bucket.append('k', 'x', { cas })],
  ['prepend', (bucket, cas) => bucket.prepend('k', 'x', { cas })],
  ['remove', (bucket, cas) => bucket.remove('k', { cas })],
  ['unlock', (bucket, cas) => bucket.unlock('k', { cas })],
];

const casCases: Case[] = comparing.flatMap(([name, call]) =>
  [-1n, 2n ** 64n, 1, 'one', '-1', null, {}].map(
    (cas): Case => [
      `${name} with the cas ${String(cas)} (${typeof cas})`,
      (bucket) => call(bucket, wrong(cas)),
      ArgumentError,
      'cas',
      '2^64',
    ],
  ),
);

const optionCases: Case[] = [
  ...keyed.flatMap(([name]): Case[] => {
    const call = (bucket: Operations, options: unknown): unknown => {
      const method = (bucket as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!;
      return method.call(bucket, ...(/upsert|insert|replace|append|prepend/.test(name) ? ['k', 'x'] : ['k']), options);
    };
    return [
      [`${name} with an unknown option`, (bucket) => call(bucket, { tll: 1 }), ArgumentError, name, '"tll"', 'timeout'],
      [`${name} with a number for options`, (bucket) => call(bucket, 5), ArgumentError, 'options', name, 'object'],
      [`${name} with null for options`, (bucket) => call(bucket, null), ArgumentError, 'options', name, 'null'],
      [`${name} with the timeout 0`, (bucket) => call(bucket, { timeout: 0 }), ArgumentError, 'timeout', '2147483647'],
      [`${name} with a bad timeout`, (bucket) => call(bucket, { timeout: '9' }), ArgumentError, 'timeout', '"9"'],
      [`${name} with a bad signal`, (bucket) => call(bucket, { signal: {} }), ArgumentError, 'signal', 'AbortSignal'],
    ];
  }),
  ['noop with an unknown option', (bucket) => bucket.noop(wrong({ key: 1 })), ArgumentError, 'noop', '"key"'],
  ['noop with a bad timeout', (bucket) => bucket.noop({ timeout: -1 }), ArgumentError, 'timeout', '-1'],
  ['noop with a bad signal', (bucket) => bucket.noop({ signal: wrong('stop') }), ArgumentError, 'signal', '"stop"'],
  ['insert with a cas', (bucket) => bucket.insert('k', 1, wrong({ cas: 1n })), ArgumentError, 'insert', '"cas"'],
  ['touch with quiet', (bucket) => bucket.touch('k', wrong({ quiet: true })), ArgumentError, 'touch', '"quiet"'],
  ['get with a bad quiet', (bucket) => bucket.get('k', { quiet: wrong('yes') }), ArgumentError, 'quiet', '"yes"'],
  ['get with a bad noFormat', (bucket) => bucket.get('k', { noFormat: wrong(1) }), ArgumentError, 'noFormat', '1'],
  [
    'upsert with a bad format',
    (bucket) => bucket.upsert('k', 1, { format: wrong(7) }),
    ArgumentError,
    'format',
    'FMT_JSON',
  ],
  [
    'append with a bad format',
    (bucket) => bucket.append('k', 'x', { format: wrong('json') }),
    ArgumentError,
    'FMT_UTF8',
  ],
  ['unlock without a cas', (bucket) => bucket.unlock('k', wrong({})), ArgumentError, 'cas'],
  ['unlock without options', (bucket) => bucket.unlock('k', wrong(undefined)), ArgumentError, 'cas'],
  ['unlock with the cas 0', (bucket) => bucket.unlock('k', { cas: 0n }), ArgumentError, 'cas'],
  ['lock without options', (bucket) => bucket.lock('k', wrong(undefined)), ArgumentError, 'ttl', '30'],
];

const counterCases: Case[] = (['delta', 'initial'] as const).flatMap((name) => [
  ...[0.5, 2 ** 53, Number.NaN, '1', null, {}].map(
    (value): Case => [
      `counter with the ${name} ${String(value)}`,
      (bucket) => bucket.counter('k', { [name]: wrong(value) }),
      ArgumentError,
      name,
      'safe integer',
    ],
  ),
  [
    `counter with a ${name} over 64 bits`,
    (bucket) => bucket.counter('k', { [name]: 2n ** 64n }),
    ArgumentError,
    name,
    '64',
  ] satisfies Case,
]);
counterCases.push([
  'counter with a negative initial',
  (bucket) => bucket.counter('k', { initial: -1 }),
  ArgumentError,
  'initial',
  '-1',
]);

const groups: readonly (readonly [string, readonly Case[]])[] = [
  ['keys', keyCases],
  ['values', [...valueCases, ...fragmentCases]],
  ['expiries', [...ttlCases, ...lockTtlCases]],
  ['CAS values', casCases],
  ['counter amounts', counterCases],
  ['options', optionCases],
];

describe.each(groups)('bad %s', (_group, cases) => {
  let node: ScriptedNode;
  let raw: RawBucket;
  let bucket: Bucket;

  beforeAll(async () => {
    node = await quietNode();
    raw = await connectTo(node);
    bucket = await connect(node.connectionString, { username: 'u', password: 'p' });
  });

  afterAll(async () => {
    raw.destroy();
    bucket.destroy();
    await node[Symbol.asyncDispose]();
  });

  /** What the node was asked for since then, once it has answered one more question. */
  async function sentSince(length: number): Promise<number[]> {
    await new TerminalCalls(raw.get('k')).value();
    await bucket.get('k');
    return node.received.slice(length);
  }

  test.each(cases)('%s', async (_what, call, kind, ...words) => {
    const { length } = node.received;
    let thrown: unknown;
    try {
      call(raw);
    } catch (error) {
      thrown = error;
    }
    const promise = call(bucket);
    expect(promise).toBeInstanceOf(Promise);
    const rejected: unknown = await (promise as Promise<unknown>).catch((error: unknown) => error);
    for (const error of [thrown, rejected]) {
      expect(error).toBeInstanceOf(kind);
      expect(error).toBeInstanceOf(CouchbaseInputError);
      expect((error as CouchbaseError).retryable).toBe(false);
      for (const word of words) expect((error as Error).message).toContain(word);
      expect((error as Error).message.length).toBeLessThan(300);
    }
    // Nothing was sent, and the next operations work.
    expect(await sentSince(length)).toEqual([Opcode.Get, Opcode.Get]);
  });
});

describe('a transcoder of the application', () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start();
    const { connectionString, username, password } = cluster;
    bucket = await connect(`${connectionString}/default`, { username, password });
  });

  afterEach(() => {
    bucket.transcoder = undefined;
  });

  afterAll(async () => {
    await bucket.close();
    await cluster.stop();
  });

  const encoded = { payload: '1', flags: FMT_JSON, datatype: 1 };
  test.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new RangeError('by the test');
      },
      'transcoder failed',
    ],
    ['gives nothing', () => undefined, 'transcoder failed'],
    ['gives a payload that is neither text nor bytes', () => ({ ...encoded, payload: 5 }), 'payload'],
    ['gives no payload', () => ({ flags: 0, datatype: 0 }), 'payload'],
    ['gives flags that are not 32 bits', () => ({ ...encoded, flags: 2 ** 32 }), 'flags'],
    ['gives negative flags', () => ({ ...encoded, flags: -1 }), 'flags'],
    ['gives a datatype that it may not', () => ({ ...encoded, datatype: 2 }), 'datatype'],
  ])('that %s when it encodes fails that operation and no other', async (_what, encodeValue, word) => {
    const before = bucket.upsert('k', 'before');
    bucket.transcoder = { encodeValue: encodeValue as never, decodeValue: (bytes) => bytes.toString() };
    const error: unknown = await bucket.upsert('k', 1).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ValueFormatError);
    expect((error as Error).message).toContain(word);
    bucket.transcoder = undefined;
    expect((await before).success).toBe(true);
    expect((await bucket.get('k')).value).toBe('before');
  });

  test('that throws when it decodes fails that operation and no other', async () => {
    await bucket.upsert('k', 1);
    const good = bucket.get('k');
    bucket.transcoder = {
      encodeValue: () => encoded,
      decodeValue: () => {
        throw new RangeError('by the test');
      },
    };
    const bad = bucket.get('k');
    bucket.transcoder = undefined;
    const after = bucket.get('k');
    await expect(bad).rejects.toMatchObject({ name: 'ValueFormatError', key: 'k' });
    expect((await good).value).toBe(1);
    expect((await after).value).toBe(1);
  });
});

describe('against the embedded cluster', () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start({ nodes: 2 });
    const { connectionString, username, password } = cluster;
    bucket = await connect(`${connectionString}/default`, { username, password });
  });

  afterAll(async () => {
    await bucket.close();
    await cluster.stop();
  });

  test.each([
    ['1 byte', 'k'],
    ['250 bytes', 'x'.repeat(250)],
    ['83 characters in 249 bytes', '値'.repeat(83)],
    ['62 surrogate pairs in 248 bytes', '🔑'.repeat(62)],
  ])('a key of %s is good', async (_what, key) => {
    await bucket.upsert(key, key);
    expect((await bucket.get(key)).value).toBe(key);
  });

  test.each([
    ['ttl', { ttl: 0xffffffff }],
    ['a Date', { ttl: new Date(Date.now() + 60_000) }],
    ['a CAS of 0', { cas: 0n }],
  ])('%s at its limit is good', async (_what, options) => {
    await bucket.upsert('limit', 1, options);
    expect((await bucket.get('limit')).value).toBe(1);
  });

  test('a value over 20 MiB is the error of the server, and the connection goes on', async () => {
    const error: unknown = await bucket
      .upsert('large', Buffer.alloc(20 * 1024 * 1024 + 1), { format: FMT_BYTES, timeout: 20_000 })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TooBigError);
    await bucket.upsert('large', Buffer.alloc(1024 * 1024, 7), { format: FMT_BYTES });
    expect(((await bucket.get('large')).value as Buffer).length).toBe(1024 * 1024);
  });
});

describe('a bucket is not made', () => {
  const at = 'couchbase://127.0.0.1/default';
  test.each<[string, () => unknown, ...string[]]>([
    ['without a connection string', () => new RawBucket(wrong(undefined)), 'connection string'],
    ['with an empty connection string', () => new RawBucket(''), 'connection string'],
    ['with an unknown scheme', () => new RawBucket('redis://127.0.0.1/default'), 'couchbases'],
    ['without a bucket', () => new RawBucket('couchbase://127.0.0.1'), 'bucket is missing'],
    ['with two buckets', () => new RawBucket(at, { bucket: 'other' }), '"other"', '"default"'],
    ['with an unknown option', () => new RawBucket(at, wrong({ user: 'me' })), '"user"', 'username'],
    ['with an unknown option in its string', () => new RawBucket(`${at}?kv_timout=1`), 'kv_timout', 'kv_timeout'],
    ['with a bad port', () => new RawBucket('couchbase://127.0.0.1:99999/default'), '99999'],
    ['with a username alone', () => new RawBucket(at, { username: 'u' }), 'password'],
    ['with a password alone', () => new RawBucket(at, { password: 'p' }), 'username'],
    ['with a bad quiet', () => new RawBucket(at, { quiet: wrong(1) }), 'quiet'],
    ['with a bad keepAlive', () => new RawBucket(at, { keepAlive: wrong('no') }), 'keepAlive'],
    ['with a bad format', () => new RawBucket(at, { defaultFormat: wrong(9) }), 'format'],
    ['with a bad timeout', () => new RawBucket(at, { timeout: 0 }), 'timeout', '2147483647'],
    ['with a bad connect timeout', () => new RawBucket(at, { connectTimeout: wrong('1s') }), 'connectTimeout', '"1s"'],
    ['with a bad transcoder', () => new RawBucket(at, { transcoder: wrong({}) }), 'transcoder', 'encodeValue'],
    ['with tls but no couchbases', () => new RawBucket(at, { tls: {} }), 'tls', 'couchbases://'],
    ['with null for options', () => new RawBucket(at, wrong(null)), 'options', 'null'],
  ])('%s', (_what, make, ...words) => {
    expect(make).toThrow(ArgumentError);
    for (const word of words) expect(make).toThrow(word);
  });

  test('and what is set later is checked too', () => {
    const bucket = new Bucket(at);
    expect(() => Object.assign(bucket, { quiet: 'yes' })).toThrow(ArgumentError);
    expect(() => Object.assign(bucket, { timeout: -5 })).toThrow('timeout');
    expect(() => Object.assign(bucket, { defaultFormat: 3 })).toThrow('format');
    expect(() => Object.assign(bucket, { transcoder: { encodeValue: 1 } })).toThrow('transcoder');
    expect([bucket.quiet, bucket.timeout, bucket.defaultFormat]).toEqual([false, 2500, FMT_JSON]);
  });
});
