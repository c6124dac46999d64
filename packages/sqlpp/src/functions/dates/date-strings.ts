import { isInteger } from '../../values/numbers.js';
import type { Value } from '../../values/value.js';
import { EvaluationError } from '../evaluation-error.js';
import type { FunctionContext, FunctionSpec } from '../function-spec.js';
import { fixed, isString, ranged, unusable } from '../operands.js';
import { weekdayOf } from './civil.js';
import { readByArgument, readDefault, readOwn } from './date-argument.js';
import { WEEKDAYS } from './date-format.js';
import { addPart, differenceIn, partOf, truncate } from './date-part.js';
import { printDate } from './date-text.js';
import { type DateTime, inZone, localDay, toMillis } from './date-time.js';
import { formatOf } from './format-argument.js';
import { findZone, UTC } from './zone.js';

type Evaluate = FunctionSpec['evaluate'];

/** A function of strings; other operands are unusable. */
function ofStrings(evaluate: (context: FunctionContext, texts: readonly string[]) => Value): Evaluate {
  return (context, ...operands) => (operands.every(isString) ? evaluate(context, operands) : unusable(operands));
}

/** The same; of groups of operands, by their places, the first that has an unusable one decides. */
function ofStringsInTurn(
  groups: readonly (readonly number[])[],
  evaluate: (context: FunctionContext, texts: readonly string[]) => Value,
): Evaluate {
  return (context, ...operands) => {
    if (operands.every(isString)) return evaluate(context, operands);
    const given = groups.map((places) => places.filter((at) => at < operands.length).map((at) => operands[at]));
    return unusable(given.find((group) => !group.every(isString)) ?? []);
  };
}

const add: Evaluate = (context, text, count, part) => {
  if (!isString(text) || !isInteger(count) || !isString(part)) return unusable([text, count, part]);
  const date = readDefault(text, context);
  return date === undefined ? null : printDate(addPart(date.moment, Number(count), part), date.format);
};

const difference = (measure: (difference: number) => number): Evaluate =>
  ofStrings((context, [left = '', right = '', part = '']) => {
    const a = readDefault(left, context);
    const b = readDefault(right, context);
    return a === undefined || b === undefined ? null : measure(differenceIn(a.moment, b.moment, part));
  });

const format = ofStrings((context, [text = '', ...formats]) => {
  const input = formats.length > 1 ? formats[0] : undefined;
  const moment = readByArgument(text, input, context);
  return moment === undefined ? null : printDate(moment, formatOf(formats.at(-1) as string));
});

const part = ofStrings((context, [text = '', name = '']) => {
  const date = readDefault(text, context);
  return date === undefined ? null : partOf(date.moment, name);
});

const truncated = ofStringsInTurn([[0, 1], [2]], (context, [text = '', name = '', written]) => {
  const date = readOwn(text, written, context);
  return date === undefined ? null : printDate(truncate(date.moment, name), date.format);
});

const toMilliseconds = ofStringsInTurn([[0], [1]], (context, [text = '', written]) => {
  const moment = readByArgument(text, written, context);
  return moment === undefined ? null : toMillis(moment);
});

/** Prints a date as another zone shows it, in its own format if none is given. */
function moved(text: string, zone: DateTime['zone'], formats: readonly string[], context: FunctionContext): Value {
  const date = readOwn(text, formats[0], context);
  if (date === undefined) return null;
  const output = formats[1] === undefined ? date.format : formatOf(formats[1]);
  return printDate(inZone(date.moment, zone), output);
}

const toUtc = ofStringsInTurn([[0], [2], [1]], (context, [text = '', ...formats]) => {
  const isDate = formats.length > 0 || readDefault(text, context) !== undefined;
  return isDate ? moved(text, UTC, formats, context) : null;
});

const toZone = ofStringsInTurn([[0, 1], [2], [3]], (context, [text = '', name = '', ...formats]) => {
  const zone = findZone(name, context.zone);
  return zone === undefined ? null : moved(text, zone, formats, context);
});

const weekday = ofStrings((context, [text = '']) => {
  const date = readDefault(text, context);
  return date === undefined ? null : (WEEKDAYS[weekdayOf(localDay(date.moment))] as string);
});

/** Maximum number of dates in a range. */
const RANGE_MAX = 10_000_000;

/**
 * Walks from a date to before another, a number of parts at a time.
 *
 * @throws EvaluationError 5035 as its reason, if there are more than 10,000,000 dates
 */
export function walk(name: string, from: DateTime, to: DateTime, part: string, step: number): DateTime[] {
  // The part is judged in any case.
  addPart(from, 0, part);
  if (step !== 0 && differenceIn(to, from, part) / step > RANGE_MAX) throw outOfRange(name);
  const moments: DateTime[] = [];
  const isBehind = (moment: DateTime): boolean => (toMillis(moment) - toMillis(to)) * Math.sign(step || 1) >= 0;
  // A step of nothing gives the start alone.
  for (let moment = from; !isBehind(moment); moment = addPart(moment, step, part)) {
    moments.push(moment);
    if (step === 0) break;
  }
  return moments;
}

function outOfRange(name: string): EvaluationError {
  const message = `Out of range evaluating ${name}().`;
  return new EvaluationError('', 5010, { _level: 'exception', code: 5035, key: 'execution.range_error', message });
}

const range: Evaluate = (context, ...operands) => {
  const [from, to, name] = operands;
  const step = operands.length > 3 ? operands[3] : 1;
  if (!isString(from) || !isString(to) || !isString(name) || !isInteger(step)) return unusable(operands);
  const start = readDefault(from, context);
  const end = readDefault(to, context);
  if (start === undefined || end === undefined) return null;
  return walk('DATE_RANGE_STR', start.moment, end.moment, name, Number(step)).map((moment) =>
    printDate(moment, start.format),
  );
};

/** Functions of dates that are strings. */
export const DATE_STRINGS: readonly FunctionSpec[] = [
  fixed(['date_add_str'], 3, 'string', add),
  fixed(
    ['date_diff_str'],
    3,
    'number',
    difference((count) => count),
  ),
  fixed(['date_diff_abs_str'], 3, 'number', difference(Math.abs)),
  ranged(['date_format_str'], [2, 3], 'string', format),
  fixed(['date_part_str'], 2, 'number', part),
  ranged(['date_range_str'], [3, 4], 'array', range),
  ranged(['date_trunc_str'], [2, 3], 'string', truncated),
  ranged(['str_to_millis', 'millis'], [1, 2], 'number', toMilliseconds),
  ranged(['str_to_utc'], [1, 3], 'string', toUtc),
  ranged(['str_to_tz', 'str_to_zone_name'], [2, 4], 'string', toZone),
  fixed(['weekday_str'], 1, 'string', weekday),
];
