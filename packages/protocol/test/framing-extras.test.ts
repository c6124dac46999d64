import fc from 'fast-check';
import { ArgumentError, ProtocolError } from '../src/errors/client-errors.js';
import { Frame } from '../src/frame.js';
import { FrameWriter } from '../src/frame-writer.js';
import {
  DurabilityLevel,
  decodeDurationUs,
  encodeDurationUs,
  readFraming,
  responseFraming,
  serverDurationUs,
  writeBarrier,
  writeDurability,
  writeFraming,
  writeImpersonatedUser,
  writePreserveTtl,
  writeServerDuration,
} from '../src/framing-extras.js';
import { Magic } from '../src/magic.js';

function written(write: (writer: FrameWriter) => void): string {
  const writer = new FrameWriter(8);
  write(writer);
  return writer.written.toString('hex');
}

function objects(hex: string): [number, string][] {
  return [...readFraming(Buffer.from(hex, 'hex'))].map(({ id, payload }) => [id, payload.toString('hex')]);
}

function response(framing: string): Frame {
  const writer = new FrameWriter();
  writer.begin(Magic.Response, 0);
  writer.raw(Buffer.from(framing, 'hex'));
  writer.endFraming();
  writer.end(0, 0, 0, 0, 0);
  const frame = new Frame();
  frame.readHeader(writer.bytes, 0);
  return frame;
}

describe('requests', () => {
  // Frames as the official SDK and the recorded exchanges with a 7.2.4 server have them.
  test.each([
    ['durability with a timeout', (w: FrameWriter) => writeDurability(w, DurabilityLevel.Majority, 9000), '13012328'],
    ['durability without one', (w: FrameWriter) => writeDurability(w, DurabilityLevel.PersistToMajority), '1103'],
    ['preserve TTL', (w: FrameWriter) => writePreserveTtl(w), '50'],
    ['a barrier', (w: FrameWriter) => writeBarrier(w), '00'],
    ['a user to act as', (w: FrameWriter) => writeImpersonatedUser(w, 'reader'), '46726561646572'],
    ['an escaped id', (w: FrameWriter) => writeFraming(w, 16, Buffer.alloc(0)), 'f001'],
    ['an escaped length', (w: FrameWriter) => writeFraming(w, 4, Buffer.alloc(15, 0x61)), `4f00${'61'.repeat(15)}`],
    ['both', (w: FrameWriter) => writeFraming(w, 15, Buffer.alloc(16, 0x61)), `ff0001${'61'.repeat(16)}`],
  ])('%s', (_, write, hex) => {
    expect(written(write)).toBe(hex);
  });

  test.each([0, 4, 1.5, Number.NaN])('durability level %p is refused', (level) => {
    expect(() => written((writer) => writeDurability(writer, level))).toThrow(ArgumentError);
  });

  test.each([0, 65_535, 1.5, -1, Number.NaN])('durability timeout %p is refused', (timeout) => {
    expect(() => written((writer) => writeDurability(writer, 1, timeout))).toThrow('from 1 to 65534 ms');
  });

  test('what cannot be written is refused', () => {
    expect(() => written((writer) => writeFraming(writer, 271, Buffer.alloc(0)))).toThrow(ArgumentError);
    expect(() => written((writer) => writeFraming(writer, -1, Buffer.alloc(0)))).toThrow(ArgumentError);
    expect(() => written((writer) => writeFraming(writer, 1, Buffer.alloc(271)))).toThrow(ArgumentError);
    expect(() => written((writer) => writeImpersonatedUser(writer, ''))).toThrow(ArgumentError);
  });
});

describe('readFraming', () => {
  test('finds every object', () => {
    expect(objects('')).toEqual([]);
    expect(objects('1301232850')).toEqual([
      [1, '012328'],
      [5, ''],
    ]);
    expect(objects('f00100')).toEqual([
      [16, ''],
      [0, ''],
    ]);
  });

  test.each(['13', '1301', '130123', 'f0', '1f', 'ff00', '1f00', '5013'])('refuses %s, which is cut off', (hex) => {
    expect(() => objects(hex)).toThrow(ProtocolError);
  });

  test('reads what is written', () => {
    const object = fc.tuple(fc.integer({ min: 0, max: 270 }), fc.uint8Array({ maxLength: 270 }));
    fc.assert(
      fc.property(fc.array(object), (all) => {
        const hex = written((writer) => {
          for (const [id, payload] of all) writeFraming(writer, id, payload);
        });
        expect(objects(hex)).toEqual(all.map(([id, payload]) => [id, Buffer.from(payload).toString('hex')]));
      }),
    );
  });
});

describe('responses', () => {
  test('tell durations and units', () => {
    const info = responseFraming(Buffer.from('0200641200052200063200c8', 'hex'));
    expect(info).toEqual({
      serverDurationUs: decodeDurationUs(100),
      readUnits: 5,
      writeUnits: 6,
      throttleDurationUs: decodeDurationUs(200),
    });
  });

  test('may have objects that nobody knows yet', () => {
    expect(responseFraming(Buffer.from('f1070102000a', 'hex'))).toEqual({ serverDurationUs: decodeDurationUs(10) });
  });

  test.each(['0100', '03000000', '1100', '020a'])('are refused with a malformed object: %s', (hex) => {
    expect(() => responseFraming(Buffer.from(hex, 'hex'))).toThrow(ProtocolError);
  });

  test('tell the server duration, first or not', () => {
    expect(serverDurationUs(response('020064'))).toBe(decodeDurationUs(100));
    expect(serverDurationUs(response('020064120005'))).toBe(decodeDurationUs(100));
    expect(serverDurationUs(response('120005020064'))).toBe(decodeDurationUs(100));
    expect(serverDurationUs(response('120005'))).toBeUndefined();
    expect(serverDurationUs(response(''))).toBeUndefined();
  });

  test('are given the server duration', () => {
    expect(written((writer) => writeServerDuration(writer, decodeDurationUs(0x1234)))).toBe('021234');
  });
});

describe('the duration curve', () => {
  // encoded = (us * 2) ^ (1 / 1.74), decoded = encoded ^ 1.74 / 2; the document says that the most is 120 seconds.
  test('has the documented values', () => {
    expect(encodeDurationUs(0)).toBe(0);
    expect(encodeDurationUs(0.5)).toBe(1);
    expect(encodeDurationUs(1000)).toBe(Math.round(2000 ** (1 / 1.74)));
    expect(decodeDurationUs(1)).toBe(0.5);
    expect(Math.trunc(decodeDurationUs(65_535))).toBe(120_125_042);
  });

  test('ends at both ends', () => {
    expect(encodeDurationUs(-1)).toBe(0);
    expect(encodeDurationUs(120_125_042)).toBe(65_535);
    expect(encodeDurationUs(Number.POSITIVE_INFINITY)).toBe(65_535);
  });

  test('gives every encoded value back', () => {
    for (let encoded = 0; encoded <= 65_535; encoded++) {
      if (encodeDurationUs(decodeDurationUs(encoded)) !== encoded) throw new Error(`${encoded} does not come back`);
    }
  });
});
