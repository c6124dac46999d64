import type { Value } from '../values/value.js';

export type FrameUnit = 'rows' | 'range' | 'groups';

/** Where a frame begins or ends. */
export type FrameBound =
  | { readonly kind: 'unbounded preceding' | 'current row' | 'unbounded following' }
  | { readonly kind: 'preceding' | 'following'; readonly offset: Value };

/** The rows around the current one that a window function sees. */
export interface Frame {
  readonly unit: FrameUnit;
  readonly start: FrameBound;
  readonly end: FrameBound;
  readonly exclude: 'no others' | 'current row' | 'group' | 'ties';
}

export const WHOLE_PARTITION: Frame = {
  unit: 'range',
  start: { kind: 'unbounded preceding' },
  end: { kind: 'unbounded following' },
  exclude: 'no others',
};

/** What is used where ORDER BY is given without a frame: the rows up to the current one, with its peers. */
export const UP_TO_CURRENT: Frame = { ...WHOLE_PARTITION, end: { kind: 'current row' } };
