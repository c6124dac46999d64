import { EmbeddedCluster } from '@cb/embedded';
import { type Bucket, connect } from '@cb/promise';
import { ArgumentError, type CouchbaseError, ValueFormatError } from '@cb/protocol';
import {
  bigIntegerTranscoder,
  defaultTranscoder,
  type Encoded,
  FMT_BYTES,
  FMT_JSON,
  FMT_UTF8,
  type MultiResult,
  type Transcoder,
} from '@cb/raw';

let cluster: EmbeddedCluster;
let bucket: Bucket;

beforeAll(async () => {
  cluster = await EmbeddedCluster.start();
  const { username, password } = cluster;
  bucket = await connect(`${cluster.connectionString}/default`, { username, password });
});

afterAll(async () => {
  await bucket.close();
  await cluster.stop();
});

afterEach(() => {
  bucket.transcoder = undefined;
});

async function rejection(promise: Promise<unknown>): Promise<CouchbaseError> {
  return promise.then(
    () => {
      throw new Error('did not reject');
    },
    (error) => error as CouchbaseError,
  );
}

/** The default transcoder, some of it replaced. */
function transcoder(parts: Partial<Transcoder>): Transcoder {
  const { encodeValue, decodeValue } = defaultTranscoder;
  return { encodeValue, decodeValue, ...parts };
}

/** Stores the value as these bytes and flags. */
async function storeAs(key: string, payload: string | Uint8Array, flags: number): Promise<void> {
  bucket.transcoder = transcoder({ encodeValue: () => ({ payload, flags, datatype: 0 }) });
  await bucket.upsert(key, undefined);
  bucket.transcoder = undefined;
}

describe('a transcoder of the application', () => {
  /** Points as eight bytes, with flags of its own. */
  const FLAGS = 0x01000077;
  const points = transcoder({
    encodeValue(value, format) {
      if (!(value instanceof Point)) return defaultTranscoder.encodeValue(value, format);
      const payload = Buffer.alloc(8);
      payload.writeInt32BE(value.x, 0);
      payload.writeInt32BE(value.y, 4);
      return { payload, flags: FLAGS, datatype: 0 };
    },
    decodeValue(bytes, flags) {
      if (flags !== FLAGS) return defaultTranscoder.decodeValue(bytes, flags);
      return new Point(bytes.readInt32BE(0), bytes.readInt32BE(4));
    },
  });

  class Point {
    readonly x: number;
    readonly y: number;

    constructor(x: number, y: number) {
      this.x = x;
      this.y = y;
    }
  }

  test('encodes what is stored and decodes what is read, together with other values', async () => {
    bucket.transcoder = points;
    await bucket.upsertMulti({ 'tc:p': new Point(-1, 2), 'tc:o': { x: 1 } });
    const read = await bucket.getMulti(['tc:p', 'tc:o']);
    expect(read.get('tc:p')).toMatchObject({ value: new Point(-1, 2), flags: FLAGS });
    expect(read.get('tc:p')!.value).toBeInstanceOf(Point);
    expect(read.get('tc:o')).toMatchObject({ value: { x: 1 }, flags: FMT_JSON });
    expect((await bucket.lock<Point>('tc:p', { ttl: 1 })).value.y).toBe(2);
    bucket.transcoder = undefined;
    expect((await bucket.get('tc:p')).value).toEqual(Buffer.from('ffffffff00000002', 'hex'));
  });

  test('can be given with the bucket, and is checked', async () => {
    const { username, password } = cluster;
    const string = `${cluster.connectionString}/default`;
    const other = await connect(string, { username, password, transcoder: points });
    await other.upsert('tc:q', new Point(3, 4));
    expect((await other.get('tc:q')).value).toEqual(new Point(3, 4));
    await other.close();
    await expect(connect(string, { transcoder: {} as never })).rejects.toThrow(ArgumentError);
    expect(() => {
      bucket.transcoder = { encodeValue: () => {} } as never;
    }).toThrow('transcoder must be');
    expect(bucket.transcoder).toBe(defaultTranscoder);
  });

  test('that fails to encode is a ValueFormatError with its cause, and nothing is sent', async () => {
    const thrown = new RangeError('too round');
    bucket.transcoder = transcoder({
      encodeValue() {
        throw thrown;
      },
    });
    for (const call of [bucket.upsert('tc:e', 1), bucket.append('tc:e', 'x'), bucket.upsertMulti({ 'tc:e': 1 })]) {
      const error = await rejection(call);
      expect(error).toBeInstanceOf(ValueFormatError);
      expect(error).toMatchObject({ cause: thrown, key: 'tc:e' });
    }
    expect((await bucket.exists('tc:e')).exists).toBe(false);
  });

  const notEncoded: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['an object', { payload: {}, flags: 0, datatype: 0 }],
    ['flags beyond 32 bits', { payload: 'x', flags: 2 ** 32, datatype: 0 }],
    ['negative flags', { payload: 'x', flags: -1, datatype: 0 }],
    ['another datatype', { payload: 'x', flags: 0, datatype: 4 }],
  ];

  test.each(notEncoded)('that encodes to %s is a ValueFormatError', async (_name, encoded) => {
    bucket.transcoder = transcoder({ encodeValue: () => encoded as Encoded });
    expect(await rejection(bucket.upsert('tc:e', 1))).toBeInstanceOf(ValueFormatError);
    bucket.transcoder = undefined;
    await bucket.upsert('tc:alive', 1);
  });

  test('that fails to decode fails that operation alone, with its cause', async () => {
    await bucket.upsertMulti({ 'tc:good': 'good', 'tc:bad': 'bad' });
    const thrown = new RangeError('not mine');
    bucket.transcoder = transcoder({
      decodeValue(bytes, flags) {
        const value = defaultTranscoder.decodeValue(bytes, flags);
        if (value === 'bad') throw thrown;
        return value;
      },
    });
    const [bad, good] = await Promise.allSettled([bucket.get('tc:bad'), bucket.get('tc:good')]);
    expect(good).toMatchObject({ status: 'fulfilled', value: { value: 'good' } });
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'value_format', key: 'tc:bad', cause: thrown } });
    const error = await rejection(bucket.getMulti(['tc:good', 'tc:bad']));
    expect((error.allResults as MultiResult).get('tc:good')).toMatchObject({ value: 'good' });
    expect(await rejection(bucket.get('tc:bad', { ttl: 10 }))).toBeInstanceOf(ValueFormatError);
    expect((await bucket.get('tc:bad', { noFormat: true })).value).toEqual(Buffer.from('"bad"'));
  });
});

