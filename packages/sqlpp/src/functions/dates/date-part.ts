import { EvaluationError } from '../evaluation-error.js';
import { dayOfYear, daysInMonth, isoWeekdayOf, isoWeekOf, weekdayOf } from './civil.js';
import { type DateTime, fieldsOf, fromFields, localDay, offsetOf, toLocalMillis } from './date-time.js';

const NANOS_PER_MILLI = 1_000_000;

type Reader = (moment: DateTime) => number;

const PARTS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['millennium', (moment) => Math.trunc(fieldsOf(moment).year / 1000) + 1],
  ['century', (moment) => Math.trunc(fieldsOf(moment).year / 100) + 1],
  ['decade', (moment) => Math.trunc(fieldsOf(moment).year / 10)],
  ['year', (moment) => fieldsOf(moment).year],
  ['iso_year', (moment) => isoWeekOf(localDay(moment)).year],
  ['quarter', (moment) => Math.ceil(fieldsOf(moment).month / 3)],
  ['month', (moment) => fieldsOf(moment).month],
  ['calendar_month', (moment) => fieldsOf(moment).month],
  ['week', (moment) => Math.ceil(dayOfYear(localDay(moment)) / 7)],
  ['iso_week', (moment) => isoWeekOf(localDay(moment)).week],
  ['day', (moment) => fieldsOf(moment).day],
  ['day_of_year', (moment) => dayOfYear(localDay(moment))],
  ['doy', (moment) => dayOfYear(localDay(moment))],
  ['day_of_week', (moment) => weekdayOf(localDay(moment))],
  ['dow', (moment) => weekdayOf(localDay(moment))],
  ['iso_dow', (moment) => isoWeekdayOf(localDay(moment))],
  ['hour', (moment) => fieldsOf(moment).hour],
  ['minute', (moment) => fieldsOf(moment).minute],
  ['second', (moment) => fieldsOf(moment).second],
  ['millisecond', ({ nanos }) => Math.floor(nanos / NANOS_PER_MILLI)],
  ['timezone', offsetOf],
  ['timezone_hour', (moment) => Math.trunc(offsetOf(moment) / 3600)],
  ['timezone_minute', (moment) => Math.trunc((offsetOf(moment) % 3600) / 60)],
]);

/** Returns a part of a date as a number. */
export function partOf(moment: DateTime, part: string): number {
  const read = PARTS.get(part.toLowerCase());
  if (read === undefined) throw unsupported('', part);
  return read(moment);
}

function unsupported(action: string, part: string): EvaluationError {
  return new EvaluationError(`Unsupported date ${action}part ${part}.`);
}

const MIDNIGHT = { hour: 0, minute: 0, second: 0, nanos: 0 };

/** Returns the start of the part of time that a moment is in. */
export function truncate(moment: DateTime, part: string): DateTime {
  const { year, month, day } = fieldsOf(moment);
  const at = (first: number, second_ = 1, third = 1): DateTime =>
    fromFields({ year: first, month: second_, day: third, ...MIDNIGHT }, moment.zone);
  switch (part.toLowerCase()) {
    case 'millennium':
      return at(year - (year % 1000));
    case 'century':
      return at(year - (year % 100));
    case 'decade':
      return at(year - (year % 10));
    case 'year':
      return at(year);
    case 'quarter':
      return at(year, month - ((month - 1) % 3));
    case 'month':
    case 'calendar_month':
      return at(year, month);
    case 'week':
      return at(year, month, day - weekdayOf(localDay(moment)));
    case 'iso_week':
      return at(year, month, day - isoWeekdayOf(localDay(moment)) + 1);
    case 'day':
      return at(year, month, day);
    case 'hour':
      return toWhole(moment, 3600);
    case 'minute':
      return toWhole(moment, 60);
    case 'second':
      return toWhole(moment, 1);
    case 'millisecond':
      return { ...moment, nanos: moment.nanos - (moment.nanos % NANOS_PER_MILLI) };
    default:
      throw unsupported('trunc ', part.toLowerCase());
  }
}

