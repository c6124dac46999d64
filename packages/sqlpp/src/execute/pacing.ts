import type { Batch, Operator } from './operator.js';

/** What the steps behind may take for the rows of a piece, in milliseconds: above it pieces get shorter, below longer. */
const LONG_MS = 4;
const SHORT_MS = 1;
/** Length from which pieces are not counted any more: batches are shorter. */
const LENGTH_MAX = 65536;

/**
 * Passes rows on in pieces that the steps behind are done with soon, however much work a row is for them, so that a
 * statement can be cancelled between pieces.
 */
export function paced(input: Operator): Operator {
  return (run, outer) => pieces(input(run, outer));
}

function* pieces(input: Iterable<Batch>): Generator<Batch> {
  let length = 1;
  for (const batch of input) {
    if (batch.length === 0) yield batch;
    for (let from = 0; from < batch.length; ) {
      const to = Math.min(batch.length, from + length);
      const start = performance.now();
      yield to - from === batch.length ? batch : batch.slice(from, to);
      length = nextLength(length, performance.now() - start);
      from = to;
    }
  }
}

function nextLength(length: number, tookMs: number): number {
  if (tookMs > LONG_MS) return Math.max(1, length >> 1);
  return tookMs < SHORT_MS ? Math.min(LENGTH_MAX, length * 2) : length;
}
