import { ArgumentError } from '@cb/protocol';
import { KEY_BYTES_MAX } from '../operation/options.js';
import { describe } from '../values/argument-checks.js';

/** One end of a range: a key, or a key that is itself left out. */
export type ScanTerm = string | { readonly key: string; readonly exclusive?: boolean | undefined };

/** The documents whose keys lie in a range, by the bytes of their UTF-8. */
export interface RangeScan {
  /** Tells the kinds of scans apart. */
  readonly kind: 'range';
  /** The first key; undefined for no limit. */
  readonly from: ScanTerm | undefined;
  /** The last key; undefined for no limit. */
  readonly to: ScanTerm | undefined;
}

/** The documents whose keys begin so. */
export interface PrefixScan {
  /** Tells the kinds of scans apart. */
  readonly kind: 'prefix';
  /** What the keys begin with. */
  readonly prefix: string;
}

/** Some documents, chosen at random. */
export interface SamplingScan {
  /** Tells the kinds of scans apart. */
  readonly kind: 'sampling';
  /** Maximum number of documents. */
  readonly limit: number;
  /** The same seed chooses the same documents. */
  readonly seed: number | undefined;
}

/** What a scan looks for: made by `rangeScan`, `prefixScan` or `samplingScan`. */
export type ScanType = RangeScan | PrefixScan | SamplingScan;

/** All documents from one key to another, both included unless said otherwise. An end that is left out is open. */
export function rangeScan(from?: ScanTerm, to?: ScanTerm): RangeScan {
  return { kind: 'range', from, to };
}

/** All documents whose keys begin with `prefix`. */
export function prefixScan(prefix: string): PrefixScan {
  return { kind: 'prefix', prefix };
}

/**
 * At most `limit` documents, chosen at random; with the same `seed` and without `concurrency` the same ones, as long as
 * nothing changes.
 */
export function samplingScan(limit: number, seed?: number): SamplingScan {
  return { kind: 'sampling', limit, seed };
}

/** A key in bytes, and whether it belongs to the range. */
export interface Bound {
  readonly key: Buffer;
  readonly exclusive: boolean;
}

/** A scan as it is asked for, checked. */
export type Extent =
  | { readonly from: Bound; readonly to: Bound }
  | { readonly samples: number; readonly seed: number | undefined };

/** The first key there can be, and one that no UTF-8 reaches. */
const LOWEST = Buffer.from([0x00]);
const HIGHEST = Buffer.from([0xff]);
const U32_MAX = 0xffffffff;

/** @throws ArgumentError for an invalid scan or bounds that no key has. */
export function readScanType(type: ScanType): Extent {
  switch (type?.kind) {
    case 'range':
      return { from: bound(type.from, 'from', LOWEST), to: bound(type.to, 'to', HIGHEST) };
    case 'prefix': {
      const key = keyBytes(type.prefix, 'prefix');
      return { from: { key, exclusive: false }, to: { key: Buffer.concat([key, HIGHEST]), exclusive: false } };
    }
    case 'sampling':
      return {
        samples: count(type.limit, 'limit', 1),
        seed: type.seed === undefined ? undefined : count(type.seed, 'seed', 0),
      };
    default:
      throw new ArgumentError(`scan takes a rangeScan, a prefixScan or a samplingScan, not ${describe(type)}`);
  }
}

function bound(term: ScanTerm | undefined, name: string, open: Buffer): Bound {
  if (term === undefined) return { key: open, exclusive: false };
  if (typeof term === 'string') return { key: keyBytes(term, name), exclusive: false };
  if (typeof term !== 'object' || term === null) {
    throw new ArgumentError(`${name} must be a key or { key, exclusive }, not ${describe(term)}`);
  }
  const { key, exclusive = false } = term;
  if (typeof exclusive !== 'boolean')
    throw new ArgumentError(`exclusive must be true or false, not ${describe(exclusive)}`);
  return { key: keyBytes(key, name), exclusive };
}

function keyBytes(key: unknown, name: string): Buffer {
  if (typeof key !== 'string' || key === '' || !key.isWellFormed()) {
    throw new ArgumentError(`${name} must be a string that is not empty and well-formed, not ${describe(key)}`);
  }
  const bytes = Buffer.from(key, 'utf8');
  if (bytes.length < KEY_BYTES_MAX) return bytes;
  throw new ArgumentError(`${name} is ${bytes.length} bytes long; a scan takes less than ${KEY_BYTES_MAX}`);
}

function count(value: unknown, name: string, min: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= U32_MAX) return value;
  throw new ArgumentError(`${name} must be a whole number from ${min} to ${U32_MAX}, not ${describe(value)}`);
}
