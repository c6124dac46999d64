import { Datatype, type Frame, ProtocolError, readLeb128, ValueFormatError } from '@cb/protocol';
import { leb128Length, u32 } from '@cb/protocol/internal';
import { RC_FAILED, ValueResult } from '../results/results.js';
import { inflate } from '../values/compression.js';
import type { Transcoder } from '../values/transcoder.js';

/**
 * A document that a scan found. With `idsOnly` it has its key and nothing else: its value is undefined. So is that of a
 * document that cannot be decoded: `success` is false, and `error` says why; the scan goes on.
 */
export class ScanItem<T = unknown> extends ValueResult<T> {
  /** When the document expires, in Unix seconds; 0 for never. */
  readonly expiry: number;
  /** Why the value cannot be decoded; undefined when it could. */
  readonly error: ValueFormatError | undefined;

  constructor(
    key: string,
    casHigh: number,
    casLow: number,
    value: T,
    flags: number,
    expiry: number,
    error?: ValueFormatError,
  ) {
    super(key, error === undefined ? 0 : RC_FAILED, casHigh, casLow, undefined, value, flags);
    this.expiry = expiry;
    this.error = error;
  }
}

/** How the items of one scan are read. */
export interface ItemReading {
  readonly idsOnly: boolean;
  readonly noFormat: boolean;
  readonly transcoder: Transcoder;
}

/** An item with the bytes of its key, from which a scan continues. */
export interface ScannedItem {
  readonly keyBytes: Buffer;
  readonly item: ScanItem;
}

/** The format of an answer's value, from its extras. Source: kv_engine docs/range_scans/range_scan_continue.md. */
const Content = { Keys: 0, Documents: 1 } as const;
/** Flags, expiry, seqno, CAS and datatype. */
const META_BYTES = 25;

/**
 * Reads the items in one answer to RANGE_SCAN_CONTINUE.
 * @throws ProtocolError when the bytes are not what the documentation says.
 */
export function readItems(frame: Frame, reading: ItemReading): ScannedItem[] {
  const content = frame.extrasLength === 4 ? u32(frame.bytes, frame.extrasStart) : -1;
  if (content !== (reading.idsOnly ? Content.Keys : Content.Documents)) {
    throw new ProtocolError(`the extras of a scan's answer are ${frame.extras.toString('hex') || 'missing'}`);
  }
  const cursor = new Cursor(frame.value);
  const items: ScannedItem[] = [];
  while (!cursor.isAtEnd) items.push(reading.idsOnly ? readKey(cursor) : readDocument(cursor, reading));
  return items;
}

function readKey(cursor: Cursor): ScannedItem {
  const keyBytes = Buffer.from(cursor.counted());
  return { keyBytes, item: new ScanItem(keyBytes.toString('utf8'), 0, 0, undefined, 0, 0) };
}

function readDocument(cursor: Cursor, reading: ItemReading): ScannedItem {
  const meta = cursor.take(META_BYTES);
  const keyBytes = Buffer.from(cursor.counted());
  const stored = cursor.counted();
  const key = keyBytes.toString('utf8');
  const [flags, expiry] = [u32(meta, 0), u32(meta, 4)];
  const isCompressed = (meta[24]! & Datatype.Snappy) !== 0;
  const [casHigh, casLow] = [u32(meta, 16), u32(meta, 20)];
  try {
    const value = decode(isCompressed ? inflate(stored) : stored, flags, reading);
    return { keyBytes, item: new ScanItem(key, casHigh, casLow, value, flags, expiry) };
  } catch (cause) {
    const message = `the value of ${JSON.stringify(key)} (flags 0x${flags.toString(16)}) cannot be decoded`;
    const error = new ValueFormatError(message, { operation: 'scan', key, cause });
    return { keyBytes, item: new ScanItem(key, casHigh, casLow, undefined, flags, expiry, error) };
  }
}

function decode(bytes: Buffer, flags: number, { noFormat, transcoder }: ItemReading): unknown {
  return noFormat ? Buffer.from(bytes) : transcoder.decodeValue(bytes, flags);
}

/** Walks through bytes and never beyond their end. */
class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(count: number): Buffer {
    const end = this.#at + count;
    if (end > this.#bytes.length) {
      throw new ProtocolError(`an item of a scan is cut off after ${this.#bytes.length} bytes: ${end} were announced`);
    }
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** Bytes behind their number. */
  counted(): Buffer {
    const count = readLeb128(this.#bytes, this.#at);
    this.#at += leb128Length(count);
    return this.take(count);
  }
}
