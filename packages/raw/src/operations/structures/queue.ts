import { QueueEmptyError, SubdocPathNotFoundError } from '@cb/protocol';
import type { CompositeCall } from '../../operation/composite.js';
import type { OperationContext } from '../../operation/context.js';
import { ValueResult } from '../../results/results.js';
import { LookupInSpec } from '../../subdoc/lookup-in-spec.js';
import { MutateInSpec } from '../../subdoc/mutate-in-spec.js';
import {
  additionOf,
  changingSpec,
  countOf,
  editing,
  reading,
  readingSpec,
  type StructureOptions,
} from './structure.js';

/** What was put in first is at the end of the array, and leaves first. */
const FIRST = '[-1]';

const firstSpec = readingSpec('queuePop', (answer, operation) => {
  const { error } = answer.entries[0]!;
  if (!(error instanceof SubdocPathNotFoundError)) return answer.content(0);
  throw new QueueEmptyError(`the queue ${JSON.stringify(operation.key)} is empty`, operation.details());
});

export const queuePush = additionOf(changingSpec('queuePush'), (value: unknown) =>
  MutateInSpec.arrayPrepend('', [value]),
);

export function queuePop<T>(
  context: OperationContext,
  key: string,
  options?: StructureOptions,
): CompositeCall<ValueResult<T>> {
  return editing(context, key, options, {
    name: 'queuePop',
    read: () => reading(context, firstSpec, key, LookupInSpec.get(FIRST), undefined),
    change: () => MutateInSpec.remove(FIRST),
    tell({ value }, changed) {
      const { cas, mutationToken } = changed!;
      const [high, low] = [Number(cas >> 32n), Number(cas & 0xffffffffn)];
      return new ValueResult(key, 0, high, low, mutationToken, value as T, 0);
    },
  });
}

export const queueSize = countOf('queueSize');
