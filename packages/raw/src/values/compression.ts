import { BODY_BYTES_MAX, Datatype, Frame, type FrameWriter, ProtocolError } from '@cb/protocol';
import { snappyContent, snappyLength } from '@cb/protocol/internal';

type Snappy = typeof import('snappyjs');

let snappy: Snappy | undefined;

/** Loads the codec, before anything is compressed. It would be a third of a client's start, and few use it. */
export async function loadSnappy(): Promise<void> {
  snappy ??= await import('snappyjs');
}

function notAgreed(): ProtocolError {
  return new ProtocolError('a compressed value came, and compression was not agreed on');
}

/** Which values are sent compressed, once the server has agreed to Snappy (SDK RFC 0030). */
export interface CompressionSettings {
  /** Minimum size of values to compress, in bytes. */
  readonly minBytes: number;
  /** Maximum size of a compressed value as a share of the original; larger ones are sent uncompressed. */
  readonly ratioMax: number;
}

/**
 * Compresses what was written to the block from `start` on, if that is worth it; true when it did. Costs about 8 µs for
 * each KiB of JSON.
 */
export function compressWritten(block: FrameWriter, start: number, settings: CompressionSettings): boolean {
  const size = block.length - start;
  if (size < settings.minBytes) return false;
  if (snappy === undefined) throw notAgreed();
  const compressed = snappy.compress(block.bytes.subarray(start, block.length));
  if (compressed.length > size * settings.ratioMax) return false;
  block.length = start;
  block.raw(compressed);
  return true;
}

/**
 * The content of a raw Snappy block.
 * @throws ProtocolError for a block that is damaged, or that announces more than a frame may hold (30 MiB), of which
 * nothing is allocated, or that came though no bucket of the process asked for compression.
 */
export function inflate(block: Buffer): Buffer {
  const length = snappyLength(block);
  if (length !== undefined && length > BODY_BYTES_MAX) {
    throw new ProtocolError(`a compressed value of ${length} bytes is over the limit of ${BODY_BYTES_MAX}`);
  }
  // A server that sends one without a request is not trusted in other respects, either.
  if (snappy === undefined) throw notAgreed();
  const content = snappyContent(block);
  if (content === undefined) throw new ProtocolError('a compressed value is not a Snappy block');
  return content;
}

/**
 * Returns the frame with its value inflated, so that its users need not know.
 * @throws ProtocolError as `inflate`.
 */
export function inflateFrame(frame: Frame): Frame {
  const content = inflate(frame.value);
  const bytes = Buffer.concat([frame.bytes.subarray(frame.start, frame.valueStart), content]);
  const inflated = new Frame();
  inflated.readHeader(bytes, 0);
  inflated.bodyLength += content.length - frame.valueLength;
  inflated.datatype &= ~Datatype.Snappy;
  return inflated;
}
