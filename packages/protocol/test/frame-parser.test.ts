import fc from 'fast-check';
import { ProtocolError } from '../src/errors/client-errors.js';
import { BODY_BYTES_MAX, FrameParser, type FrameParserOptions } from '../src/frame-parser.js';
import { FrameWriter } from '../src/frame-writer.js';
import { Magic } from '../src/magic.js';
import { contentOf, type FrameContent, writeContent } from './frame-bytes.js';

const bytes = fc.uint8Array({ maxLength: 255 }).map((each) => Buffer.from(each));
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u8 = fc.integer({ min: 0, max: 255 });

function content(plain: number, alt: number): fc.Arbitrary<FrameContent> {
  return fc
    .record({
      opcode: u8,
      vbucketOrStatus: fc.integer({ min: 0, max: 0xffff }),
      datatype: u8,
      opaque: u32,
      casHigh: u32,
      casLow: u32,
      framing: fc.oneof(fc.constant(Buffer.alloc(0)), bytes),
      extras: bytes,
      key: bytes,
      value: fc.uint8Array({ maxLength: 1000 }).map((each) => Buffer.from(each)),
    })
    .map((each) => ({ ...each, magic: each.framing.length > 0 ? alt : plain }));
}

const requests = content(Magic.Request, Magic.AltRequest);
const responses = content(Magic.Response, Magic.AltResponse);

function written(frames: readonly FrameContent[]): Buffer {
  const writer = new FrameWriter(64);
  for (const frame of frames) writeContent(writer, frame);
  return Buffer.from(writer.written);
}

/** Pushes the bytes in pieces, each from memory that is overwritten afterwards. */
function parsed(stream: Buffer, cuts: readonly number[], reads: FrameParserOptions['reads']): FrameContent[] {
  const found: FrameContent[] = [];
  const parser = new FrameParser((frame) => found.push(contentOf(frame)), { reads });
  const ends = [...cuts, stream.length].sort((left, right) => left - right);
  let at = 0;
  for (const end of ends) {
    const chunk = Buffer.from(stream.subarray(at, end));
    parser.push(chunk);
    chunk.fill(0xee);
    at = end;
  }
  expect(parser.carriedBytes).toBe(0);
  return found;
}

function request(value: string, opaque = 0): Buffer {
  const writer = new FrameWriter();
  writer.begin(Magic.Request, 0x0a);
  writer.latin1(value);
  writer.end(0, 0, opaque, 0, 0);
  return Buffer.from(writer.written);
}

/** A parser of requests that keeps the opaques of the frames it finds. */
function opaqueParser(options: { bodyBytesMax?: number } = {}) {
  const opaques: number[] = [];
  const parser = new FrameParser((frame) => opaques.push(frame.opaque), { reads: 'requests', ...options });
  return { parser, opaques };
}

describe('gives back what was written', () => {
  test('cut anywhere', () => {
    fc.assert(
      fc.property(fc.array(requests, { maxLength: 5 }), fc.array(fc.nat()), (frames, cuts) => {
        const stream = written(frames);
        const places = cuts.map((cut) => cut % (stream.length + 1));
        expect(parsed(stream, places, 'requests')).toEqual(frames);
      }),
    );
  });

  test('to both sides', () => {
    fc.assert(
      fc.property(fc.array(responses, { maxLength: 5 }), (frames) => {
        expect(parsed(written(frames), [], 'responses')).toEqual(frames);
      }),
    );
  });

  const frames = fc.sample(requests, { numRuns: 3, seed: 7 });
  const stream = written(frames);

  test('cut in two at every byte', () => {
    for (let cut = 0; cut <= stream.length; cut++) expect(parsed(stream, [cut], 'requests')).toEqual(frames);
  });

  test('byte by byte', () => {
    const everywhere = Array.from(stream, (_, at) => at);
    expect(parsed(stream, everywhere, 'requests')).toEqual(frames);
  });
});

