import { monotonicMs } from '../time/monotonic.js';
import { Pacer } from '../time/pacer.js';
import type { Batch, Operator } from './operator.js';

/**
 * Passes rows on in pieces that the steps behind are done with soon, however much work a row is for them, so that a
 * statement can be cancelled between pieces.
 */
export function paced(input: Operator): Operator {
  const operator: Operator = (run, outer) => pieces(input(run, outer));
  return input.filtered === undefined ? operator : Object.assign(operator, { filtered: input.filtered });
}

function* pieces(input: Iterable<Batch>): Generator<Batch> {
  const pacer = new Pacer();
  for (const batch of input) {
    if (batch.length === 0) yield batch;
    for (let from = 0; from < batch.length; ) {
      const to = Math.min(batch.length, from + pacer.length);
      const start = monotonicMs();
      yield to - from === batch.length ? batch : batch.slice(from, to);
      pacer.note(monotonicMs() - start);
      from = to;
    }
  }
}