describe('reading by flags', () => {
  test.each<readonly [string, number, unknown]>([
    ['JSON of all SDKs', 0x02000000, { a: 1 }],
    ['JSON of the Node SDK 2', 0x02000006, { a: 1 }],
    ['JSON of the Java SDK 1', 0, { a: 1 }],
    ['strings of all SDKs', 0x04000004, '{"a":1}'],
    ['strings of the Python SDK 1', 4, '{"a":1}'],
    ['bytes of all SDKs', 0x03000002, Buffer.from('{"a":1}')],
    ['bytes of the Python SDK 1', 2, Buffer.from('{"a":1}')],
    ['what one language keeps to itself', 0x01000001, Buffer.from('{"a":1}')],
  ])('understands %s', async (_name, flags, value) => {
    await storeAs('tc:flags', '{"a":1}', flags);
    expect(await bucket.get('tc:flags')).toMatchObject({ value, flags });
  });

  test('gives the stored bytes and flags with noFormat', async () => {
    await bucket.upsertMulti({ 'nf:json': { a: 1 }, 'nf:text': 'x' });
    await bucket.upsert('nf:text', 'grüße', { format: FMT_UTF8 });
    const read = await bucket.getMulti(['nf:json', 'nf:text'], { noFormat: true });
    expect(read.get('nf:json')).toMatchObject({ value: Buffer.from('{"a":1}'), flags: FMT_JSON });
    expect(read.get('nf:text')).toMatchObject({ value: Buffer.from('grüße'), flags: FMT_UTF8 });
  });

  test('fails for invalid JSON, and for bytes of another format on the way in', async () => {
    await storeAs('tc:broken', '{"a":', FMT_JSON);
    expect(await rejection(bucket.get('tc:broken'))).toMatchObject({
      cause: expect.any(SyntaxError),
      key: 'tc:broken',
    });
    await expect(bucket.upsert('tc:x', 'text', { format: FMT_BYTES })).rejects.toThrow(ValueFormatError);
    await expect(bucket.upsert('tc:x', Buffer.of(1), { format: FMT_UTF8 })).rejects.toThrow(ValueFormatError);
    await expect(bucket.append('tc:x', 'x', { format: FMT_JSON })).rejects.toThrow(ArgumentError);
    await expect(bucket.upsert('tc:x', 1, { format: 123 as never })).rejects.toThrow(ArgumentError);
  });
});

describe('integers beyond 2^53', () => {
  const BIG = 9_007_199_254_740_993n;

  test('are rounded by default, and refused as bigints', async () => {
    await storeAs('big:json', `{"id":${BIG}}`, FMT_JSON);
    expect((await bucket.get('big:json')).value).toEqual({ id: 9_007_199_254_740_992 });
    const error = await rejection(bucket.upsert('big:json', { id: BIG }));
    expect(error).toBeInstanceOf(ValueFormatError);
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  test('keep every digit with bigIntegerTranscoder, in documents and counters', async () => {
    bucket.transcoder = bigIntegerTranscoder;
    await bucket.upsert('big:json', { id: BIG, small: 1 });
    const read = await bucket.get<{ id: bigint }>('big:json');
    expect(read.value).toEqual({ id: BIG, small: 1 });
    expect((await bucket.get('big:json', { noFormat: true })).value).toEqual(Buffer.from(`{"id":${BIG},"small":1}`));
    await bucket.remove('big:count', { quiet: true });
    expect((await bucket.counter('big:count', { initial: 2n ** 64n - 1n })).value).toBe(2n ** 64n - 1n);
    expect((await bucket.get('big:count')).value).toBe(2n ** 64n - 1n);
  });
});
