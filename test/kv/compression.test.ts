import { createHash } from 'node:crypto';
import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect } from '@cb/promise';
import { Datatype, Feature, type Frame, FrameWriter, Magic, Opcode, Status, vbucketOf } from '@cb/protocol';
import { FMT_BYTES, FMT_UTF8, RawBucket } from '@cb/raw';
import { ScriptedNode } from '../../packages/raw/test/scripted-node.js';
import { TerminalCalls } from '../async-result/terminal-calls.js';

const TEXT = 'compressible '.repeat(100);

describe('compression', () => {
  let cluster: EmbeddedCluster;
  let bucket: Bucket;

  async function start(query = '?enable_compression=true', options: object = {}): Promise<void> {
    cluster = await EmbeddedCluster.start(options);
    const { username, password } = cluster;
    bucket = await connect(`${cluster.connectionString}/default${query}`, { username, password });
  }

  afterEach(async () => {
    await bucket.close();
    await cluster.stop();
  });

  /** What the server keeps: how many bytes, and their datatype. */
  function stored(key: string): { readonly bytes: number; readonly datatype: number } {
    const [part] = cluster.bucket('default').parts;
    const { value, datatype } = part!.vbuckets[vbucketOf(key, part!.vbucketCount)]!.read(0, key)!;
    return { bytes: value.length, datatype };
  }

  test('values travel compressed both ways', async () => {
    await start();
    const value = { text: TEXT };
    await bucket.upsert('c:json', value);
    expect(stored('c:json').datatype).toBe(Datatype.Json | Datatype.Snappy);
    expect(stored('c:json').bytes).toBeLessThan(TEXT.length / 5);
    expect((await bucket.get('c:json')).value).toEqual(value);
    expect((await bucket.get('c:json', { noFormat: true })).value).toEqual(Buffer.from(JSON.stringify(value)));
    await bucket.insert('c:text', TEXT, { format: FMT_UTF8 });
    await bucket.replace('c:text', TEXT, { format: FMT_UTF8 });
    expect(stored('c:text').datatype).toBe(Datatype.Snappy);
    expect((await bucket.get('c:text')).value).toBe(TEXT);
    const bytes = Buffer.alloc(100_000, 'ab');
    await bucket.upsert('c:bytes', bytes, { format: FMT_BYTES });
    expect((await bucket.get('c:bytes')).value).toEqual(bytes);
  });

  test('what is appended may be compressed, too', async () => {
    await start();
    await bucket.upsert('c:log', 'start:', { format: FMT_UTF8 });
    await bucket.append('c:log', TEXT);
    await bucket.prepend('c:log', TEXT);
    expect((await bucket.get('c:log')).value).toBe(`${TEXT}start:${TEXT}`);
  });

  test('small values and those that do not shrink go out as they are', async () => {
    await start();
    await bucket.upsert('c:small', 'a'.repeat(29));
    expect(stored('c:small')).toEqual({ bytes: 31, datatype: Datatype.Json });
    await bucket.upsert('c:enough', 'a'.repeat(30));
    expect(stored('c:enough').datatype).toBe(Datatype.Json | Datatype.Snappy);
    const random = Buffer.concat([1, 2, 3, 4, 5, 6, 7, 8].map((n) => createHash('sha512').update(`${n}`).digest()));
    await bucket.upsert('c:random', random, { format: FMT_BYTES });
    expect(stored('c:random')).toEqual({ bytes: 512, datatype: Datatype.Raw });
    expect((await bucket.get('c:random')).value).toEqual(random);
  });

  test('the limits are options', async () => {
    await start('?enable_compression=true&compression_min_size=2000&compression_min_ratio=0.9');
    await bucket.upsert('c:below', TEXT);
    expect(stored('c:below').datatype).toBe(Datatype.Json);
    await bucket.upsert('c:above', TEXT + TEXT);
    expect(stored('c:above').datatype).toBe(Datatype.Json | Datatype.Snappy);
    await bucket.close();
    const { username, password } = cluster;
    bucket = await connect(`${cluster.connectionString}/default?enable_compression=true&compression_min_ratio=0`, {
      username,
      password,
    });
    await bucket.upsert('c:never', TEXT);
    expect(stored('c:never').datatype).toBe(Datatype.Json);
  });

  test('left off, as it is by default, nothing is compressed, and the server inflates what is', async () => {
    await start();
    await bucket.upsert('c:there', TEXT);
    await bucket.close();
    const { username, password } = cluster;
    bucket = await connect(`${cluster.connectionString}/default`, { username, password });
    expect((await bucket.get('c:there')).value).toBe(TEXT);
    await bucket.upsert('c:plain', TEXT);
    expect(stored('c:plain').datatype).toBe(Datatype.Json);
  });

  test('a server without the feature is sent no compressed value', async () => {
    await start('?enable_compression=true', { features: [Feature.Json, Feature.Xerror, Feature.SelectBucket] });
    await bucket.upsert('c:plain', TEXT);
    expect(stored('c:plain').datatype).toBe(Datatype.Json);
    expect((await bucket.get('c:plain')).value).toBe(TEXT);
  });

  test('replicas and counters are read as ever', async () => {
    await start('?enable_compression=true', { nodes: 2, replicas: 1 });
    await bucket.upsert('c:copy', TEXT, { replicateTo: 1 });
    expect((await bucket.getAllReplicas('c:copy')).map(({ value }) => value)).toEqual([TEXT, TEXT]);
    expect((await bucket.counter('c:count', { initial: 5 })).value).toBe(5);
    expect((await bucket.randomGet()).value).toBeDefined();
  });
});

