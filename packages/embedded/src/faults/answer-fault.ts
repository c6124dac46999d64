import { FrameWriter } from '@cb/protocol';
import type { Distortion } from './paced-output.js';

/** What is done to the answer of a KV request. It is written here instead of among those of the others. */
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
