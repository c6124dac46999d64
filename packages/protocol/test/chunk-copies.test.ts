import fc from 'fast-check';
import { ChunkCopies } from '../src/chunk-copies.js';
import { FrameParser } from '../src/frame-parser.js';
import { FrameWriter } from '../src/frame-writer.js';
import { Magic } from '../src/magic.js';

/** An answer with so many bytes of extras, a key and a value, all of them told apart by `seed`. */
function write(writer: FrameWriter, seed: number, extras: number, value: number): void {
  writer.begin(Magic.Response, 0);
  writer.raw(Buffer.alloc(extras, 0xee));
  writer.endExtras();
  writer.raw(Buffer.alloc(seed % 5, 0xdd));
  writer.endKey();
  writer.raw(contentOf(seed, value));
  writer.end(0, 0, seed, 0, 0);
}

function contentOf(seed: number, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_none, index) => (seed * 37 + index * 7) & 0xff));
}

const answers = fc.array(
  fc.record({
    extras: fc.constantFrom(0, 4, 4, 4, 16, 200),
    value: fc.oneof(fc.nat(40), fc.nat(1500), fc.constantFrom(4096, 4097, 40_000)),
    isKept: fc.boolean(),
  }),
  { maxLength: 80 },
);

test('kept values stay what they were, however the stream is cut and whatever comes to where it lay', () => {
  fc.assert(
    fc.property(answers, fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1 }), (frames, cuts) => {
      const writer = new FrameWriter();
      frames.forEach(({ extras, value }, seed) => void write(writer, seed, extras, value));
      const kept: [number, Buffer][] = [];
      const parser = new FrameParser(
        (frame) => {
          if (frames[frame.opaque]!.isKept) kept.push([frame.opaque, frame.keptValue()]);
        },
        { reads: 'responses' },
      );
      const received = Buffer.alloc(9000);
      for (let at = 0, cut = 0; at < writer.length; cut++) {
        const count = writer.written.copy(received, 0, at, at + cuts[cut % cuts.length]!);
        parser.push(received.subarray(0, count));
        received.fill(0xff);
        at += count;
      }
      expect(kept.map(([seed]) => seed)).toEqual([...frames.keys()].filter((seed) => frames[seed]!.isKept));
      return kept.every(([seed, copy]) => copy.equals(contentOf(seed, frames[seed]!.value)));
    }),
  );
});

const chunk = Buffer.from(Uint8Array.from({ length: 100_000 }, (_none, index) => (index * 31) & 0xff));

test('a value by itself is copied alone; neighbors are slices of one copy', () => {
  const copies = new ChunkCopies();
  const [first, second, third] = [
    copies.copy(chunk, 28, 1052),
    copies.copy(chunk, 1080, 2104),
    copies.copy(chunk, 2132, 3156),
  ];
  expect(second.buffer).toBe(third.buffer);
  expect(second.buffer).not.toBe(first.buffer);
  expect(second.buffer.byteLength).toBe(4 * 1024);
  const far = copies.copy(chunk, 60_000, 61_000);
  expect(far.buffer).not.toBe(second.buffer);
  for (const [copy, start] of [
    [first, 28],
    [second, 1080],
    [third, 2132],
    [far, 60_000],
  ] as const) {
    expect(copy.equals(chunk.subarray(start, start + copy.length))).toBe(true);
  }
});

test('a row of values is copied in pieces that double up to 32 KiB, and the next row starts small again', () => {
  const copies = new ChunkCopies();
  const lengths: number[] = [];
  let last: ArrayBufferLike | undefined;
  for (let start = 28; start + 1024 <= chunk.length; start += 1052) {
    const { buffer } = copies.copy(chunk, start, start + 1024);
    if (start > 28 && buffer !== last) lengths.push(buffer.byteLength);
    last = buffer;
  }
  // The last one ends with the chunk.
  expect(lengths.slice(0, 4)).toEqual([4, 8, 16, 32].map((kilobytes) => kilobytes * 1024));
  expect(Math.max(...lengths)).toBe(32 * 1024);
  copies.copy(chunk, 10, 20);
  expect(copies.copy(chunk, 48, 58).buffer.byteLength).toBe(4 * 1024);
});

test('no copy goes beyond its chunk, and a long value has memory of its own', () => {
  const copies = new ChunkCopies();
  copies.copy(chunk, 97_000, 98_000);
  expect(copies.copy(chunk, 98_028, 99_000).buffer.byteLength).toBe(100_000 - 98_028);
  copies.reset();
  copies.copy(chunk, 0, 10);
  expect(copies.copy(chunk, 38, 38 + 4097).buffer.byteLength).toBe(4097);
});

test('what was asked for before can be asked for again', () => {
  const copies = new ChunkCopies();
  for (const start of [28, 1080, 2132, 28, 1080]) {
    expect(copies.copy(chunk, start, start + 1024).equals(chunk.subarray(start, start + 1024))).toBe(true);
  }
});
