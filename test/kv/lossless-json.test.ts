import vm from 'node:vm';
import { EmbeddedCluster } from '@cb/embedded';
import {
  type Bucket,
  bigIntegerTranscoder,
  connect,
  FMT_AUTO,
  FMT_BYTES,
  MutateInSpec,
  ValueFormatError,
} from '@cb/promise';

let cluster: EmbeddedCluster;
let bucket: Bucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start();
  const { connectionString, username, password } = cluster;
  bucket = await connect(`${connectionString}/default`, { username, password });
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

async function* none(): AsyncGenerator<number> {}

/** Objects of which JSON.stringify makes something else without a word. */
const LOST: Readonly<Record<string, unknown>> = {
  'a Buffer': Buffer.from('bytes'),
  'an empty Buffer': Buffer.alloc(0),
  'a Uint8Array': Uint8Array.of(1, 2),
  'a Float64Array': Float64Array.of(0.5),
  'a DataView': new DataView(new ArrayBuffer(4)),
  'an ArrayBuffer': new ArrayBuffer(3),
  'a Map': new Map([['a', 1]]),
  'a Set': new Set([1]),
  'a RegExp': /a/,
  'an Error': new Error('lost'),
  'a Promise': Promise.resolve(1),
  'an iterator': new Map([['a', 1]]).values(),
  'a generator': none(),
  'a Map of another realm': vm.runInNewContext('new Map([[1, 2]])'),
  'bytes of another realm': vm.runInNewContext('Uint8Array.of(7)'),
};

/** Everything that stores JSON. */
const STORES: Readonly<Record<string, (value: unknown) => Promise<unknown>>> = {
  upsert: (value) => bucket.upsert('doc', value),
  insert: (value) => bucket.insert('fresh', value),
  replace: (value) => bucket.replace('doc', value),
  upsertMulti: (value) => bucket.upsertMulti({ doc: value }),
  mutateIn: async (value) => bucket.mutateIn('doc', [MutateInSpec.upsert('a', value)]),
  arrayAppend: async (value) => bucket.mutateIn('doc', [MutateInSpec.arrayAppend('list', [1, value])]),
  mapAdd: (value) => bucket.mapAdd('doc', 'a', value),
  listAppend: (value) => bucket.listAppend('doc', value),
  queuePush: (value) => bucket.queuePush('doc', value),
};

describe.each(Object.keys(STORES))('%s as JSON', (name) => {
  const store = STORES[name]!;

  beforeEach(() => bucket.upsert('doc', { list: [] }));

  test.each(Object.keys(LOST))('refuses %s, naming the format that takes bytes', async (what) => {
    await expect(store(LOST[what])).rejects.toThrow(ValueFormatError);
    await expect(store(LOST[what])).rejects.toThrow(/FMT_AUTO/);
    expect((await bucket.get('doc')).value).toEqual({ list: [] });
  });

  test.each([[undefined], [() => 1], [Symbol('s')], [Number.NaN], [Number.NEGATIVE_INFINITY]])(
    'refuses what JSON has no word for',
    async (value) => {
      await expect(store(value)).rejects.toThrow(ValueFormatError);
    },
  );
});

test.each(Object.keys(LOST))('%s within a value is refused, with its place', async (what) => {
  const value = { fine: [{ empty: {} }], deep: [{ at: [null, LOST[what]] }] };
  // The error that is lost within a value is one without fields of its own.
  await expect(bucket.upsert('doc', value)).rejects.toThrow(/"deep\.0\.at\.1"/);
  bucket.transcoder = bigIntegerTranscoder;
  await expect(bucket.upsert('doc', { ...value, big: 2n ** 60n })).rejects.toThrow(/"deep\.0\.at\.1"/);
  bucket.transcoder = undefined;
});

test('what JSON holds is stored, and what has a toJSON is what that says', async () => {
  const shared = {};
  class Money {
    readonly #cents = 199;
    toJSON(): number {
      return this.#cents;
    }
  }
  const values: [unknown, unknown][] = [
    [{}, {}],
    [
      { a: {}, b: [{}], 0: 1, type: 'Buffer', data: [] },
      { 0: 1, a: {}, b: [{}], type: 'Buffer', data: [] },
    ],
    [
      [shared, shared],
      [{}, {}],
    ],
    [{ at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    [new Money(), 199],
    [
      { price: new Money(), none: {} },
      { price: 199, none: {} },
    ],
    [Object.assign(new Error('told'), { toJSON: () => 'told' }), 'told'],
    [Object.assign(new Map(), { toJSON: () => ['map'] }), ['map']],
    [{ left: undefined, out: () => 1, list: [undefined] }, { list: [null] }],
    [Object.create(null), {}],
    ['{}', '{}'],
    [
      { text: '{"type":"Buffer"', more: '{"0":' },
      { text: '{"type":"Buffer"', more: '{"0":' },
    ],
  ];
  for (const [value, stored] of values) {
    await bucket.upsert('doc', value);
    expect((await bucket.get('doc')).value).toEqual(stored);
  }
});

test('a bigint is refused with the name of the transcoder that takes it', async () => {
  for (const value of [1n, { a: [1n] }]) {
    await expect(bucket.upsert('doc', value)).rejects.toThrow(/bigIntegerTranscoder/);
  }
});

test('bytes are stored as bytes where connect says so, as other SDKs do', async () => {
  const { connectionString, username, password } = cluster;
  await using own = await connect(`${connectionString}/default`, { username, password, defaultFormat: FMT_AUTO });
  await own.upsert('bytes', Uint8Array.of(1, 255));
  expect(await own.get('bytes')).toMatchObject({ value: Buffer.of(1, 255), flags: FMT_BYTES });
  await own.upsert('foreign', vm.runInNewContext('Uint8Array.of(7, 8)'));
  expect((await own.get('foreign')).value).toEqual(Buffer.of(7, 8));
  await own.append('foreign', vm.runInNewContext('Uint8Array.of(9)'));
  expect((await own.get('foreign')).value).toEqual(Buffer.of(7, 8, 9));
  await own.upsertMulti(vm.runInNewContext('new Map([["a", 1], ["b", 2]])'));
  expect((await own.getMulti(vm.runInNewContext('new Set(["a", "b"])'))).size).toBe(2);
  await own.touchMulti(vm.runInNewContext('new Map([["a", new Date(Date.now() + 60000)]])'));
});
