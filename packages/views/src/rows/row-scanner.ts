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

/** The longest row. A string can have about twice as many characters, and a row is made from one. */
const ROW_BYTES_MAX = 256 * 1024 * 1024;

/** What may come next between two rows; in a `scalar`, a number or one of the words, it is the scalar's end. */
type Expected = 'row or end' | 'row' | 'comma or end' | 'scalar';

/**
 * Finds the rows in an answer while it arrives, in whatever pieces:
 *
 *     {"total_rows":7303,"rows":[ {"id":…}, {"id":… }, … ],"errors":[…]}
 *     '-------- metadata --------'------- rows --------'--- metadata ---'
 *
 * Bytes of rows are only searched for where a row ends, and most not even for that (`RowBoundaryGuess`). The text from
 * the first to the last complete row that is there becomes rows by one `JSON.parse`, which checks it as well. Nothing is
 * kept but the row that is not complete, and the metadata.
 */
export class RowScanner {
  readonly #metadata: MetadataScanner;
  #phase: 'header' | 'rows' | 'trailer' = 'header';
  #failure: CouchbaseError | undefined = undefined;

  /** Bytes from the first row that was not taken on. */
  #text: Buffer[] = [];
  #textBytes = 0;
  /** So many of these pieces are copies, the others still lie in what was pushed. */
  #copied = 0;
  /** Where in those bytes the last complete row ends. 0: none is complete. */
  #completeEnd = 0;
  /** Where in those bytes the row begins that is not complete. -1: there is none. */
  #rowStart = -1;
  /** Where in the chunk that is being read those bytes go on. -1: no row has begun since the last one that was taken. */
  #chunkFrom = -1;

  readonly #guess = new RowBoundaryGuess();
  /** Rows that are parsed already. */
  #ready: unknown[][] = [];
  /** A row was no JSON: those after it do not count. */
  #isBroken = false;
  /** Whether to try in this chunk to get to its last row without a search. */
  #mayLeap = false;
  /** Where in the chunk that is being read the last row ended. -1: in none of its bytes. */
  #rowEnd = -1;
  #expected: Expected = 'row or end';
  /** How many braces and brackets are open in the row. */
  #depth = 0;
  #inString = false;
  #escaped = false;

  readonly #parse: ParseJson;

  /**
   * @param rowsName the member of the answer that has the rows: `rows`, `results`, `hits`.
   * @param parse reads JSON; with another than `JSON.parse`, it is called for as much text at a time.
   */
  constructor(rowsName: string, parse: ParseJson = JSON.parse) {
    this.#metadata = new MetadataScanner(rowsName);
    this.#parse = parse;
  }

  /** What is wrong with the answer; the rows before it can be taken. Nothing more is read then. */
  get failure(): CouchbaseError | undefined {
    return this.#failure;
  }

  /** Reads the next bytes. They must not change before the next `take`; two of them are written over for a moment. */
  push(chunk: Buffer): void {
    if (this.#failure !== undefined) return;
    try {
      let at = 0;
      while (at < chunk.length) at = this.#phase === 'rows' ? this.#scanRows(chunk, at) : this.#scanMetadata(chunk, at);
    } catch (error) {
      this.#failure = error as CouchbaseError;
    }
  }

  /** The rows that have become complete since the last call. */
  take(): unknown[] {
    if (this.#completeEnd > 0) this.#parseComplete();
    this.#copyText();
    const ready = this.#ready;
    this.#ready = [];
    // Not `flat`: it takes its time with every element.
    return ready.length === 1 ? ready[0]! : ([] as unknown[]).concat(...ready);
  }

  /** Says that there are no more bytes, and gives the answer without its rows. Undefined when there is a `failure`. */
  finish(): object | undefined {
    if (this.#failure !== undefined) return undefined;
    if (this.#phase === 'rows' || !this.#metadata.isComplete) {
      this.#failure = new ProtocolError('the answer ended before it was complete');
      return undefined;
    }
    try {
      return JSON.parse(this.#metadata.text);
    } catch (cause) {
      this.#failure = new ProtocolError(`the answer is no JSON: ${(cause as Error).message}`, { cause });
      return undefined;
    }
  }

  #scanMetadata(chunk: Buffer, from: number): number {
    const rowsAt = this.#metadata.scan(chunk, from);
    if (rowsAt === -1) return chunk.length;
    this.#phase = 'rows';
    return rowsAt;
  }

  /** Reads bytes of rows; returns where they end in the chunk. */
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

  /** Keeps the text as far as it was read. */
  #keep(chunk: Buffer, to: number): void {
    if (this.#chunkFrom === -1) return;
    this.#text.push(chunk.subarray(this.#chunkFrom, to));
    this.#textBytes += to - this.#chunkFrom;
    if (this.#rowStart === -1 || this.#textBytes - this.#rowStart <= ROW_BYTES_MAX) return;
    throw new ProtocolError(`a row has more than ${ROW_BYTES_MAX} bytes`);
  }

  /** Makes the text independent of what was pushed. */
  #copyText(): void {
    for (; this.#copied < this.#text.length; this.#copied++) {
      this.#text[this.#copied] = Buffer.from(this.#text[this.#copied]!);
    }
  }

  /** Where a byte of the chunk is in the text. */
  #position(at: number): number {
    return this.#textBytes + at - this.#chunkFrom;
  }

  /** Goes on in a row that is an object, an array or a string, to its end or to that of the chunk. */
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

  /** Looks at one byte outside of all objects, arrays and strings; returns the place of the next to look at. */
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

  /** Takes on all rows from here, where one begins, to the last one of the chunk, if the guess where that ends is right. */
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

  /** Turns the complete rows of the text into rows, and leaves the row that is not complete. */
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
 * The rows in a text, from one place up to another. The brackets of an array are written over the bytes before and after
 * them, until they are a string: to put that together of three would copy it once more.
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
