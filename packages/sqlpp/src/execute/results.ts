import type { Row } from '../expressions/run.js';
import { isObject } from '../values/value.js';
import { type Batch, newRow } from './operator.js';
import type { Results } from './projecting.js';

/** Makes rows of results, with their members in slots. */
export function* bindResults(
  batches: Iterable<Results>,
  resultSlot: number,
  slots: readonly { readonly name: string; readonly slot: number }[],
  outer: Row,
  base: number,
  size: number,
): Generator<Batch> {
  for (const batch of batches) {
    yield batch.map((result) => {
      const row = newRow(outer, base, size);
      row[resultSlot] = result;
      if (isObject(result)) for (const { name, slot } of slots) row[slot] = result[name];
      return row;
    });
  }
}
