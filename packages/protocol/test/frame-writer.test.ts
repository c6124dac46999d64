import { ArgumentError } from '../src/errors/client-errors.js';
import { FrameWriter } from '../src/frame-writer.js';
import { Magic } from '../src/magic.js';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');

describe('writes', () => {
  // kv_engine docs/BinaryProtocol.md, "0x02 Add".
  test('the documented add request', () => {
    const writer = new FrameWriter(1);
    writer.begin(Magic.Request, 0x02);
    writer.u32(0xdeadbeef);
    writer.u32(0xe10);
    writer.endExtras();
    writer.latin1('Hello');
    writer.endKey();
    writer.utf8('World');
    writer.end(0, 0, 0, 0, 0);
    expect(writer.written).toEqual(
      bytes('80020005 08000000 00000012 00000000 00000000 00000000 deadbeef 00000e10 48656c6c6f 576f726c64'),
    );
  });

  test('every field of the header', () => {
    const writer = new FrameWriter();
    writer.begin(Magic.Response, 0xb5);
    writer.end(0x1234, 0x07, 0x89abcdef, 0xfedcba98, 0x76543210);
    expect(writer.written).toEqual(bytes('81b50000 00071234 00000000 89abcdef fedcba98 76543210'));
  });

  test('a long key in two bytes', () => {
    const writer = new FrameWriter();
    writer.begin(Magic.Request, 0);
    writer.raw(Buffer.alloc(0x102));
    writer.endKey();
    writer.end(0, 0, 0, 0, 0);
    expect(writer.written.subarray(0, 12)).toEqual(bytes('80000102 00000000 00000102'));
  });

  test.each([
    [Magic.Request, '08'],
    [Magic.AltRequest, '08'],
    [Magic.Response, '18'],
    [Magic.AltResponse, '18'],
  ])('the alt form of magic %d when there are framing extras', (magic, alt) => {
    const writer = new FrameWriter();
    writer.begin(magic, 0x01);
    writer.u8(0x50);
    writer.endFraming();
    writer.latin1('key');
    writer.endKey();
    writer.end(0, 0, 0, 0, 0);
    expect(writer.written).toEqual(bytes(`${alt}010103 00000000 00000004 00000000 0000000000000000 50 6b6579`));
  });

  test('the alt form without framing extras, when asked to', () => {
    const writer = new FrameWriter();
    writer.begin(Magic.AltRequest, 0x0a);
    writer.end(0, 0, 0, 0, 0);
    expect(writer.written).toEqual(bytes('080a0000 00000000 00000000 00000000 0000000000000000'));
  });

  test('numbers and texts', () => {
    const writer = new FrameWriter(1);
    writer.u8(0x1ff);
    writer.u16(0x12345);
    writer.u32(0xffffffff);
    writer.u64(0x0123456789abcdefn);
    writer.u64(-1n);
    writer.latin1('\u00ff');
    writer.utf8('é🍺\ud800');
    expect(writer.written).toEqual(bytes('ff 2345 ffffffff 0123456789abcdef ffffffffffffffff ff c3a9 f09f8dba efbfbd'));
  });

  test('several frames into a block that grows', () => {
    const writer = new FrameWriter(24);
    for (let index = 0; index < 100; index++) {
      writer.begin(Magic.Request, 0x0a);
      writer.utf8('é'.repeat(index));
      writer.end(0, 0, index, 0, 0);
    }
    expect(writer.length).toBe(100 * 24 + 2 * ((99 * 100) / 2));
    let at = 0;
    for (let index = 0; index < 100; index++) {
      expect(writer.bytes.readUInt32BE(at + 12)).toBe(index);
      at += 24 + writer.bytes.readUInt32BE(at + 8);
    }
    expect(at).toBe(writer.length);
  });
});

test('a frame can be taken back', () => {
  const writer = new FrameWriter();
  writer.begin(Magic.Request, 0x0a);
  writer.end(0, 0, 1, 0, 0);
  const before = Buffer.from(writer.written);
  writer.begin(Magic.Request, 0x00);
  writer.latin1('half a frame');
  writer.abandon();
  expect(writer.written).toEqual(before);
});

test('the block is used again after a reset', () => {
  const writer = new FrameWriter();
  const block = writer.bytes;
  writer.begin(Magic.Request, 0x0a);
  writer.end(0, 0, 1, 0, 0);
  writer.reset();
  expect(writer.written).toHaveLength(0);
  expect(writer.bytes).toBe(block);
});

test('a large block is kept while it is needed, and given back after 17 times without', () => {
  const writer = new FrameWriter(100);
  const fill = (length: number): number => {
    writer.latin1('x'.repeat(length));
    const { length: capacity } = writer.bytes;
    writer.reset();
    return capacity;
  };
  const large = 1024 * 1024 + 1;
  expect(fill(large)).toBe(large);
  for (let count = 0; count < 16; count++) expect(fill(10)).toBe(large);
  expect(fill(large)).toBe(large);
  for (let count = 0; count < 17; count++) expect(fill(10)).toBe(large);
  expect(fill(10)).toBe(100);
});

describe('refuses, and takes the frame back,', () => {
  /** A writer whose frame has all its parts, and is not ended. */
  function begun(magic: number, framing: number, extras: number, key: number): FrameWriter {
    const writer = new FrameWriter();
    writer.begin(magic, 0);
    writer.raw(Buffer.alloc(framing));
    writer.endFraming();
    writer.raw(Buffer.alloc(extras));
    writer.endExtras();
    writer.raw(Buffer.alloc(key));
    writer.endKey();
    return writer;
  }

  test.each([
    ['framing extras', Magic.Request, 256, 0, 0],
    ['extras', Magic.Request, 0, 256, 0],
    ['extras next to framing extras', Magic.Request, 1, 256, 0],
    ['a key', Magic.Request, 0, 0, 65_536],
    ['a key next to framing extras', Magic.Request, 1, 0, 256],
    ['a key in a frame of the alt form', Magic.AltResponse, 0, 0, 256],
  ])('%s too long for the header', (_, magic, framing, extras, key) => {
    const writer = begun(magic, framing, extras, key);
    expect(() => writer.end(0, 0, 0, 0, 0)).toThrow(ArgumentError);
    expect(writer.length).toBe(0);
  });

  test.each([
    [Magic.Request, 255, 255, 255],
    [Magic.Request, 0, 255, 65_535],
  ])('nothing shorter', (magic, framing, extras, key) => {
    const writer = begun(magic, framing, extras, key);
    writer.end(0, 0, 0, 0, 0);
    expect(writer.length).toBe(24 + framing + extras + key);
  });

  test.each([Magic.ServerRequest, Magic.ServerResponse])('framing extras with magic %d', (magic) => {
    const writer = begun(magic, 1, 0, 0);
    expect(() => writer.end(0, 0, 0, 0, 0)).toThrow(ArgumentError);
    expect(writer.length).toBe(0);
  });
});
