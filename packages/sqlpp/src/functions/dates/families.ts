import type { FunctionSpec } from '../function-spec.js';
import { CLOCKS } from './clocks.js';
import { DATE_MILLIS } from './date-millis.js';
import { DATE_STRINGS } from './date-strings.js';
import { DURATIONS } from './durations.js';

/** Functions of dates, times and durations. */
export const DATES: readonly FunctionSpec[] = [...DATE_STRINGS, ...DATE_MILLIS, ...CLOCKS, ...DURATIONS];
