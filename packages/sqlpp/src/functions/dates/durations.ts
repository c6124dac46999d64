import type { FunctionSpec } from '../function-spec.js';
import { isNumber, isString, ranged, unusable } from '../operands.js';
import { durationText, readDuration } from './duration.js';

/** Functions of durations. The second operand names a style, of which there is none but the default. */
export const DURATIONS: readonly FunctionSpec[] = [
  ranged(['str_to_duration'], [1, 2], 'number', (_context, ...operands) => {
    const [text, style = ''] = operands;
    if (!isString(text) || !operands.slice(1).every(isString)) return unusable(operands);
    return style === '' ? (readDuration(text) ?? null) : null;
  }),
  ranged(['duration_to_str'], [1, 2], 'string', (_context, ...operands) => {
    const [nanos, style = ''] = operands;
    if (!isNumber(nanos) || !operands.slice(1).every(isString)) return unusable(operands);
    return style === '' ? durationText(nanos) : null;
  }),
];
