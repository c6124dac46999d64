import type { KeyRange, Sampling, ScanSpec } from '../store/range-scan.js';

const KEY_BYTES_MAX = 250;
const NAME_BYTES_MAX = 50;

/** The mutation that the vbucket must have before the scan begins. */
export interface SnapshotSpec {
  readonly uuid: bigint;
  readonly seqno: number;
  /** Whether a mutation with just this seqno must still be there. */
  readonly seqnoExists: boolean;
  /** How long to wait for the seqno to be persisted, in milliseconds; 0 not at all. */
  readonly timeoutMs: number;
}

export interface ScanRequest {
  readonly spec: ScanSpec;
  readonly snapshot: SnapshotSpec | undefined;
}

/**
 * Reads the value of a RANGE_SCAN_CREATE request. Source: kv_engine docs/range_scans/range_scan_create.md.
 * @returns what is wrong with it, when something is
 */
export function parseScanRequest(text: string): ScanRequest | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return `the value is not JSON: ${error instanceof Error ? error.message : error}`;
  }
  if (!isObject(json)) return 'the value is not a JSON object';
  const { collection = '0', key_only = false, include_xattrs = false, name = '' } = json;
  if (typeof collection !== 'string' || !/^(0x)?[0-9a-f]{1,8}$/i.test(collection)) {
    return 'Invalid formatting of the collection field';
  }
  if (typeof key_only !== 'boolean' || typeof include_xattrs !== 'boolean')
    return 'key_only and include_xattrs are bool';
  if (key_only && include_xattrs) return 'key_only and include_xattrs exclude each other';
  if (typeof name !== 'string' || Buffer.byteLength(name) > NAME_BYTES_MAX)
    return `name exceeds ${NAME_BYTES_MAX} bytes`;
  const of = parseExtent(json);
  if (typeof of === 'string') return of;
  const snapshot = parseSnapshot(json['snapshot_requirements']);
  if (typeof snapshot === 'string') return snapshot;
  const id = Number.parseInt(collection.replace(/^0x/i, ''), 16);
  return { spec: { collection: id, keyOnly: key_only, includeXattrs: include_xattrs, of }, snapshot };
}

function parseExtent({ range, sampling }: Record<string, unknown>): KeyRange | Sampling | string {
  if ((range === undefined) === (sampling === undefined)) return 'Must define one of range and sampling';
  return range === undefined ? parseSampling(sampling) : parseRange(range);
}

function parseRange(range: unknown): KeyRange | string {
  if (!isObject(range)) return 'range is not an object';
  const start = oneOf(range, 'start', 'excl_start');
  const end = oneOf(range, 'end', 'excl_end');
  if (start === undefined || end === undefined) return 'Must define a start and an end key, each once, in base64';
  if (start.length > KEY_BYTES_MAX || end.length > KEY_BYTES_MAX) return `a key exceeds ${KEY_BYTES_MAX} bytes`;
  return { start, end, startIsIncluded: 'start' in range, endIsIncluded: 'end' in range };
}

/** The key that just one of two fields has. */
function oneOf(range: Record<string, unknown>, included: string, excluded: string): string | undefined {
  if (included in range === excluded in range) return undefined;
  const text = range[included] ?? range[excluded];
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64').toString('latin1');
}

function parseSampling(sampling: unknown): Sampling | string {
  if (!isObject(sampling)) return 'sampling is not an object';
  const { samples, seed = 0 } = sampling;
  if (!isCount(samples) || samples === 0) return 'samples must be a number greater than 0';
  return isCount(seed) ? { samples, seed } : 'seed must be a number';
}

function parseSnapshot(spec: unknown): SnapshotSpec | undefined | string {
  if (spec === undefined) return undefined;
  if (!isObject(spec)) return 'snapshot_requirements is not an object';
  const { vb_uuid, seqno, seqno_exists = false, timeout_ms = 0 } = spec;
  if (typeof vb_uuid !== 'string' || !/^\d{1,20}$/.test(vb_uuid)) return 'vb_uuid must be a decimal number in a string';
  if (!isCount(seqno) || !isCount(timeout_ms)) return 'seqno and timeout_ms must be numbers';
  if (typeof seqno_exists !== 'boolean') return 'seqno_exists must be a bool';
  return { uuid: BigInt(vb_uuid), seqno, seqnoExists: seqno_exists, timeoutMs: timeout_ms };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
