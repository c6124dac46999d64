import type { Run } from '../expressions/run.js';
import type { Value } from '../values/value.js';
import type { Results } from './projecting.js';

const BYTES_OF_RESULT = 100;

/** Gathers results, and lets others have the time between batches. */
export function* gathered(batches: Iterable<Results>, run: Run): Generator<Results, Value[]> {
  const all: Value[] = [];
  for (const batch of batches) {
    for (const result of batch) all.push(result);
    run.hold(batch.length * BYTES_OF_RESULT);
    yield [];
  }
  return all;
}