describe('hands over frames in place', () => {
  test('when they are whole', () => {
    const stream = Buffer.concat([request('a'), request('b')]);
    const places: [boolean, number][] = [];
    new FrameParser((frame) => places.push([frame.bytes === stream, frame.start]), { reads: 'requests' }).push(stream);
    expect(places).toEqual([
      [true, 0],
      [true, 25],
    ]);
  });

  test('and copies only those that are cut', () => {
    const stream = Buffer.concat([request('a'), request('b'), request('c')]);
    const inPlace: boolean[] = [];
    let chunk = stream.subarray(0, 30);
    const parser = new FrameParser((frame) => inPlace.push(frame.bytes === chunk), { reads: 'requests' });
    parser.push(chunk);
    expect(parser.carriedBytes).toBe(5);
    chunk = stream.subarray(30);
    parser.push(chunk);
    expect(inPlace).toEqual([true, false, true]);
  });
});

describe('memory', () => {
  /** The header of a request that claims a body of this length. */
  function header(body: number): Buffer {
    const start = request('');
    start.writeUInt32BE(body, 8);
    return start;
  }

  test('is not taken for what a header only claims', () => {
    const { parser } = opaqueParser();
    const before = process.memoryUsage().arrayBuffers;
    parser.push(header(BODY_BYTES_MAX));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
    expect(parser.carriedBytes).toBe(24);
  });

  test.each([[1], [24], [1000]])('is never taken for a body over the limit, pushed by %d bytes', (step) => {
    const { parser, opaques } = opaqueParser({ bodyBytesMax: 100 });
    const push = (stream: Buffer) => {
      for (let at = 0; at < stream.length; at += step) parser.push(stream.subarray(at, at + step));
    };
    push(Buffer.concat([header(100), Buffer.alloc(100)]));
    expect(opaques).toEqual([0]);
    expect(() => push(header(101))).toThrow('a body of 101 bytes is over the limit of 100');
    expect(parser.carriedBytes).toBe(0);
  });

  test('allows 30 MiB unless told otherwise', () => {
    expect(() => opaqueParser().parser.push(header(30 * 1024 * 1024 + 1))).toThrow(ProtocolError);
  });

  test('holds a large frame that comes in many pieces', () => {
    const value = Buffer.alloc(3_000_000, 'abcdefg');
    let found = false;
    const parser = new FrameParser((frame) => (found = frame.value.equals(value)), { reads: 'requests' });
    const stream = Buffer.concat([header(value.length), value]);
    for (let at = 0; at < stream.length; at += 65_536) parser.push(stream.subarray(at, at + 65_536));
    expect(found).toBe(true);
  });

  test('is taken once for large frames that follow each other, and given back when no more come', () => {
    const taken = jest.spyOn(Buffer, 'allocUnsafeSlow');
    try {
      const { parser, opaques } = opaqueParser();
      const large = Buffer.concat([header(3_000_000), Buffer.alloc(3_000_000)]);
      const pushLarge = (): number[] => {
        taken.mockClear();
        for (let at = 0; at < large.length; at += 131_072) parser.push(large.subarray(at, at + 131_072));
        return taken.mock.calls.map(([bytes]) => bytes);
      };
      // Not what the header claims, until as much has come as is kept anyway.
      expect(pushLarge()).toEqual([131_072, 262_144, large.length]);
      expect(pushLarge()).toEqual([]);
      for (let count = 0; count < 10; count++) parser.push(request('small'));
      expect(pushLarge()).toEqual([]);
      for (let count = 0; count < 17; count++) parser.push(request('small'));
      expect(pushLarge()).toEqual([131_072, 262_144, large.length]);
      expect(opaques).toHaveLength(4 + 27);
    } finally {
      taken.mockRestore();
    }
  });
});

