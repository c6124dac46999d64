import { ArgumentError, ValueFormatError } from '@cb/protocol';
import { describe } from '../values/argument-checks.js';
import type { Format } from '../values/transcoder.js';
import type { Operation } from './operation.js';
import type { RetryStrategy } from './retry-strategy.js';

/** Options of every operation. */
export interface OperationOptions {
  /** Milliseconds until the operation fails with `TimeoutError`. Default: the bucket's `timeout`, 2,500. */
  readonly timeout?: number | undefined;
  /** Cancels the operation when aborted: it fails with `CancelledError`, whose `cause` is the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Decides about retries when the server refuses the operation for now. Default: the bucket's `retry`. */
  readonly retry?: RetryStrategy | undefined;
}

/** The CAS of a result, or the decimal digits that it is in JSON. */
export type Cas = bigint | string;

/** On which CAS a mutation depends. */
export interface CasOptions {
  /**
   * The operation takes effect only if the document still has this CAS. Default 0n: any CAS. `undefined` is an
   * `ArgumentError`, unlike for other options, so that a CAS that got lost does not mean any CAS.
   */
  readonly cas?: Cas;
}

/** What a missing document is. */
export interface QuietOptions {
  /** A missing document is a result with `success` false instead of an error. Default: the bucket's `quiet`. */
  readonly quiet?: boolean | undefined;
}

/** How a value is stored. */
export interface FormatOptions {
  /** The format in which the value is stored. Default: the bucket's `defaultFormat`. */
  readonly format?: Format | undefined;
}

/** Maximum length of a key in bytes of UTF-8 (kv_engine docs/BinaryProtocol.md). */
export const KEY_BYTES_MAX = 250;
/**
 * Maximum length of a key outside the default collection, whose id takes up to five bytes more (kv_engine
 * docs/Collections.md).
 */
export const COLLECTION_KEY_BYTES_MAX = 246;

const CAS_MAX = 0xffffffffffffffffn;

/** Throws unless the key can be sent. */
export function checkKey(key: unknown, bytesMax: number): asserts key is string {
  if (typeof key !== 'string') throw new ValueFormatError(`key must be a string, not ${describe(key)}`);
  if (key.length === 0) throw new ArgumentError('key must not be empty');
  // A UTF-16 unit takes at most three bytes, so that most keys need not be measured.
  if (key.length * 3 > bytesMax && Buffer.byteLength(key) > bytesMax) {
    throw new ArgumentError(`key is ${Buffer.byteLength(key)} bytes long; at most ${bytesMax} are allowed`);
  }
  if (!key.isWellFormed())
    throw new ValueFormatError('key contains half of a surrogate pair, which UTF-8 cannot express');
}

/** Puts the CAS of the options, if they have one, on the operation, in halves. */
export function setCas(operation: Operation, options: CasOptions): void {
  if (options.cas === undefined && !('cas' in options)) return;
  const checked = checkCas(options.cas);
  operation.casHigh = Number(checked >> 32n);
  operation.casLow = Number(checked & 0xffffffffn);
}

export function checkCas(given: unknown): bigint {
  const cas = typeof given === 'string' && /^\d{1,20}$/.test(given) ? BigInt(given) : given;
  if (typeof cas === 'bigint' && cas >= 0n && cas <= CAS_MAX) return cas;
  const hint = given === undefined ? ': leave it out to take the document as it is' : '';
  throw new ArgumentError(
    `cas must be a bigint from 0 to 2^64 - 1, or its decimal digits, not ${describe(given)}${hint}`,
  );
}
