import type { Value } from '../values/value.js';
import type { Frame, FrameBound } from './frame.js';

/** What is known of a call with OVER before it runs. Operands and offsets that are not constants are `undefined`. */
export interface WindowShape {
  /** As written, in upper case. */
  readonly name: string;
  readonly needsOrder: boolean;
  readonly orderTerms: number;
  readonly frame?: Frame | undefined;
  readonly takesFrame: boolean;
  /** The second operand of LAG and LEAD, if it is a constant. */
  readonly secondOperand?: Value;
}

/** Places of the kinds of bounds, from the first row to the last. */
const PLACES: Readonly<Record<FrameBound['kind'], number>> = {
  'unbounded preceding': 0,
  preceding: 1,
  'current row': 2,
  following: 3,
  'unbounded following': 4,
};

/** Returns what is wrong with a call, as the message of error 3220 says it. */
export function windowFault(shape: WindowShape): string | undefined {
  const fault = orderFault(shape) ?? frameFault(shape) ?? operandFault(shape);
  return fault === undefined ? undefined : `${shape.name} window function ${fault}`;
}

function orderFault({ needsOrder, orderTerms }: WindowShape): string | undefined {
  return needsOrder && orderTerms === 0 ? 'ORDER BY clause is required.' : undefined;
}

function frameFault({ frame, takesFrame, orderTerms }: WindowShape): string | undefined {
  if (frame === undefined) return undefined;
  if (!takesFrame) return 'window frame is not allowed.';
  if (orderTerms === 0) return 'window frame is not allowed without ORDER BY.';
  if (!isInOrder(frame)) return 'invalid window frame.';
  if (hasWrongOffset(frame.start) || hasWrongOffset(frame.end)) return 'window frame value expression is invalid.';
  const hasOffset = 'offset' in frame.start || 'offset' in frame.end;
  if (frame.unit === 'range' && hasOffset && orderTerms > 1) return 'multiple ORDER BY terms are not allowed.';
  return undefined;
}

function isInOrder({ start, end }: Frame): boolean {
  if (start.kind === 'unbounded following' || end.kind === 'unbounded preceding') return false;
  return PLACES[start.kind] <= PLACES[end.kind];
}

function hasWrongOffset(bound: FrameBound): boolean {
  return 'offset' in bound && typeof bound.offset === 'number' && bound.offset < 0;
}

function operandFault({ name, secondOperand }: WindowShape): string | undefined {
  const isShift = name === 'LAG' || name === 'LEAD';
  const isWrong = isShift && typeof secondOperand === 'number' && secondOperand < 0;
  return isWrong ? 'second value must be positive non zero integer.' : undefined;
}
