import { dayOf, daysInMonth } from './civil.js';
import { type DateFormat, type FormatPlace, MONTHS, WEEKDAYS } from './date-format.js';
import { type DateTime, fromFields } from './date-time.js';
import { findZone, fixedZone, type Zone } from './zone.js';

/** What a text has said so far. */
interface Reading {
  year: number;
  century?: number;
  month: number;
  day: number;
  hour: number;
  hour12?: number;
  half?: 'AM' | 'PM';
  minute: number;
  second: number;
  nanos: number;
  zone: Zone;
  epochSeconds?: number;
  dayOfYear?: number;
}

/** Highest values of fields. */
const LIMITS: Readonly<Partial<Record<FormatPlace['field'], number>>> = {
  month: 12,
  day: 31,
  hour: 23,
  'hour of 12': 12,
  minute: 59,
  second: 59,
  'day of year': 366,
};

/** Reads a text by a format, all of it. Returns undefined if it does not match, or is not a date. */
export function readDate(text: string, format: DateFormat, zone: Zone): DateTime | undefined {
  const reading: Reading = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0, nanos: 0, zone };
  let at = 0;
  for (const part of format.parts) {
    const end = typeof part === 'string' ? skipLiteral(text, at, part) : readPlace(text, at, part, reading);
    if (end === undefined) return undefined;
    at = end;
  }
  return at === text.length ? momentOf(reading) : undefined;
}

/** A blank matches any character. */
function skipLiteral(text: string, at: number, literal: string): number | undefined {
  for (let index = 0; index < literal.length; index++) {
    const char = text[at + index];
    if (char === undefined || (literal[index] !== ' ' && char !== literal[index])) return undefined;
  }
  return at + literal.length;
}

function readPlace(text: string, at: number, place: FormatPlace, reading: Reading): number | undefined {
  switch (place.field) {
    case 'fraction':
      return readFraction(text, at, place, reading);
    case 'zone':
      return readZone(text, at, reading);
    case 'zone name':
      return readZoneName(text, at, reading);
    case 'half':
    case 'half lower':
      return readHalf(text, at, place, reading);
    case 'month name':
      return readName(text, at, MONTHS, undefined, (index) => {
        reading.month = index + 1;
      });
    case 'month short name':
      return readName(text, at, MONTHS, 3, (index) => {
        reading.month = index + 1;
      });
    case 'weekday name':
      return readName(text, at, WEEKDAYS, undefined, () => undefined);
    case 'weekday short name':
      return readName(text, at, WEEKDAYS, 3, () => undefined);
    default:
      return readNumber(text, at, place, reading);
  }
}

function readNumber(text: string, at: number, place: FormatPlace, reading: Reading): number | undefined {
  const { field, width, pad, lenient } = place;
  let start = at;
  if (pad === ' ') while (text[start] === ' ') start++;
  const most = width === 0 ? 2 : width - (start - at);
  let end = start;
  while (end - start < most && isDigit(text, end)) end++;
  const isFixed = width > 0 && pad !== ' ' && lenient !== true;
  if (end === start || (isFixed && end - start < width)) return undefined;
  const number = Number(text.slice(start, end));
  const limit = LIMITS[field];
  if (limit !== undefined && number > limit) return undefined;
  store(reading, field, number);
  return end;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

function store(reading: Reading, field: FormatPlace['field'], number: number): void {
  switch (field) {
    case 'year':
    case 'month':
    case 'day':
    case 'hour':
    case 'minute':
    case 'second':
      reading[field] = number;
      return;
    case 'century':
      reading.century = number;
      return;
    case 'year of century':
      // As Go does: 69 to 99 belong to the last century.
      reading.year = number + (number >= 69 ? 1900 : 2000);
      return;
    case 'hour of 12':
      reading.hour12 = number;
      return;
    case 'day of year':
      reading.dayOfYear = number;
      return;
    default:
      reading.epochSeconds = number;
  }
}

const FRACTION = /\.(\d{1,9})(?!\d)/y;
const DIGITS = /\d{1,9}(?!\d)/y;

function readFraction(text: string, at: number, place: FormatPlace, reading: Reading): number | undefined {
  const pattern = place.optional === true ? FRACTION : DIGITS;
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (found === null) return undefined;
  reading.nanos = Number((found[1] ?? found[0]).padEnd(9, '0'));
  return at + found[0].length;
}

const OFFSET = /Z|([+-])(\d{2})(?::?(\d{2}))?/y;

function readZone(text: string, at: number, reading: Reading): number | undefined {
  OFFSET.lastIndex = at;
  const found = OFFSET.exec(text);
  if (found === null) return undefined;
  const [all, sign, hours = '0', minutes = '0'] = found;
  if (Number(hours) > 24 || Number(minutes) > 59) return undefined;
  const offset = Number(hours) * 3600 + Number(minutes) * 60;
  reading.zone = fixedZone(sign === '-' ? -offset : offset);
  return at + all.length;
}

const ZONE_NAME = /[A-Za-z_]+(?:\/[A-Za-z_]+)*/y;

function readZoneName(text: string, at: number, reading: Reading): number | undefined {
  ZONE_NAME.lastIndex = at;
  const name = ZONE_NAME.exec(text)?.[0];
  const zone = name === undefined ? undefined : findZone(name, 'UTC');
  if (name === undefined || zone === undefined) return undefined;
  reading.zone = zone;
  return at + name.length;
}

function readHalf(text: string, at: number, { field, lenient }: FormatPlace, reading: Reading): number | undefined {
  const written = text.slice(at, at + 2);
  const half = written.toUpperCase();
  if (half !== 'AM' && half !== 'PM') return undefined;
  if (lenient !== true && (written === half) !== (field === 'half')) return undefined;
  reading.half = half;
  return at + 2;
}

function readName(
  text: string,
  at: number,
  names: readonly string[],
  length: number | undefined,
  found: (index: number) => void,
): number | undefined {
  for (const [index, name] of names.entries()) {
    const wanted = length === undefined ? name : name.slice(0, length);
    if (text.slice(at, at + wanted.length).toLowerCase() !== wanted.toLowerCase()) continue;
    found(index);
    return at + wanted.length;
  }
  return undefined;
}

function momentOf(reading: Reading): DateTime | undefined {
  if (reading.epochSeconds !== undefined) {
    return { seconds: reading.epochSeconds, nanos: reading.nanos, zone: reading.zone };
  }
  const year = reading.century === undefined ? reading.year : reading.century * 100 + (reading.year % 100);
  const { month, day } = reading;
  if (month < 1 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const hour = hourOf(reading);
  if (hour === undefined) return undefined;
  const { minute, second, nanos, zone } = reading;
  const date = reading.dayOfYear === undefined ? { year, month, day } : { year, month: 1, day: reading.dayOfYear };
  if (reading.dayOfYear !== undefined && reading.dayOfYear > dayOf(year + 1, 1, 1) - dayOf(year, 1, 1))
    return undefined;
  return fromFields({ ...date, hour, minute, second, nanos }, zone);
}

function hourOf({ hour, hour12, half }: Reading): number | undefined {
  if (hour12 === undefined) return half === 'PM' && hour < 12 ? hour + 12 : hour;
  if (hour12 < 1) return undefined;
  return (hour12 % 12) + (half === 'PM' ? 12 : 0);
}
