import { HEADER_BYTES } from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';

/** Where the length of a frame's body is in its header. */
const LENGTH_AT = 8;

/** Counts the frames in a stream of bytes by their lengths, and looks at nothing else. */
export class ReplyCounter {
  frames = 0;
  bytes = 0;
  /** Bytes of the frame at hand that have not come yet. */
  #missing = 0;
  /** A header that is not whole yet. */
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerBytes = 0;

  reset(): void {
    this.frames = 0;
    this.bytes = 0;
  }

  /** How many frames these bytes complete. */
  count(received: Buffer): number {
    const { length } = received;
    const before = this.frames;
    this.bytes += length;
    if (this.#missing > length) {
      this.#missing -= length;
      return 0;
    }
    let at = this.#missing;
    if (this.#missing > 0) this.frames++;
    this.#missing = 0;
    while (at < length) {
      let body: number;
      if (this.#headerBytes === 0 && length - at >= HEADER_BYTES) {
        body = u32(received, at + LENGTH_AT);
        at += HEADER_BYTES;
      } else {
        const end = Math.min(at + HEADER_BYTES - this.#headerBytes, length);
        this.#headerBytes += received.copy(this.#header, this.#headerBytes, at, end);
        if (this.#headerBytes < HEADER_BYTES) break;
        this.#headerBytes = 0;
        body = u32(this.#header, LENGTH_AT);
        at = end;
      }
      at += body;
      if (at <= length) this.frames++;
      else this.#missing = at - length;
    }
    return this.frames - before;
  }
}
