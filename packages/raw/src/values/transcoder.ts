import { types } from 'node:util';
import { ArgumentError, Datatype, type Frame, ValueFormatError } from '@cb/protocol';
import { keptBytes, utf8Text } from '@cb/protocol/internal';
import { parseJson, stringifyJson } from './exact-json.js';
import { checkNothingLost } from './json-loss.js';

/**
 * Values are stored as JSON. Common flags 2. The default.
 *
 * What JSON cannot hold is a `ValueFormatError`, where `JSON.stringify` would make `{}` or something else of it: bytes, Maps,
 * Sets, RegExps, Errors, Promises and iterators, also within a value, unless they have a `toJSON`; and of the value itself
 * `undefined`, functions, symbols, NaN and infinite numbers. Within a value, those are what JSON makes of them: members
 * that are left out, or null. A bigint needs `bigIntegerTranscoder`.
 */
export const FMT_JSON = 0x02000000;
/** Values are bytes (`Uint8Array`), stored as they are. Common flags 3. */
export const FMT_BYTES = 0x03000002;
/** Values are strings, stored as UTF-8. Common flags 4. */
export const FMT_UTF8 = 0x04000004;
/** The format goes by the value: strings FMT_UTF8, bytes FMT_BYTES, all else FMT_JSON. Never stored itself. */
export const FMT_AUTO = -1;

/** One of the `FMT_` constants. */
export type Format = typeof FMT_JSON | typeof FMT_BYTES | typeof FMT_UTF8 | typeof FMT_AUTO;

/** The format, if it is one. */
export function checkFormat(format: unknown): Format {
  if (format === FMT_JSON || format === FMT_UTF8 || format === FMT_BYTES || format === FMT_AUTO) return format;
  throw new ArgumentError(`format ${String(format)} is not FMT_JSON, FMT_UTF8, FMT_BYTES or FMT_AUTO`);
}

/** The transcoder, if it has both halves of one. */
export function checkTranscoder(transcoder: unknown): Transcoder {
  const { encodeValue, decodeValue } = (transcoder ?? {}) as Partial<Transcoder>;
  if (typeof encodeValue === 'function' && typeof decodeValue === 'function') return transcoder as Transcoder;
  throw new ArgumentError('transcoder must be an object with the methods encodeValue and decodeValue');
}

/** An encoded value: text is written as UTF-8 straight into the outgoing block. */
export interface Encoded {
  /** The bytes, or text to store as UTF-8. */
  readonly payload: string | Uint8Array;
  /** The flags that are stored with the value. */
  readonly flags: number;
  /** `Datatype.Json` or 0. */
  readonly datatype: number;
}

/**
 * Turns values into bytes and back. What it throws becomes a `ValueFormatError` with the thrown error as `cause`.
 * Hot file: every value passes through it.
 */
export interface Transcoder {
  /** Returns a value as flags and bytes. */
  encodeValue(value: unknown, format: Format): Encoded;
  /** `bytes` are valid only during the call: copy what is to be kept. */
  decodeValue(bytes: Buffer, flags: number): unknown;
}

const COMMON_MASK = 0xff000000;
const LEGACY_MASK = 0x07;
const COMMON_PRIVATE = 0x01;

/** How JSON is read and written. */
interface JsonText {
  parse(text: string): unknown;
  /** Throws a `ValueFormatError` for what cannot be written. */
  stringify(value: unknown): string;
}

/**
 * The formats that all official SDKs share (common flags, SDK RFC 0020), and the older flags on reads.
 *
 * Numbers in JSON are those of JavaScript: an integer beyond 2^53 is rounded when it is read, and a bigint cannot be
 * written. `bigIntegerTranscoder` does both exactly.
 */
export const defaultTranscoder: Transcoder = commonTranscoder({ parse: JSON.parse, stringify: encodeJson });

/**
 * The same formats without losing a digit: integers in JSON that a number cannot hold exactly are read as bigint, and
 * bigints are written as integers, however large. Fractions and numbers with an exponent are read as numbers.
 *
 * Documents without a run of 16 digits are read as fast as by `defaultTranscoder`; others are read twice. An integer
 * field is a number in one document and a bigint in the next, as it happens: ask with `typeof`.
 */
