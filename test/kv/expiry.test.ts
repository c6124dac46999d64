import vm from 'node:vm';
import { EmbeddedCluster } from '@cb/embedded';
import {
  ArgumentError,
  type Bucket,
  connect,
  Item,
  ItemOptionDict,
  LookupInSpec,
  MutateInSpec,
  type Ttl,
} from '@cb/promise';

const DAY = 86_400;
/** Seconds that a slow machine may take between two looks at the clock. */
const SLACK = 120;

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

async function expiryOf(key: string): Promise<number> {
  const found = await bucket.lookupIn(key, [LookupInSpec.get<number>('$document.exptime', { xattr: true })]);
  return found.content(0);
}

function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** Every way to give a document an expiry, under a key of its own. */
const WAYS: Readonly<Record<string, (key: string, ttl: Ttl) => Promise<unknown>>> = {
  upsert: (key, ttl) => bucket.upsert(key, 1, { ttl }),
  insert: (key, ttl) => bucket.insert(key, 1, { ttl }),
  replace: async (key, ttl) => {
    await bucket.upsert(key, 1);
    await bucket.replace(key, 2, { ttl });
  },
  touch: async (key, ttl) => {
    await bucket.upsert(key, 1);
    await bucket.touch(key, { ttl });
  },
  get: async (key, ttl) => {
    await bucket.upsert(key, 1);
    await bucket.get(key, { ttl });
  },
  counter: (key, ttl) => bucket.counter(key, { initial: 1, ttl }),
  mutateIn: (key, ttl) => bucket.mutateIn(key, [MutateInSpec.upsert('a', 1)], { upsertDoc: true, ttl }),
  mapAdd: (key, ttl) => bucket.mapAdd(key, 'a', 1, { create: true, ttl }),
  listAppend: (key, ttl) => bucket.listAppend(key, 1, { create: true, ttl }),
  setAdd: (key, ttl) => bucket.setAdd(key, 1, { create: true, ttl }),
  setRemove: async (key, ttl) => {
    await bucket.upsert(key, [1, 2]);
    await bucket.setRemove(key, 1, { ttl });
  },
  queuePop: async (key, ttl) => {
    await bucket.upsert(key, [1, 2]);
    await bucket.queuePop(key, { ttl });
  },
  upsertMulti: (key, ttl) => bucket.upsertMulti({ [key]: 1 }, { ttl }),
  'touchMulti, for one key': async (key, ttl) => {
    await bucket.upsert(key, 1);
    await bucket.touchMulti({ [key]: ttl });
  },
  'getMulti, for all keys': async (key, ttl) => {
    await bucket.upsert(key, 1);
    await bucket.getMulti([key], { ttl });
  },
  counterMulti: (key, ttl) => bucket.counterMulti({ [key]: { delta: 1, initial: 1, ttl } }),
  'an Item': (key, ttl) => bucket.upsertMulti(new ItemOptionDict([[new Item(key, 1), { ttl }]])),
  pipeline: (key, ttl) => bucket.pipeline((p) => [p.upsert(key, 1, { ttl })]),
};
const NAMES = Object.keys(WAYS);

describe.each(NAMES)('%s', (name) => {
  const give = WAYS[name]!;

  test('keeps a document for as many seconds as were given, over 30 days too', async () => {
    for (const seconds of [90, 30 * DAY, 30 * DAY + 1, 61 * DAY, 3 * 365 * DAY, 999_999_999]) {
      const key = `${name}:${seconds}`;
      await give(key, seconds);
      expect(Math.abs((await expiryOf(key)) - unixSeconds() - seconds)).toBeLessThan(SLACK);
    }
  });

  test('takes a point in time as a Date, of another realm too, and as a Unix time', async () => {
    const at = unixSeconds() + 45 * DAY;
    await give(`${name}:date`, new Date(at * 1000));
    await give(`${name}:foreign date`, vm.runInNewContext(`new Date(${at * 1000})`) as Date);
    await give(`${name}:unix`, at);
    for (const kind of ['date', 'foreign date', 'unix']) expect(await expiryOf(`${name}:${kind}`)).toBe(at);
  });

  test('refuses what is not a time, before anything is sent', async () => {
    const times = [-1, -0.5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32, '60', null, true, 60n, []];
    // A number of seconds that the server would take for a duration.
    const dates = [
      new Date(Number.NaN),
      new Date(-1),
      new Date(0),
      new Date(20 * DAY * 1000),
      new Date(2 ** 32 * 1000),
    ];
    for (const ttl of [...times, ...dates]) {
      await expect(give(`${name}:refused`, ttl as Ttl)).rejects.toThrow(ArgumentError);
    }
  });
});

test('a counter that is not created has its ttl checked as well', async () => {
  await bucket.counter('there', { initial: 1 });
  for (const ttl of [-1, 'soon', Number.NaN, 0.5]) {
    await expect(bucket.counter('there', { ttl: ttl as number })).rejects.toThrow(/ttl must be/);
    await expect(bucket.counterMulti({ there: 1 }, { ttl: ttl as number })).rejects.toThrow(/ttl must be/);
  }
  // On the wire, this one means: do not create.
  await expect(bucket.counter('made', { initial: 1, ttl: 0xffffffff })).rejects.toThrow(/ttl of counter/);
});

test('a point in time that has passed deletes the document', async () => {
  await bucket.upsert('past', 1, { ttl: new Date('2010-01-01') });
  await bucket.upsert('passed', 1, { ttl: 1_000_000_000 });
  expect((await bucket.exists('past')).exists || (await bucket.exists('passed')).exists).toBe(false);
});
