import { type Frame, FrameParser, FrameWriter, Magic, Opcode } from '@cb/protocol';
import { beerAt } from '../src/documents.js';
import type { MicroCase } from './micro-case.js';

const FRAMES = 256;

export async function cases(): Promise<readonly MicroCase[]> {
  const value = JSON.stringify(beerAt(0));
  return [
    parserCase('replies to get, 1 KB, in one chunk', value, Number.POSITIVE_INFINITY),
    parserCase('replies to get, 1 KB, in chunks of 64 KiB', value, 65_536),
    parserCase('replies to get, 1 KB, in chunks of 1,000 bytes', value, 1000),
    parserCase('replies without a body, in one chunk', '', Number.POSITIVE_INFINITY),
  ];
}

function parserCase(name: string, value: string, chunkBytes: number): MicroCase {
  const chunks = cut(replies(value), chunkBytes);
  let sum = 0;
  const onFrame = (frame: Frame): void => {
    sum += frame.opaque + frame.valueLength;
  };
  const parser = new FrameParser(onFrame, { reads: 'responses' });
  return {
    name,
    unit: 'frame',
    steps: FRAMES,
    run() {
      sum = 0;
      for (const chunk of chunks) parser.push(chunk);
      return sum;
    },
  };
}

function replies(value: string): Buffer {
  const writer = new FrameWriter();
  for (let opaque = 1; opaque <= FRAMES; opaque++) {
    writer.begin(Magic.Response, Opcode.Get);
    if (value !== '') writer.u32(0);
    writer.endExtras();
    writer.latin1(value);
    writer.end(0, 0, opaque, 0, 1);
  }
  return writer.written;
}

function cut(bytes: Buffer, chunkBytes: number): readonly Buffer[] {
  if (bytes.length <= chunkBytes) return [bytes];
  return [bytes.subarray(0, chunkBytes), ...cut(bytes.subarray(chunkBytes), chunkBytes)];
}