describe('compressed answers that are not as they should be', () => {
  let node: ScriptedNode;
  let bucket: RawBucket;
  let answer: Buffer;

  beforeEach(async () => {
    node = await ScriptedNode.start((frame) => {
      if (frame.opcode !== Opcode.Get) return undefined;
      return { bytes: compressedAnswer(frame, frame.key.toString().endsWith('good') ? GOOD : answer) };
    });
    bucket = new RawBucket(`${node.connectionString}&enable_compression=true`, { username: 'u', password: 'p' });
    await new TerminalCalls(bucket.connect()).value();
  });

  afterEach(async () => {
    bucket.destroy();
    await node[Symbol.asyncDispose]();
  });

  /** The text `"ok"`. */
  const GOOD = Buffer.from('040c226f6b22', 'hex');

  function compressedAnswer({ opcode, opaque }: Frame, block: Buffer): Buffer {
    const writer = new FrameWriter();
    writer.begin(Magic.Response, opcode);
    writer.u32(0x02000000);
    writer.endExtras();
    writer.raw(block);
    writer.end(Status.Success, Datatype.Snappy | Datatype.Json, opaque, 0, 7);
    return Buffer.from(writer.written);
  }

  test.each([
    ['nothing at all', ''],
    ['plain text', Buffer.from('"not compressed"').toString('hex')],
    ['a block cut off', '040c226f'],
    ['a block that is longer than it says', '020c226f6b22'],
    ['a copy from before the start', '040101'],
    ['a literal of 4 GiB', '01fcffffffff31'],
  ])('%s fails its own operation', async (_what, hex) => {
    answer = Buffer.from(hex, 'hex');
    const bad = new TerminalCalls(bucket.get('bad'));
    const good = new TerminalCalls(bucket.get('good'));
    const error = await bad.error();
    expect(error).toMatchObject({ code: 'protocol', key: 'bad', operation: 'get', status: 0, ambiguous: false });
    expect(error.message).toContain('not a Snappy block');
    expect(await good.value()).toMatchObject({ value: 'ok', cas: 7n });
    expect(node.connections.size).toBe(1);
  });

  test('a block that announces more than a frame may hold is not inflated', async () => {
    // 30 MiB and one byte, in seven bits a byte.
    answer = Buffer.concat([Buffer.from([0x81, 0x80, 0x80, 0x0f]), Buffer.from('fe0100'.repeat(100), 'hex')]);
    const error = await new TerminalCalls(bucket.get('bad')).error();
    expect(error).toMatchObject({ code: 'protocol', key: 'bad' });
    expect(error.message).toContain(`${30 * 1024 * 1024 + 1} bytes is over the limit of ${30 * 1024 * 1024}`);
  });

  test('an empty block is an empty value', async () => {
    answer = Buffer.from([0]);
    const result = await new TerminalCalls(bucket.get('bad', { noFormat: true })).value();
    expect(result.value).toEqual(Buffer.alloc(0));
  });
});
