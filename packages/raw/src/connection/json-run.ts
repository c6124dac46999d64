import { isAscii } from 'node:buffer';
import { Datatype, type Frame, HEADER_BYTES, Magic } from '@cb/protocol';
import { u32 } from '@cb/protocol/internal';
import type { Operation } from '../operation/operation.js';
import { jsonValue, valueResult } from '../operation/read.js';
import { type Result, ValueResult } from '../results/results.js';
import { defaultTranscoder, FMT_JSON } from '../values/transcoder.js';
import type { Slots } from './slots.js';

/** The part of a connection that a run uses. */
export interface JsonRunOwner {
  /** The operations on the wire. */
  readonly slots: Slots;
  /** Removes the operation with this opaque from those in flight; undefined when it was cancelled. */
  answered(opaque: number): Operation | undefined;
  succeeded(operation: Operation, result: Result): void;
  unreadable(operation: Operation, status: number, error: unknown): void;
}

/** Maximum number of documents parsed at a time: the first one's operation waits for the last one's value. */
const DOCUMENTS_MAX = 32;
/** Maximum length of a document parsed with others, in bytes: the saving is the same for each, however long. */
const DOCUMENT_BYTES_MAX = 4 * 1024;

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const BLANK = 0x20;

const EMPTY: Buffer = Buffer.alloc(0);

/**
 * Documents whose frames lie side by side in a received chunk, parsed with one call: a sixth of a get is what each call of
 * `JSON.parse` and each string out of bytes take on top of their work. Hot file.
 *
 *   received   |header, flags|{"a":1}|header, flags|{"a":2}|header, flags|{"a":3}|header of any other frame
 *   parsed      [             {"a":1} ,20571348,    {"a":2} ,20571348,    {"a":3} ]
 *
 * The headers of the documents, which have been read, are written over. The mark between the documents is a number that
 * nobody can guess: where it stands at every second place, each place between is one document, whole. Where it does not,
 * or anything is not JSON, each document is parsed by itself, and fails by itself.
 */
export class JsonRun {
  readonly #owner: JsonRunOwner;
  readonly #mark: number;
  /** The mark between commas. */
  readonly #separator: Buffer;
  /** The chunk, in which documents are looked for. */
  #chunk = EMPTY;
  #count = 0;
  /** Where the first header starts. */
  #start = 0;
  // Of each document that was taken:
  readonly #opaques: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #casHighs: number[] = [];
  readonly #casLows: number[] = [];

  /** @param random four unpredictable bytes */
  constructor(owner: JsonRunOwner, random: Buffer) {
    this.#owner = owner;
    this.#mark = 10_000_000 + (random.readUInt32BE(0) % 90_000_000);
    this.#separator = Buffer.from(`,${this.#mark},`, 'latin1');
  }

  /** The next frames lie in this chunk. */
  begin(chunk: Buffer): void {
    this.#chunk = chunk;
  }

  /**
   * True: the frame is a document, and its operation ends with one of the next frames. False: the frame is left to the
   * caller, and everything before it has been delivered.
   */
  takes(frame: Frame): boolean {
    if (this.#count < DOCUMENTS_MAX && this.#isDocument(frame)) {
      this.#add(frame);
      return true;
    }
    if (this.#count > 0) this.#deliver(this.#parsed(frame.start));
    return false;
  }

  /** The stream broke behind the last frame: delivers what came before. */
  end(): void {
    if (this.#count > 0) this.#deliver(undefined);
  }

  #isDocument(frame: Frame): boolean {
    const { bytes } = frame;
    if (bytes !== this.#chunk || frame.status !== 0 || frame.magic === Magic.ServerRequest) return false;
    if ((frame.datatype & ~Datatype.Json) !== 0 || frame.extrasLength !== 4) return false;
    if (frame.valueLength > DOCUMENT_BYTES_MAX || u32(bytes, frame.extrasStart) !== FMT_JSON) return false;
    if (!this.#isFollowed(frame.end)) return false;
    const operation = this.#owner.slots.find(frame.opaque);
    return (
      operation !== undefined &&
      operation.opcode === frame.opcode &&
      operation.spec.result === valueResult &&
      operation.transcoder === defaultTranscoder &&
      !operation.noFormat &&
      !this.#owner.slots.isShared(frame.opaque)
    );
  }

  /** Whether another whole frame starts there: its header is where the closing bracket will be written. */
  #isFollowed(end: number): boolean {
    const room = this.#chunk.length - end - HEADER_BYTES;
    return room >= 0 && u32(this.#chunk, end + 8) <= room;
  }

  #add(frame: Frame): void {
    const { start, valueStart } = frame;
    const chunk = this.#chunk;
    const index = this.#count++;
    this.#opaques[index] = frame.opaque;
    this.#starts[index] = valueStart;
    this.#ends[index] = frame.end;
    this.#casHighs[index] = frame.casHigh;
    this.#casLows[index] = frame.casLow;
    let at = start;
    if (index === 0) {
      this.#start = start;
      chunk[at++] = OPEN_BRACKET;
    } else {
      const separator = this.#separator;
      for (let unit = 0; unit < separator.length; unit++) chunk[at++] = separator[unit]!;
    }
    while (at < valueStart) chunk[at++] = BLANK;
  }

  /** The documents and the marks between them; undefined when they cannot be told apart. `end` is where they end. */
  #parsed(end: number): readonly unknown[] | undefined {
    if (this.#count === 1) return undefined;
    const chunk = this.#chunk;
    // A byte of the next frame, which goes on to others.
    const borrowed = chunk[end]!;
    chunk[end] = CLOSE_BRACKET;
    const values = parsedAscii(chunk.subarray(this.#start, end + 1));
    chunk[end] = borrowed;
    if (values?.length !== 2 * this.#count - 1) return undefined;
    for (let place = 1; place < values.length; place += 2) if (values[place] !== this.#mark) return undefined;
    return values;
  }

  #deliver(values: readonly unknown[] | undefined): void {
    const count = this.#count;
    this.#count = 0;
    for (let index = 0; index < count; index++) {
      const operation = this.#owner.answered(this.#opaques[index]!);
      if (operation === undefined) continue;
      if (values === undefined) this.#deliverAlone(operation, index);
      else this.#succeed(operation, index, values[2 * index]);
    }
  }

  #deliverAlone(operation: Operation, index: number): void {
    let value: unknown;
    try {
      const [start, end] = [this.#starts[index]!, this.#ends[index]!];
      value = jsonValue(operation, this.#chunk, start, end, this.#casHighs[index]!, this.#casLows[index]!);
    } catch (error) {
      this.#owner.unreadable(operation, 0, error);
      return;
    }
    this.#succeed(operation, index, value);
  }

  #succeed(operation: Operation, index: number, value: unknown): void {
    const { key } = operation;
    const result = new ValueResult(key, 0, this.#casHighs[index]!, this.#casLows[index]!, undefined, value, FMT_JSON);
    this.#owner.succeeded(operation, result);
  }
}

/**
 * Returns the array that the bytes are in JSON; undefined for what is not JSON, or not all ASCII. After the first byte that
 * is not ASCII, V8 makes the rest of a text slowly, which is better for each document alone.
 */
function parsedAscii(bytes: Buffer): readonly unknown[] | undefined {
  if (!isAscii(bytes)) return undefined;
  try {
    return JSON.parse(bytes.toString('latin1')) as readonly unknown[];
  } catch {
    return undefined;
  }
}
