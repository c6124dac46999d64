import type { Frame } from '../src/frame.js';
import type { FrameWriter } from '../src/frame-writer.js';

/** All that a frame says, copied, to be compared. */
export interface FrameContent {
  readonly magic: number;
  readonly opcode: number;
  readonly vbucketOrStatus: number;
  readonly datatype: number;
  readonly opaque: number;
  readonly casHigh: number;
  readonly casLow: number;
  readonly framing: Buffer;
  readonly extras: Buffer;
  readonly key: Buffer;
  readonly value: Buffer;
}

export function contentOf(frame: Frame): FrameContent {
  const { magic, opcode, vbucketOrStatus, datatype, opaque, casHigh, casLow } = frame;
  const { framing, extras, key, value } = frame;
  const copies = { framing: copy(framing), extras: copy(extras), key: copy(key), value: copy(value) };
  return { magic, opcode, vbucketOrStatus, datatype, opaque, casHigh, casLow, ...copies };
}

export function writeContent(writer: FrameWriter, content: FrameContent): void {
  writer.begin(content.magic, content.opcode);
  writer.raw(content.framing);
  writer.endFraming();
  writer.raw(content.extras);
  writer.endExtras();
  writer.raw(content.key);
  writer.endKey();
  writer.raw(content.value);
  const { vbucketOrStatus, datatype, opaque, casHigh, casLow } = content;
  writer.end(vbucketOrStatus, datatype, opaque, casHigh, casLow);
}

function copy(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes);
}
