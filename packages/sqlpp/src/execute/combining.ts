import type { Run } from '../expressions/run.js';
import { identityKey } from '../values/equality.js';
import type { Value } from '../values/value.js';
import type { Results } from './projecting.js';

const BYTES_OF_RESULT = 100;
const NO_RESULTS: Results = [];

/** Combines the results of two selects. */
export function combine(
  operator: 'union' | 'intersect' | 'except',
  all: boolean,
  left: Iterable<Results>,
  right: Iterable<Results>,
  run: Run,
): Iterable<Results> {
  if (operator === 'union') return all ? both(left, right) : unique(both(left, right), run);
  return operator === 'intersect' ? intersection(left, right, all, run) : difference(left, right, all, run);
}

function* both(left: Iterable<Results>, right: Iterable<Results>): Generator<Results> {
  yield* left;
  yield* right;
}

/** Drops results that have been there before. */
export function* unique(batches: Iterable<Results>, run: Run): Generator<Results> {
  const seen = new Set<unknown>();
  for (const batch of batches) {
    const kept = batch.filter((result) => {
      const key = identityKey(result);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    run.hold(kept.length * BYTES_OF_RESULT);
    yield kept;
  }
}

/** Counts how often each result comes. */
function* counted(batches: Iterable<Results>, run: Run): Generator<Results, Map<unknown, number>> {
  const counts = new Map<unknown, number>();
  for (const batch of batches) {
    for (const result of batch) {
      const key = identityKey(result);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    run.hold(batch.length * BYTES_OF_RESULT);
    yield NO_RESULTS;
  }
  return counts;
}

/** With ALL a result comes as often as it does on both sides. */
function* intersection(left: Iterable<Results>, right: Iterable<Results>, all: boolean, run: Run): Generator<Results> {
  const counts = yield* counted(right, run);
  for (const batch of left) {
    const kept: Value[] = [];
    for (const result of batch) {
      const key = identityKey(result);
      const count = counts.get(key) ?? 0;
      if (count === 0) continue;
      if (all) counts.set(key, count - 1);
      kept.push(result);
    }
    yield kept;
  }
}

/** With ALL a result is dropped as often as it comes on the right. */
function* difference(left: Iterable<Results>, right: Iterable<Results>, all: boolean, run: Run): Generator<Results> {
  const counts = yield* counted(right, run);
  for (const batch of left) {
    const kept: Value[] = [];
    for (const result of batch) {
      const key = identityKey(result);
      const count = counts.get(key) ?? 0;
      if (count > 0) {
        if (all) counts.set(key, count - 1);
        continue;
      }
      kept.push(result);
    }
    yield kept;
  }
}
