// Hot file: every byte of every answer passes through it. bench/scenes/view-rows.ts measures it.
import { ProtocolError } from '@cb/raw';

const CR = 0x0d;
const LF = 0x0a;
const SEMICOLON = 0x3b;

/** Maximum number of digits of a chunk size: chunks of 256 TiB and more are errors. */
const SIZE_DIGITS_MAX = 12;
/** Maximum length of the extensions of a chunk, in bytes. They are ignored. */
const EXTENSION_BYTES_MAX = 4096;
const LAST_SIZE = Buffer.from('0\r\n');

/** The part of the framing that is read next. */
type Part = 'first digit' | 'size' | 'extension' | 'line feed of size' | 'data' | 'end of data' | 'line feed of data';

/**
 * Decodes a body in the transfer coding `chunked` (RFC 9112, section 7.1) while it arrives, in pieces of any size. Its
 * data is passed on without a copy.
 */
export class ChunkedBody {
  readonly #onData: (bytes: Buffer) => void;
  #part: Part = 'first digit';
  #digits = 0;
  #extensionBytes = 0;
  /** The size read so far; inside a chunk, its remaining bytes. */
  #size = 0;

  /** @param onData receives data; its memory belongs to the caller of `take` and is valid until `onData` returns. */
  constructor(onData: (bytes: Buffer) => void) {
    this.#onData = onData;
  }

  /**
   * Decodes the next bytes.
   * @returns undefined as long as more data may come; then everything after the data, from the size 0 on.
   * @throws ProtocolError for malformed framing.
   */
  take(bytes: Buffer): Buffer | undefined {
    let at = 0;
    while (at < bytes.length) {
      if (this.#part === 'data') {
        const end = Math.min(at + this.#size, bytes.length);
        this.#onData(bytes.subarray(at, end));
        this.#size -= end - at;
        at = end;
        if (this.#size === 0) this.#part = 'end of data';
      } else if (this.#takeFraming(bytes[at++]!)) {
        return Buffer.concat([LAST_SIZE, bytes.subarray(at)]);
      }
    }
    return undefined;
  }

  /** True after the size of the last chunk. */
  #takeFraming(byte: number): boolean {
    switch (this.#part) {
      case 'first digit':
        this.#size = 0;
        this.#digits = 0;
        this.#takeDigit(byte);
        this.#part = 'size';
        break;
      case 'size':
        if (byte === CR) this.#part = 'line feed of size';
        else if (byte === SEMICOLON || byte === 0x20 || byte === 0x09) this.#part = 'extension';
        else this.#takeDigit(byte);
        break;
      case 'extension':
        if (byte === CR) this.#part = 'line feed of size';
        else if (++this.#extensionBytes > EXTENSION_BYTES_MAX) throw broken('an endless extension');
        break;
      case 'line feed of size':
        this.#expect(byte, LF);
        if (this.#size === 0) return true;
        this.#part = 'data';
        break;
      case 'end of data':
        this.#expect(byte, CR);
        this.#part = 'line feed of data';
        break;
      case 'line feed of data':
        this.#expect(byte, LF);
        this.#part = 'first digit';
        break;
    }
    return false;
  }

  #takeDigit(byte: number): void {
    const digit = digitOf(byte);
    if (digit === -1 || ++this.#digits > SIZE_DIGITS_MAX) throw broken(JSON.stringify(String.fromCharCode(byte)));
    this.#size = this.#size * 16 + digit;
  }

  #expect(byte: number, wanted: number): void {
    if (byte !== wanted) throw broken(JSON.stringify(String.fromCharCode(byte)));
  }
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}

function broken(found: string): ProtocolError {
  return new ProtocolError(
    `the chunks of the answer are malformed: ${found} where a size or the end of a line was due`,
  );
}
