import { wrongType } from './query-fault.js';

/** Checks `scan_vectors`, by keyspace, and `scan_vector`, of the only one. */
export function checkScanVectors(vectors: unknown, vector: unknown): void {
  if (vectors !== undefined) {
    if (typeof vectors !== 'object' || vectors === null || Array.isArray(vectors)) {
      throw wrongType('scan_vectors', 'object');
    }
    for (const each of Object.values(vectors)) checkVector(each);
  }
  if (vector !== undefined) checkVector(vector);
}

/** Sequence numbers by vbucket: all of them in a row, or some by their numbers; each as `[sequence number, guard]`. */
function checkVector(vector: unknown): void {
  if (typeof vector !== 'object' || vector === null) throw wrongType('scan vector', 'object or array');
  for (const entry of Object.values(vector)) {
    const isPair = Array.isArray(entry) && entry.length === 2 && isNumber(entry[0]);
    if (!isPair) throw wrongType('scan vector entry', 'two-element array');
  }
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}
