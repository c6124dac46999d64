import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect, FMT_AUTO } from '@cb/promise';
import { Datatype } from '@cb/protocol';
import type { Collection } from 'couchbase';
import { OfficialSdk } from './official.js';

/** Worth compressing, as JSON, as text and as bytes. */
const VALUES: Readonly<Record<string, unknown>> = {
  json: { text: 'ein grüner Zweig 🌿 '.repeat(100), list: Array.from({ length: 200 }, () => 'same') },
  text: 'compressible '.repeat(100),
  bytes: Buffer.alloc(5000, 'abc'),
};

describe.each(['off', 'passive', 'active'] as const)('a bucket with compression mode %s', (compressionMode) => {
  let cluster: EmbeddedCluster;
  let official: OfficialSdk;
  let theirs: Collection;
  let ours: Bucket;
  let plain: Bucket;

  beforeAll(async () => {
    cluster = await EmbeddedCluster.start({ buckets: { default: { compressionMode } } });
    official = await OfficialSdk.connect(cluster);
    theirs = official.collection;
    const { connectionString, username, password } = cluster;
    const spec = `${connectionString}/default`;
    ours = await connect(`${spec}?enable_compression=true`, { username, password, defaultFormat: FMT_AUTO });
    plain = await connect(spec, { username, password, defaultFormat: FMT_AUTO });
  });

  afterAll(async () => {
    await Promise.all([ours.close(), plain.close()]);
    await official[Symbol.asyncDispose]();
    await cluster.stop();
  });

  /** Whether the server keeps the document compressed. */
  function isKeptCompressed(key: string): boolean {
    return (cluster.bucket('default').peek(key)!.datatype & Datatype.Snappy) !== 0;
  }

  test.each(Object.entries(VALUES))('%s: what one compresses, all read', async (kind, value) => {
    const writers: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
      ours: (key) => ours.upsert(key, value),
      theirs: (key) => theirs.upsert(key, value),
      plain: (key) => plain.upsert(key, value),
    };
    for (const [writer, write] of Object.entries(writers)) {
      const key = `${kind} ${writer}`;
      await write(key);
      const kept = compressionMode === 'active' || (compressionMode === 'passive' && writer !== 'plain');
      expect([key, isKeptCompressed(key)]).toEqual([key, kept]);
      expect((await theirs.get(key)).content).toEqual(value);
      expect((await ours.get(key)).value).toEqual(value);
      expect((await plain.get(key)).value).toEqual(value);
    }
  });

  test('one appends to what the other compressed', async () => {
    const text = 'compressible '.repeat(100);
    await theirs.upsert('append', text);
    await ours.append('append', text);
    await theirs.binary().prepend('append', text);
    await plain.append('append', '.');
    const whole = `${text.repeat(3)}.`;
    expect((await theirs.get('append')).content).toBe(whole);
    expect((await ours.get('append')).value).toBe(whole);
  });

  test('one looks into what the other compressed', async () => {
    await theirs.upsert('look', { list: Array.from({ length: 200 }, () => 'same'), n: 1 });
    expect((await ours.retrieveIn('look', 'list[7]', 'n')).entries.map(({ value }) => value)).toEqual(['same', 1]);
    await ours.listAppend('list', 'x'.repeat(500), { create: true });
    expect(await theirs.list('list').getAll()).toEqual(['x'.repeat(500)]);
  });
});
