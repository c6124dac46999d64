import { wrongType } from './query-fault.js';
import type { ScanVectors } from './query-request.js';

/** Name of the keyspace of a vector that does not name one. */
export const ANY_KEYSPACE = '';

/** Reads `scan_vectors`, by keyspace, or `scan_vector`, of the only one. */
export function readScanVectors(vectors: unknown, vector: unknown): ScanVectors | undefined {
  if (vectors !== undefined) {
    if (typeof vectors !== 'object' || vectors === null || Array.isArray(vectors)) {
      throw wrongType('scan_vectors', 'object');
    }
    return Object.fromEntries(Object.entries(vectors).map(([keyspace, each]) => [keyspace, readVector(each)]));
  }
  return vector === undefined ? undefined : { [ANY_KEYSPACE]: readVector(vector) };
}

/** Reads sequence numbers by vbucket: all of them in a row, or some by their numbers; each as `[sequence number, guard]`. */
function readVector(vector: unknown): ReadonlyMap<number, number> {
  if (typeof vector !== 'object' || vector === null) throw wrongType('scan vector', 'object or array');
  return new Map(Object.entries(vector).map(([vbucket, entry]) => [Number(vbucket), sequenceNumber(entry)]));
}

function sequenceNumber(entry: unknown): number {
  const isPair = Array.isArray(entry) && entry.length === 2;
  if (!isPair) throw wrongType('scan vector entry', 'two-element array');
  const [number] = entry as [unknown, unknown];
  if (typeof number !== 'number' && typeof number !== 'bigint')
    throw wrongType('scan vector entry', 'two-element array');
  return Number(number);
}
