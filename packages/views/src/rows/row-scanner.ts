// Hot file: every byte of every row passes through it. bench/micro/row-scanner.ts measures it.
import { isAscii } from 'node:buffer';
import { type CouchbaseError, ProtocolError } from '@cb/raw';
import { isSpace, MetadataScanner } from './metadata-scanner.js';
import { RowBoundaryGuess } from './row-boundary-guess.js';
import { type ParseJson, parseUntilBroken } from './row-texts.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** With this bit set, `[` is `{` and `]` is `}`: one comparison finds both. */
const BRACE_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Maximum size of a row, in bytes. A row is parsed from one string, and strings can have about twice as many
 * characters.
 */
const ROW_BYTES_MAX = 256 * 1024 * 1024;

/** What may come next between two rows. In a `scalar` (a number or one of the words), it is the scalar's end. */
type Expected = 'row or end' | 'row' | 'comma or end' | 'scalar';

/**
 * Finds the rows in an answer while it arrives, in whatever pieces:
 *
 *     {"total_rows":7303,"rows":[ {"id":…}, {"id":… }, … ],"errors":[…]}
 *     '-------- metadata --------'------- rows --------'--- metadata ---'
 *
 * Bytes of rows are only searched for the end of a row, and most are not searched at all (`RowBoundaryGuess`). The text from
 * the first to the last complete row that is there becomes rows by one `JSON.parse`, which checks it as well. Nothing is
 * kept but the row that is not complete, and the metadata.
 */
export class RowScanner {
  readonly #metadata: MetadataScanner;
  #phase: 'header' | 'rows' | 'trailer' = 'header';
  #failure: CouchbaseError | undefined = undefined;

  /** Bytes from the first row that is not parsed yet. */
  #text: Buffer[] = [];
  #textBytes = 0;
  /** Number of these pieces that are copies; the others still refer to the pushed bytes. */
  #copied = 0;
  /** Offset in those bytes at which the last complete row ends. 0: no row is complete. */
  #completeEnd = 0;
  /** Offset in those bytes at which the incomplete row begins. -1: there is none. */
  #rowStart = -1;
  /** Offset in the current chunk at which those bytes continue. -1: no row has begun since the last parsed one. */
  #chunkFrom = -1;

  readonly #guess = new RowBoundaryGuess();
  /** Rows that are parsed already. */
  #ready: unknown[][] = [];
  /** The error of a row that is not JSON: rows after it are discarded. */
  #isBroken = false;
  /** Whether to guess the end of this chunk's last row. */
  #mayLeap = false;
  /** Offset in the current chunk at which the last row ended. -1: in none of its bytes. */
  #rowEnd = -1;
  #expected: Expected = 'row or end';
  /** Number of open braces and brackets in the row. */
  #depth = 0;
  #inString = false;
  #escaped = false;

  readonly #parse: ParseJson;

  /**
   * @param rowsName member of the answer that holds the rows: `rows`, `results`, `hits`.
   * @param parse parses JSON; one other than `JSON.parse` gets as much text at a time.
   */
  constructor(rowsName: string, parse: ParseJson = JSON.parse) {
    this.#metadata = new MetadataScanner(rowsName);
    this.#parse = parse;
  }

  /** The error in the answer, after which nothing is read. The rows before it can be taken. */
  get failure(): CouchbaseError | undefined {
    return this.#failure;
  }

