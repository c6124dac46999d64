import { wrongType } from './query-fault.js';
import type { ScanVector } from './scan-consistency.js';

/** Reads `scan_vectors`, by keyspace. */
export function readScanVectors(vectors: unknown): ReadonlyMap<string, ScanVector> {
  if (vectors === undefined) return new Map();
  if (typeof vectors !== 'object' || vectors === null || Array.isArray(vectors)) {
    throw wrongType('scan_vectors', 'object');
  }
  return new Map(Object.entries(vectors).map(([keyspace, vector]) => [keyspace, readVector(vector)]));
}

/** Reads `scan_vector`, of the only keyspace. */
export function readScanVector(vector: unknown): ScanVector | undefined {
  return vector === undefined ? undefined : readVector(vector);
}

/**
 * Sequence numbers by vbucket: all of them in a row, or some by their numbers; each as `[sequence number, guard]`. The
 * guard, the uuid of the vbucket, is not compared, as an index service does not for this consistency.
 */
function readVector(vector: unknown): ScanVector {
  if (typeof vector !== 'object' || vector === null) throw wrongType('scan vector', 'object or array');
  return new Map(Object.entries(vector).map(([vbucket, entry]) => [Number(vbucket), seqnoOf(entry)]));
}

function seqnoOf(entry: unknown): number {
  if (!Array.isArray(entry) || entry.length !== 2 || !isNumber(entry[0])) {
    throw wrongType('scan vector entry', 'two-element array');
  }
  return Number(entry[0]);
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
