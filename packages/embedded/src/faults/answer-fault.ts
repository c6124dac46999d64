import { FrameWriter } from '@cb/protocol';
import type { Distortion } from './paced-output.js';

/** Applies faults to the answer of a KV request, which is written here instead of among the others. */
export class AnswerFault {
  readonly writer = new FrameWriter(256);
  readonly isDropped: boolean;
  readonly distortion: Distortion;

  constructor(isDropped: boolean, distortion: Distortion) {
    this.isDropped = isDropped;
    this.distortion = distortion;
  }

  /** The bytes of the answer that was written. */
  take(): Buffer {
    const bytes = Buffer.from(this.writer.written);
    this.writer.reset();
    return bytes;
  }
}
