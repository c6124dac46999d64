import type { ObjectValue } from '../../values/value.js';

/** An operator of a plan, as EXPLAIN tells it. */
export type PlanNode = ObjectValue;

/** Tells operators when EXPLAIN asks for them. */
export type Explain = () => readonly PlanNode[];

/** Tells operators that run one behind the other. */
export function sequence(children: readonly PlanNode[]): PlanNode {
  return { '#operator': 'Sequence', '~children': children };
}

/** Tells operators that may run several times at once. */
export function parallel(children: readonly PlanNode[], most?: number): PlanNode {
  return {
    '#operator': 'Parallel',
    ...(most !== undefined && { maxParallelism: most }),
    '~child': sequence(children),
  };
}