  /** Reads the next bytes. They must not change before the next `take`; two of them are overwritten for a moment. */
  push(chunk: Buffer): void {
    if (this.#failure !== undefined) return;
    try {
      let at = 0;
      while (at < chunk.length) at = this.#phase === 'rows' ? this.#scanRows(chunk, at) : this.#scanMetadata(chunk, at);
    } catch (error) {
      this.#failure = error as CouchbaseError;
    }
  }

  /** Returns the rows that became complete since the last call. */
  take(): unknown[] {
    if (this.#completeEnd > 0) this.#parseComplete();
    this.#copyText();
    const ready = this.#ready;
    this.#ready = [];
    // Not `flat`, which is slow for every element.
    return ready.length === 1 ? ready[0]! : ([] as unknown[]).concat(...ready);
  }

  /** Ends the answer and returns it without its rows. Undefined when there is a `failure`. */
  finish(): object | undefined {
    if (this.#failure !== undefined) return undefined;
    if (this.#phase === 'rows' || !this.#metadata.isComplete) {
      this.#failure = new ProtocolError('the answer ended before it was complete');
      return undefined;
    }
    try {
      return JSON.parse(this.#metadata.text);
    } catch (cause) {
      this.#failure = new ProtocolError(`the answer is not JSON: ${(cause as Error).message}`, { cause });
      return undefined;
    }
  }

  #scanMetadata(chunk: Buffer, from: number): number {
    const rowsAt = this.#metadata.scan(chunk, from);
    if (rowsAt === -1) return chunk.length;
    this.#phase = 'rows';
    return rowsAt;
  }

  /** Reads bytes of rows, and returns the offset in the chunk at which they end. */
  #scanRows(chunk: Buffer, from: number): number {
    let at = from;
    this.#chunkFrom = this.#textBytes === 0 ? -1 : from;
    this.#rowEnd = -1;
    this.#mayLeap = true;
    try {
      while (at < chunk.length && this.#phase === 'rows') {
        at = this.#depth > 0 || this.#inString ? this.#scanRow(chunk, at) : this.#scanBetween(chunk, at);
      }
    } finally {
      this.#keep(chunk, at);
    }
    return at;
  }

  /** Keeps the text that was read. */
  #keep(chunk: Buffer, to: number): void {
    if (this.#chunkFrom === -1) return;
    this.#text.push(chunk.subarray(this.#chunkFrom, to));
    this.#textBytes += to - this.#chunkFrom;
    if (this.#rowStart === -1 || this.#textBytes - this.#rowStart <= ROW_BYTES_MAX) return;
    throw new ProtocolError(`a row has more than ${ROW_BYTES_MAX} bytes`);
  }

  /** Copies the text, so that it does not depend on the pushed bytes. */
  #copyText(): void {
    for (; this.#copied < this.#text.length; this.#copied++) {
      this.#text[this.#copied] = Buffer.from(this.#text[this.#copied]!);
    }
  }

  /** Returns the offset in the text of a byte of the chunk. */
  #position(at: number): number {
    return this.#textBytes + at - this.#chunkFrom;
  }

  /** Continues in a row that is an object, an array or a string, to its end or to the end of the chunk. */
  #scanRow(chunk: Buffer, from: number): number {
    const end = chunk.length;
    let at = this.#escaped ? from + 1 : from;
    let depth = this.#depth;
    let inString = this.#inString;
    for (;;) {
      let byte = 0;
      if (inString) {
        while (at < end) {
          byte = chunk[at++]!;
          if (byte === QUOTE) break;
          if (byte === BACKSLASH) at++;
        }
        if (byte !== QUOTE) break;
        inString = false;
        if (depth === 0) break;
      }
      while (at < end) {
        byte = chunk[at++]!;
        const folded = byte | BRACE_BIT;
        if (folded === OPEN) depth++;
        else if (folded === CLOSE) {
          if (--depth === 0) break;
        } else if (byte === QUOTE) {
          inString = true;
          break;
        }
      }
      if (!inString) break;
    }
    // A backslash at the very end makes the first byte of the next chunk an escaped one.
    this.#escaped = at > end;
    this.#depth = depth;
    this.#inString = inString;
    if (depth === 0 && !inString) this.#endRow(at);
    return Math.min(at, end);
  }

