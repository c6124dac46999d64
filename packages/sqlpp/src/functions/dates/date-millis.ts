import { isInteger } from '../../values/numbers.js';
import type { Value } from '../../values/value.js';
import type { FunctionContext, FunctionSpec } from '../function-spec.js';
import { fixed, isNumber, isString, ranged, unusable } from '../operands.js';
import { weekdayOf } from './civil.js';
import { localZone } from './date-argument.js';
import { WEEKDAYS } from './date-format.js';
import { addPart, differenceIn, partOf, truncate } from './date-part.js';
import { walk } from './date-strings.js';
import { printDate } from './date-text.js';
import { fromMillis, localDay, toMillis } from './date-time.js';
import { DEFAULT_FORMAT, formatOf } from './format-argument.js';
import { findZone, UTC, type Zone } from './zone.js';

type Evaluate = FunctionSpec['evaluate'];

const add: Evaluate = (context, millis, count, part) => {
  if (!isNumber(millis) || !isInteger(count) || !isString(part)) return unusable([millis, count, part]);
  return toMillis(addPart(fromMillis(millis, localZone(context)), Number(count), part));
};

const difference =
  (measure: (difference: number) => number): Evaluate =>
  (context, left, right, part) => {
    if (!isNumber(left) || !isNumber(right) || !isString(part)) return unusable([left, right, part]);
    const zone = localZone(context);
    return measure(differenceIn(fromMillis(left, zone), fromMillis(right, zone), part));
  };

const part: Evaluate = (context, ...operands) => {
  const [millis, name, zoneName] = operands;
  const zone = operands.length > 2 ? zoneOf(zoneName, context) : localZone(context);
  if (!isNumber(millis) || !isString(name) || zone === undefined) return unusable(operands);
  return partOf(fromMillis(millis, zone), name);
};

const truncated: Evaluate = (context, millis, name) => {
  if (!isNumber(millis) || !isString(name)) return unusable([millis, name]);
  return toMillis(truncate(fromMillis(millis, localZone(context)), name));
};

const range: Evaluate = (context, ...operands) => {
  const [from, to, name] = operands;
  const step = operands.length > 3 ? operands[3] : 1;
  if (!isNumber(from) || !isNumber(to) || !isString(name) || !isInteger(step)) return unusable(operands);
  const zone = localZone(context);
  const [start, end] = [fromMillis(from, zone), fromMillis(to, zone)];
  return walk('DATE_RANGE_MILLIS', start, end, name, Number(step)).map(toMillis);
};

function zoneOf(name: Value, context: FunctionContext): Zone | undefined {
  return isString(name) ? findZone(name, context.zone) : undefined;
}

/** Prints milliseconds in a zone, by a format that may be given as the last operand. */
function print(operands: readonly Value[], zone: Zone | undefined, formatAt: number): Value {
  const [millis] = operands;
  const format = operands.length > formatAt ? operands[formatAt] : '';
  if (!isNumber(millis) || zone === undefined || !isString(format)) return unusable(operands);
  return printDate(fromMillis(millis, zone), format === '' ? DEFAULT_FORMAT : formatOf(format));
}

const toLocal: Evaluate = (context, ...operands) => print(operands, localZone(context), 1);

const toUtc: Evaluate = (_context, ...operands) => print(operands, UTC, 1);

const toZone: Evaluate = (context, ...operands) => print(operands, zoneOf(operands[1], context), 2);

const weekday: Evaluate = (context, ...operands) => {
  const [millis, zoneName] = operands;
  const zone = operands.length > 1 ? zoneOf(zoneName, context) : localZone(context);
  if (!isNumber(millis) || zone === undefined) return unusable(operands);
  return WEEKDAYS[weekdayOf(localDay(fromMillis(millis, zone)))] as string;
};

/** Functions of dates that are milliseconds since 1970. */
export const DATE_MILLIS: readonly FunctionSpec[] = [
  fixed(['date_add_millis'], 3, 'number', add),
  fixed(
    ['date_diff_millis'],
    3,
    'number',
    difference((count) => count),
  ),
  fixed(['date_diff_abs_millis'], 3, 'number', difference(Math.abs)),
  ranged(['date_part_millis'], [2, 3], 'number', part),
  ranged(['date_range_millis'], [3, 4], 'array', range),
  fixed(['date_trunc_millis'], 2, 'number', truncated),
  ranged(['millis_to_str', 'millis_to_local'], [1, 2], 'string', toLocal),
  ranged(['millis_to_utc'], [1, 2], 'string', toUtc),
  ranged(['millis_to_tz', 'millis_to_zone_name'], [2, 3], 'string', toZone),
  ranged(['weekday_millis'], [1, 2], 'string', weekday),
];
