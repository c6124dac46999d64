import { ProtocolError } from '@cb/raw';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Maximum size of the metadata of an answer, in bytes. Servers send kilobytes of it. */
const METADATA_BYTES_MAX = 64 * 1024 * 1024;
/** Maximum length of a member's name that is compared, in bytes. */
const NAME_CHARACTERS_MAX = 256;

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/**
 * Collects the metadata of an answer, which is everything but its rows. It looks for the one member of the outermost
 * object that holds the rows, and keeps all other bytes: at the end, they are the answer with an empty array of rows.
 */
export class MetadataScanner {
  readonly #rowsName: string;
  readonly #kept: Buffer[] = [];
  #bytes = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The next token expected at the outermost level. */
  #expected: 'name' | 'colon' | 'value' = 'name';
  /** The raw name of the member that is being read. */
  #name = '';
  #isName = false;
  #seenRows = false;

  constructor(rowsName: string) {
    this.#rowsName = rowsName;
  }

  /** True when the outermost object is complete. */
  get isComplete(): boolean {
    return this.#depth === 0 && this.#bytes > 0 && this.#expected !== 'name';
  }

  /**
   * Reads bytes up to and including the bracket before the first row, or all of them.
   * @returns the offset of the rows; -1 when they do not begin in these bytes.
   * @throws ProtocolError
   */
  scan(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.#inString) this.#scanString(byte);
      else if (this.#scanToken(byte)) {
        this.#keep(chunk.subarray(from, at + 1));
        return at + 1;
      }
    }
    this.#keep(chunk.subarray(from));
    return -1;
  }

  /** The text of the answer without its rows. */
  get text(): string {
    return Buffer.concat(this.#kept).toString('utf8');
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#bytes += bytes.length;
    if (this.#bytes > METADATA_BYTES_MAX) {
      throw new ProtocolError(`the answer has more than ${METADATA_BYTES_MAX} bytes besides its rows`);
    }
    // A copy: a view would keep the whole chunk, rows and all.
    this.#kept.push(Buffer.from(bytes));
  }

  #scanString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#inString = false;
      if (this.#isName) this.#expected = 'colon';
      this.#isName = false;
      return;
    }
    if (this.#isName && this.#name.length < NAME_CHARACTERS_MAX) this.#name += String.fromCharCode(byte);
  }

  /** True when the byte is the bracket before the first row. */
  #scanToken(byte: number): boolean {
    if (this.#depth === 0) return this.#scanOutside(byte);
    const isOutermost = this.#depth === 1;
    switch (byte) {
      case QUOTE:
        this.#inString = true;
        this.#isName = isOutermost && this.#expected === 'name';
        if (this.#isName) this.#name = '';
        break;
      case COLON:
        if (isOutermost) this.#expected = 'value';
        break;
      case COMMA:
        if (isOutermost) this.#expected = 'name';
        break;
      case OPEN_BRACKET:
        if (isOutermost && this.#expected === 'value' && this.#isRowsName()) return true;
        this.#depth++;
        break;
      case OPEN_BRACE:
        this.#depth++;
        break;
      case CLOSE_BRACE:
        this.#depth--;
        if (isOutermost) this.#expected = 'value';
        break;
      case CLOSE_BRACKET:
        // The one after the rows closes what the rows' own bracket opened, which is not counted.
        if (!isOutermost) this.#depth--;
        break;
    }
    return false;
  }

  #scanOutside(byte: number): boolean {
    if (isSpace(byte)) return false;
    if (byte !== OPEN_BRACE || this.isComplete) {
      const where = this.isComplete ? 'goes on after its end' : 'is not a JSON object';
      throw new ProtocolError(`the answer ${where}: it has ${JSON.stringify(String.fromCharCode(byte))}`);
    }
    this.#depth = 1;
    return false;
  }

  #isRowsName(): boolean {
    if (unescaped(this.#name) !== this.#rowsName) return false;
    if (this.#seenRows) throw new ProtocolError(`the answer has ${JSON.stringify(this.#rowsName)} twice`);
    this.#seenRows = true;
    return true;
  }
}

function unescaped(name: string): string {
  if (!name.includes('\\')) return name;
  try {
    return JSON.parse(`"${name}"`);
  } catch {
    return name;
  }
}