  /** Reads one byte outside of all objects, arrays and strings, and returns the offset of the next one to read. */
  #scanBetween(chunk: Buffer, at: number): number {
    const byte = chunk[at]!;
    if (this.#expected === 'scalar') {
      if (byte !== COMMA && byte !== CLOSE_BRACKET && !isSpace(byte)) return at + 1;
      this.#endRow(at);
      return at;
    }
    if (isSpace(byte)) return at + 1;
    if (byte === CLOSE_BRACKET && this.#expected !== 'row') {
      this.#phase = 'trailer';
      return at;
    }
    if (this.#expected === 'comma or end') {
      if (byte !== COMMA) throw unexpected(byte, 'a comma or the end');
      this.#expected = 'row';
      return at + 1;
    }
    if (byte === CLOSE_BRACKET || byte === COMMA) throw unexpected(byte, 'a row');
    return this.#mayLeap && this.#leap(chunk, at) ? this.#rowEnd : this.#beginRow(chunk, at);
  }

  #beginRow(chunk: Buffer, at: number): number {
    const byte = chunk[at]!;
    if (this.#chunkFrom === -1) this.#chunkFrom = at;
    this.#rowStart = this.#position(at);
    if (byte === QUOTE) this.#inString = true;
    else if ((byte | BRACE_BIT) === OPEN) this.#depth = 1;
    else this.#expected = 'scalar';
    if (this.#depth === 1 && this.#rowEnd !== -1) this.#guess.learn(chunk, this.#rowEnd, at);
    return at + 1;
  }

  #endRow(at: number): void {
    this.#completeEnd = this.#position(at);
    this.#rowStart = -1;
    this.#rowEnd = at;
    this.#expected = 'comma or end';
  }

  /** Accepts all rows from here, where one begins, to the last one of the chunk, if the guess of its end is right. */
  #leap(chunk: Buffer, at: number): boolean {
    const end = this.#guess.lastEnd(chunk, at);
    if (end === -1) return false;
    this.#mayLeap = false;
    let rows: unknown[];
    try {
      rows = parseRows(chunk, at, end, this.#parse);
    } catch {
      this.#guess.missed(true);
      return false;
    }
    this.#guess.missed(false);
    if (this.#completeEnd > 0) {
      this.#keep(chunk, at);
      this.#parseComplete();
    }
    if (!this.#isBroken) this.#ready.push(rows);
    this.#chunkFrom = -1;
    this.#rowEnd = end;
    this.#expected = 'comma or end';
    return true;
  }

  /** Parses the complete rows of the text, and leaves the incomplete one. */
  #parseComplete(): void {
    const text = this.#text.length === 1 ? this.#text[0]! : Buffer.concat(this.#text, this.#textBytes);
    const end = this.#completeEnd;
    const rest = this.#rowStart === -1 ? undefined : text.subarray(this.#rowStart);
    this.#text = rest === undefined ? [] : [rest];
    this.#copied = 0;
    this.#textBytes = rest === undefined ? 0 : rest.length;
    if (this.#rowStart !== -1) this.#rowStart = 0;
    this.#completeEnd = 0;
    if (this.#isBroken) return;
    try {
      this.#ready.push(parseRows(text, 0, end, this.#parse));
    } catch {
      this.#isBroken = true;
      const { rows, failure } = parseUntilBroken(text.toString('utf8', 0, end), this.#parse);
      this.#ready.push(rows);
      this.#failure ??= failure;
    }
  }
}

/**
 * Parses the rows in a range of a text. The brackets of an array are written over the bytes before and after them until
 * the string is made: concatenating three strings would copy the rows once more.
 */
function parseRows(text: Buffer, from: number, to: number, parse: ParseJson): unknown[] {
  if (from === 0 || to === text.length) return parse(`[${textOf(text.subarray(from, to))}]`) as unknown[];
  const before = text[from - 1]!;
  const after = text[to]!;
  text[from - 1] = OPEN_BRACKET;
  text[to] = CLOSE_BRACKET;
  const array = textOf(text.subarray(from - 1, to + 1));
  text[from - 1] = before;
  text[to] = after;
  return parse(array) as unknown[];
}

function textOf(bytes: Buffer): string {
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}

function unexpected(byte: number, wanted: string): ProtocolError {
  return new ProtocolError(`between two rows is ${JSON.stringify(String.fromCharCode(byte))} instead of ${wanted}`);
}
