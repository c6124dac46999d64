import { Datatype, FrameWriter, Magic, Opcode } from '@cb/protocol';
import { beerAt, keyAt } from '../src/documents.js';
import type { MicroCase } from './micro-case.js';

const FRAMES = 256;

export async function cases(): Promise<readonly MicroCase[]> {
  const value = JSON.stringify(beerAt(0));
  const bytes = Buffer.from(value);
  return [
    writerCase('get', (writer, opaque) => {
      writer.begin(Magic.Request, Opcode.Get);
      writer.utf8(keyAt(opaque));
      writer.endKey();
      writer.end(0, 0, opaque, 0, 0);
    }),
    writerCase('upsert, 1 KB as text', (writer, opaque) => {
      beginUpsert(writer, opaque);
      writer.utf8(value);
      writer.end(0, Datatype.Json, opaque, 0, 0);
    }),
    writerCase('upsert, 1 KB as bytes', (writer, opaque) => {
      beginUpsert(writer, opaque);
      writer.raw(bytes);
      writer.end(0, Datatype.Json, opaque, 0, 0);
    }),
  ];
}

function beginUpsert(writer: FrameWriter, opaque: number): void {
  writer.begin(Magic.Request, Opcode.Set);
  writer.u32(0x02000000);
  writer.u32(0);
  writer.endExtras();
  writer.utf8(keyAt(opaque));
  writer.endKey();
}

function writerCase(name: string, write: (writer: FrameWriter, opaque: number) => void): MicroCase {
  const writer = new FrameWriter(512 * 1024);
  return {
    name,
    unit: 'frame',
    steps: FRAMES,
    run() {
      writer.reset();
      for (let opaque = 1; opaque <= FRAMES; opaque++) write(writer, opaque);
      return writer.length + writer.bytes[writer.length - 1]!;
    },
  };
}