describe('refuses', () => {
  test.each([
    ['requests', Magic.Request, true],
    ['requests', Magic.AltRequest, true],
    ['requests', Magic.ServerResponse, true],
    ['requests', Magic.Response, false],
    ['requests', Magic.AltResponse, false],
    ['requests', Magic.ServerRequest, false],
    ['requests', 0x55, false],
    ['responses', Magic.Response, true],
    ['responses', Magic.AltResponse, true],
    ['responses', Magic.ServerRequest, true],
    ['responses', Magic.Request, false],
    ['responses', Magic.AltRequest, false],
    ['responses', Magic.ServerResponse, false],
    ['responses', 0x00, false],
  ] as const)('%s with magic %d: accepted is %p', (reads, magic, accepted) => {
    const stream = request('');
    stream[0] = magic;
    const push = () => new FrameParser(() => undefined, { reads }).push(stream);
    if (accepted) expect(push).not.toThrow();
    else expect(push).toThrow(`unknown magic 0x${magic.toString(16).padStart(2, '0')}`);
  });

  test.each([
    ['HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n', 'unknown magic 0x48: the port speaks HTTP'],
    ['HTTP/1.0 200', 'unknown magic 0x48: the port speaks HTTP'],
    ['\x15\x03\x01\x00\x02\x02\x46', 'unknown magic 0x15: the port speaks TLS; use couchbases://'],
    ['\x16\x03\x03\x00\x7a\x02', 'the port speaks TLS'],
    ['SSH-2.0-OpenSSH_9.0\r\n', 'unknown magic 0x53: the port speaks SSH'],
  ])('bytes of another protocol, which are named: %j', (text, reason) => {
    const push = () => new FrameParser(() => undefined, { reads: 'responses' }).push(Buffer.from(text, 'latin1'));
    expect(push).toThrow(ProtocolError);
    expect(push).toThrow(reason);
  });

  test('bytes of another protocol, before there are enough for a header', () => {
    const push = () => new FrameParser(() => undefined, { reads: 'responses' }).push(Buffer.from([0x42, 0x41]));
    expect(push).toThrow('unknown magic 0x42');
  });

  const inconsistent = Buffer.from(
    '800a0005 00000000 00000004 00000000 0000000000000000 61626364'.replaceAll(' ', ''),
    'hex',
  );

  test.each([0, 1, 23, 24, 27])('lengths that contradict each other, cut after %d bytes', (cut) => {
    const { parser, opaques } = opaqueParser();
    const push = () => {
      parser.push(inconsistent.subarray(0, cut));
      parser.push(inconsistent.subarray(cut));
    };
    expect(push).toThrow(ProtocolError);
    expect(opaques).toEqual([]);
  });

  test('anything after that', () => {
    const { parser, opaques } = opaqueParser();
    expect(() => parser.push(Buffer.concat([request('', 1), inconsistent, request('', 2)]))).toThrow('do not fit');
    parser.push(request('', 3));
    expect(opaques).toEqual([1]);
    expect(parser.carriedBytes).toBe(0);
  });

  test('any bytes either are frames or a ProtocolError', () => {
    const noise = fc.array(fc.oneof(fc.uint8Array(), fc.constant(new Uint8Array(request('abc')))), { maxLength: 6 });
    fc.assert(
      fc.property(noise, (chunks) => {
        const { parser } = opaqueParser();
        try {
          for (const chunk of chunks) parser.push(Buffer.from(chunk));
        } catch (error) {
          return error instanceof ProtocolError;
        }
        return true;
      }),
    );
  });
});

describe('stop, called by a handler,', () => {
  function stopsAfter(count: number) {
    const opaques: number[] = [];
    const parser = new FrameParser(
      (frame) => {
        opaques.push(frame.opaque);
        if (opaques.length === count) parser.stop();
      },
      { reads: 'requests' },
    );
    return { parser, opaques };
  }

  const stream = Buffer.concat([request('a', 1), request('b', 2), request('c', 3)]);

  test('drops the rest of the chunk and all that follows', () => {
    const { parser, opaques } = stopsAfter(2);
    parser.push(stream.subarray(0, 60));
    parser.push(stream.subarray(60));
    parser.push(stream);
    expect(opaques).toEqual([1, 2]);
    expect(parser.carriedBytes).toBe(0);
  });

  test('does so in a frame that was cut, too', () => {
    const { parser, opaques } = stopsAfter(1);
    parser.push(stream.subarray(0, 10));
    parser.push(stream.subarray(10));
    expect(opaques).toEqual([1]);
    expect(parser.carriedBytes).toBe(0);
  });
});