export const bigIntegerTranscoder: Transcoder = commonTranscoder({ parse: parseJson, stringify: stringifyJson });

/**
 * What `defaultTranscoder.decodeValue` does, of a frame's value. Spares the view, which for small values costs as much as
 * reading them.
 */
export function decodeDefault(frame: Frame, flags: number): unknown {
  if (formatOf(flags) === 'bytes') return frame.keptValue();
  return decodeAt(JSON, frame.bytes, frame.valueStart, frame.end, flags);
}

function decodeAt(json: Pick<JsonText, 'parse'>, bytes: Buffer, start: number, end: number, flags: number): unknown {
  switch (formatOf(flags)) {
    case 'json':
      if (flags === 0) return parseUnmarked(json, bytes.subarray(start, end));
      return json.parse(utf8Text(bytes, start, end));
    case 'utf8':
      return utf8Text(bytes, start, end);
    case 'bytes':
      return keptBytes(bytes, start, end);
  }
}

function commonTranscoder(json: JsonText): Transcoder {
  return {
    encodeValue(value, format) {
      switch (format === FMT_AUTO ? autoFormat(value) : format) {
        case FMT_JSON:
          return { payload: json.stringify(value), flags: FMT_JSON, datatype: Datatype.Json };
        case FMT_UTF8:
          return { payload: checkText(value), flags: FMT_UTF8, datatype: Datatype.Raw };
        case FMT_BYTES:
          return { payload: checkBytes(value), flags: FMT_BYTES, datatype: Datatype.Raw };
        default:
          throw new ArgumentError(`format ${String(format)} is not FMT_JSON, FMT_UTF8, FMT_BYTES or FMT_AUTO`);
      }
    },

    decodeValue: (bytes, flags) => decodeAt(json, bytes, 0, bytes.length, flags),
  };
}

function checkText(value: unknown): string {
  if (typeof value !== 'string') throw new ValueFormatError(`FMT_UTF8 takes a string, not ${typeName(value)}`);
  if (value.isWellFormed()) return value;
  throw new ValueFormatError('the string contains half of a surrogate pair, which UTF-8 cannot express');
}

function checkBytes(value: unknown): Uint8Array {
  if (types.isUint8Array(value)) return value;
  throw new ValueFormatError(`FMT_BYTES takes a Uint8Array, not ${typeName(value)}`);
}

/** A value without flags has an unknown format: counters have none, and neither have values of other programs. */
function parseUnmarked(json: Pick<JsonText, 'parse'>, bytes: Buffer): unknown {
  try {
    return json.parse(bytes.toString('utf8'));
  } catch {
    return Buffer.from(bytes);
  }
}

/** Returns the format of stored flags; undefined flags mean bytes. */
export function formatOf(flags: number): 'json' | 'utf8' | 'bytes' {
  if (flags === FMT_JSON) return 'json';
  const common = (flags & COMMON_MASK) >>> 24;
  // Bits 29 to 31 are for compression, which was never used.
  switch (common & 0x0f) {
    case 2:
      return 'json';
    case 4:
      return 'utf8';
    case 3:
    case COMMON_PRIVATE:
      return 'bytes';
    default:
      return legacyFormat(flags & LEGACY_MASK);
  }
}

/** The flags of SDKs before the common ones: 0 JSON, 2 bytes, 4 UTF-8 (Python SDK 1.x and others). */
function legacyFormat(flags: number): 'json' | 'utf8' | 'bytes' {
  if (flags === 0) return 'json';
  return flags === 4 ? 'utf8' : 'bytes';
}

function autoFormat(value: unknown): Format {
  if (typeof value === 'string') return FMT_UTF8;
  return types.isUint8Array(value) ? FMT_BYTES : FMT_JSON;
}

function encodeJson(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    const hint = String(cause).includes('BigInt') ? '; bigIntegerTranscoder can' : '';
    throw new ValueFormatError(`the value cannot be written as JSON: ${(cause as Error).message}${hint}`, { cause });
  }
  if (json === undefined) throw new ValueFormatError(`${typeName(value)} cannot be written as JSON`);
  checkNothingLost(value, json);
  return json;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  return value.constructor?.name ?? 'an object';
}