/** Hours and smaller units are counted in UTC, whatever the zone's minutes are. */
function toWhole(moment: DateTime, unit: number): DateTime {
  return { ...moment, seconds: Math.floor(moment.seconds / unit) * unit, nanos: 0 };
}

const MONTHS_OF: Readonly<Record<string, number>> = {
  millennium: 12_000,
  century: 1200,
  decade: 120,
  year: 12,
  quarter: 3,
  month: 1,
};

const YEARS_OF: Readonly<Record<string, number>> = { millennium: 1000, century: 100, decade: 10, year: 1 };

const MILLIS_OF: Readonly<Record<string, number>> = {
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};

/** Adds a number of parts to a moment. A day that a month does not have counts on into the next. */
export function addPart(moment: DateTime, count: number, part: string): DateTime {
  const name = part.toLowerCase();
  const fields = fieldsOf(moment);
  const months = MONTHS_OF[name];
  if (months !== undefined) {
    return fromFields({ ...fields, month: fields.month + count * months }, moment.zone);
  }
  if (name === 'calendar_month') return addCalendarMonths(moment, count);
  if (name === 'week' || name === 'day') {
    return fromFields({ ...fields, day: fields.day + count * (name === 'week' ? 7 : 1) }, moment.zone);
  }
  const millis = MILLIS_OF[name];
  if (millis === undefined) throw unsupported('add ', part);
  return addMillis(moment, count * millis);
}

function addMillis(moment: DateTime, millis: number): DateTime {
  const seconds = Math.floor(millis / 1000);
  const nanos = moment.nanos + (millis - seconds * 1000) * NANOS_PER_MILLI;
  const carry = nanos >= 1e9 ? 1 : 0;
  return { ...moment, seconds: moment.seconds + seconds + carry, nanos: nanos - carry * 1e9 };
}

/** The end of a month stays the end of a month, and a day is at most the last of the month. */
function addCalendarMonths(moment: DateTime, count: number): DateTime {
  const fields = fieldsOf(moment);
  const { year, month, day } = fields;
  const last = daysInMonth(year, month + count);
  const isLast = day === daysInMonth(year, month);
  return fromFields({ ...fields, month: month + count, day: isLast ? last : Math.min(day, last) }, moment.zone);
}

/** Returns how many parts of time lie between two moments, each taken at the start of the part it is in. */
export function differenceIn(left: DateTime, right: DateTime, part: string): number {
  const name = part.toLowerCase();
  const years = YEARS_OF[name];
  if (years !== undefined) return Math.trunc((fieldsOf(left).year - fieldsOf(right).year) / years);
  switch (name) {
    case 'quarter':
      return Math.floor((monthsOf(left) - 1) / 3) - Math.floor((monthsOf(right) - 1) / 3);
    case 'month':
    case 'calendar_month':
      return monthsOf(left) - monthsOf(right);
    case 'week':
      return Math.trunc((countedDay(left) - countedDay(right)) / 7);
    case 'day':
      return countedDay(left) - countedDay(right);
    default:
      return millisDifference(left, right, name, part);
  }
}

function millisDifference(left: DateTime, right: DateTime, name: string, part: string): number {
  const unit = MILLIS_OF[name];
  if (unit === undefined) throw unsupported('diff ', part);
  const count = (moment: DateTime): number =>
    Math.floor((toLocalMillis(moment) + (countedDay(moment) - localDay(moment)) * MILLIS_PER_DAY) / unit);
  return count(left) - count(right);
}

const MILLIS_PER_DAY = 86_400_000;

/** Differences take the year 0 for one of 365 days. */
function countedDay(moment: DateTime): number {
  const { year, month } = fieldsOf(moment);
  return localDay(moment) + (year === 0 && month <= 2 ? 1 : 0);
}

function monthsOf(moment: DateTime): number {
  const { year, month } = fieldsOf(moment);
  return year * 12 + month;
}
