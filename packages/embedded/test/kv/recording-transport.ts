import { Frame, HEADER_BYTES } from '@cb/protocol';
import type { Transport } from '../../src/net/transport.js';

/** A transport that keeps what it is given: no peer, just a record of the calls. */
export class RecordingTransport implements Transport {
  readonly writes: Buffer[] = [];
  backlogBytes = 0;
  pauses = 0;
  resumes = 0;
  isClosed = false;

  write(bytes: Buffer): boolean {
    this.writes.push(Buffer.from(bytes));
    return true;
  }

  pause(): void {
    this.pauses++;
  }

  resume(): void {
    this.resumes++;
  }

  close(): void {
    this.isClosed = true;
  }

  /** The frames written so far, decoded. */
  get frames(): Frame[] {
    const bytes = Buffer.concat(this.writes);
    const frames: Frame[] = [];
    for (let at = 0; at < bytes.length; ) {
      const frame = new Frame();
      frame.readHeader(bytes, at);
      frames.push(frame);
      at += HEADER_BYTES + frame.bodyLength;
    }
    return frames;
  }
}
