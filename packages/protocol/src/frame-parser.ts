import { ProtocolError } from './errors/client-errors.js';
import { foreignProtocol } from './foreign-bytes.js';
import { Frame, HEADER_BYTES, u32 } from './frame.js';
import { Magic } from './magic.js';

/**
 * Called once for each whole frame, which is valid only until it returns. It must not throw: the frames after it in the
 * same chunk would be lost.
 */
export type FrameHandler = (frame: Frame) => void;

/** Options of a `FrameParser`. */
export interface FrameParserOptions {
  /** Which side's frames arrive: a server reads requests, a client reads responses (and the server's own requests). */
  readonly reads: 'requests' | 'responses';
  /** Maximum size of a body, in bytes. Default 30 MiB, the limit of the server (kv_engine `max_packet_size`). */
  readonly bodyBytesMax?: number | undefined;
}

/** Maximum length of the body of a frame in bytes. */
export const BODY_BYTES_MAX = 30 * 1024 * 1024;

/** Size of the buffer for split frames that is never released, in bytes. */
const CARRY_BYTES_KEPT = 256 * 1024;
/**
 * Number of chunks without a large split frame after which a larger buffer is released: large frames come in groups,
 * and allocating memory is expensive.
 */
const IDLE_CHUNKS = 16;

const EMPTY = Buffer.alloc(0);

/**
 * Cuts a stream of bytes into frames. Hot file: whole frames are handed over where they lie in the received chunk;
 * only a frame that straddles two chunks is copied together.
 *
 *   chunk 1                    chunk 2
 *   [frame][frame][fra         me][frame][frame]
 *    in place      \__ carry __/   in place
 */
export class FrameParser {
  readonly #frame = new Frame();
  readonly #onFrame: FrameHandler;
  #bodyBytesMax: number;
  readonly #requests: boolean;
  /** The start of a frame whose end has not arrived: `#carry[0 .. #carried)`. */
  #carry = EMPTY;
  #carried = 0;
  /** Number of chunks since a large carry was needed. */
  #idleChunks = 0;
  #stopped = false;
  #isOversized = false;

  constructor(onFrame: FrameHandler, options: FrameParserOptions) {
    this.#onFrame = onFrame;
    this.#bodyBytesMax = options.bodyBytesMax ?? BODY_BYTES_MAX;
    this.#requests = options.reads === 'requests';
  }

  /** Whether a frame with a body over the limit has stopped the parser. */
  get isOversized(): boolean {
    return this.#isOversized;
  }

  /** Number of bytes of the incomplete frame. */
  get carriedBytes(): number {
    return this.#carried;
  }

  /** Sets the maximum size of bodies, in bytes, from the next header on. */
  set bodyBytesMax(bytes: number) {
    this.#bodyBytesMax = bytes;
  }

  /** Stops parsing for good: the rest of the current chunk and all later ones are discarded. */
  stop(): void {
    this.#stopped = true;
    this.#carry = EMPTY;
    this.#carried = 0;
  }

  /**
   * Parses the next bytes of the stream and passes on every frame that they complete. The chunk is not kept: its memory
   * may be reused when the call returns.
   * @throws ProtocolError when the bytes cannot be a frame. The parser has stopped then, because the start of the next
   * frame is unknown.
   */
  push(chunk: Buffer): void {
    let at = 0;
    const frame = this.#frame;
    frame.startChunk();
    if (this.#carry.length > CARRY_BYTES_KEPT) this.#giveBack();
    if (this.#carried > 0) at = this.#completeCarried(chunk);
    const length = chunk.length;
    while (!this.#stopped && length - at >= HEADER_BYTES) {
      const end = at + HEADER_BYTES + this.#checkedBodyLength(chunk, at);
      if (end > length) break;
      frame.readHeader(chunk, at);
      if (!frame.isConsistent) throw this.#refuse(inconsistent(frame));
      at = end;
      this.#onFrame(frame);
    }
    if (this.#stopped || at === length) return;
    // Another protocol may say less than a header, and then wait.
    if (length - at < HEADER_BYTES) this.#checkMagic(chunk, at);
    this.#fill(chunk, at, length - at);
  }

  /** Fills the carried frame from the chunk, and returns the offset of the next frame in it. */
  #completeCarried(chunk: Buffer): number {
    let at = 0;
    if (this.#carried < HEADER_BYTES) {
      at = this.#fill(chunk, 0, HEADER_BYTES);
      if (this.#carried < HEADER_BYTES) return at;
    }
    const total = HEADER_BYTES + this.#checkedBodyLength(this.#carry, 0);
    at = this.#fill(chunk, at, total);
    if (this.#carried < total) return at;
    const frame = this.#frame;
    frame.readHeader(this.#carry, 0);
    if (!frame.isConsistent) throw this.#refuse(inconsistent(frame));
    this.#carried = 0;
    this.#onFrame(frame);
    return at;
  }

  /** Copies from the chunk until `wanted` bytes are carried; returns the position after the copied bytes. */
  #fill(chunk: Buffer, at: number, wanted: number): number {
    const take = Math.min(wanted - this.#carried, chunk.length - at);
    if (take <= 0) return at;
    this.#reserve(this.#carried + take, wanted);
    chunk.copy(this.#carry, this.#carried, at, at + take);
    this.#carried += take;
    return at + take;
  }

  /**
   * Makes room for `needed` bytes, growing towards `wanted` by doubling: a header that claims 30 MiB does not
   * allocate them before they arrive.
   */
  #reserve(needed: number, wanted: number): void {
    if (this.#carry.length >= needed) return;
    const roomMax = needed > CARRY_BYTES_KEPT ? wanted : Math.min(wanted, 2 * this.#carry.length);
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, roomMax, 4096));
    this.#carry.copy(grown, 0, 0, this.#carried);
    this.#carry = grown;
  }

  /** Releases a large carry that was not needed for a while. */
  #giveBack(): void {
    if (this.#carried > CARRY_BYTES_KEPT) this.#idleChunks = 0;
    else if (++this.#idleChunks > IDLE_CHUNKS && this.#carried === 0) this.#carry = EMPTY;
  }

  /** Returns the body length in the header at `at`, if it and the magic are valid. */
  #checkedBodyLength(bytes: Buffer, at: number): number {
    this.#checkMagic(bytes, at);
    const body = u32(bytes, at + 8);
    if (body > this.#bodyBytesMax) {
      this.#isOversized = true;
      throw this.#refuse(`a body of ${body} bytes is over the limit of ${this.#bodyBytesMax}`);
    }
    return body;
  }

  #checkMagic(bytes: Buffer, at: number): void {
    const magic = bytes[at]!;
    const known = this.#requests
      ? magic === Magic.Request || magic === Magic.AltRequest || magic === Magic.ServerResponse
      : magic === Magic.Response || magic === Magic.AltResponse || magic === Magic.ServerRequest;
    if (known) return;
    const foreign = this.#requests ? undefined : foreignProtocol(bytes.subarray(at));
    const reason = `unknown magic 0x${magic.toString(16).padStart(2, '0')}`;
    throw this.#refuse(foreign === undefined ? reason : `${reason}: ${foreign}`);
  }

  #refuse(reason: string): ProtocolError {
    this.stop();
    return new ProtocolError(reason);
  }
}

function inconsistent(frame: Frame): string {
  const { framingLength, extrasLength, keyLength, bodyLength } = frame;
  return `framing extras (${framingLength}), extras (${extrasLength}) and key (${keyLength}) do not fit into a body of ${bodyLength} bytes`;
}
