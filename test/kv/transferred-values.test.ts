import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, FMT_BYTES } from '@cb/promise';

/** More than one received chunk and one block of shared memory hold. */
const KEYS = Array.from({ length: 200 }, (_none, index) => `bytes:${index}`);
const LENGTHS = [0, 1, 5, 300, 1024, 4096, 4097, 20_000];

let cluster: EmbeddedCluster;
let bucket: Bucket;

function contentOf(index: number): Buffer {
  return Buffer.alloc(LENGTHS[index % LENGTHS.length]!, index % 251);
}

beforeAll(async () => {
  cluster = await EmbeddedCluster.start();
  const { connectionString, username, password } = cluster;
  bucket = await connect(`${connectionString}/default`, { username, password, defaultFormat: FMT_BYTES });
  await bucket.upsertMulti(new Map(KEYS.map((key, index) => [key, contentOf(index)])));
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

/** What takes the memory of a value away from its thread, where that can be done. */
const WAYS: Readonly<Record<string, (memory: ArrayBuffer) => void>> = {
  structuredClone: (memory) => void structuredClone(memory, { transfer: [memory] }),
  postMessage(memory) {
    const { port1, port2 } = new MessageChannel();
    try {
      port1.postMessage(memory, [memory]);
    } finally {
      port1.close();
      port2.close();
    }
  },
  // Newer than the oldest Node that is supported.
  transfer: (memory) => void (memory as ArrayBuffer & { transfer?(): ArrayBuffer }).transfer?.(),
};

async function readAll(): Promise<Buffer[]> {
  return Promise.all(KEYS.map(async (key) => (await bucket.get<Buffer>(key)).value));
}

/** The keys whose values are not what was stored. */
function wrongOnes(values: readonly Buffer[]): string[] {
  return KEYS.filter((_key, index) => !values[index]!.equals(contentOf(index)));
}

test.each(Object.keys(WAYS))('%s of the memory of every value leaves what is read afterwards', async (name) => {
  for (let round = 0; round < 3; round++) {
    for (const value of await readAll()) {
      try {
        WAYS[name]!(value.buffer as ArrayBuffer);
      } catch (refusal) {
        expect(refusal).toMatchObject({ name: /DataCloneError|TypeError/ });
      }
    }
    const read = await readAll();
    expect(wrongOnes(read)).toEqual([]);
  }
});

test.each(['structuredClone', 'postMessage'])(
  '%s of the memory of short values leaves their neighbours',
  async (name) => {
    const values = await readAll();
    for (const value of values) {
      if (value.length > 4096) continue;
      try {
        WAYS[name]!(value.buffer as ArrayBuffer);
      } catch (refusal) {
        expect(refusal).toMatchObject({ name: 'DataCloneError' });
      }
    }
    expect(wrongOnes(values)).toEqual([]);
  },
);

test('values taken away between answers that came together leave the others', async () => {
  const read = new Map<string, Buffer>();
  await Promise.all(
    KEYS.map(async (key) => {
      const { value } = await bucket.get<Buffer>(key);
      read.set(key, Buffer.from(value));
      try {
        WAYS['transfer']!(value.buffer as ArrayBuffer);
      } catch {
        // Newer versions of Node refuse it, as is right.
      }
    }),
  );
  // What lay in memory with another one that was transferred by `transfer` is gone, which nobody can keep from happening.
  const wrong = KEYS.filter((key, index) => read.get(key)!.length > 0 && !read.get(key)!.equals(contentOf(index)));
  expect(wrong).toEqual([]);
});
