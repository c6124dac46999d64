import {
  DAY,
  type DateFormat,
  type FormatPlace,
  HOUR,
  MILLIS,
  MINUTE,
  MONTH,
  SECOND,
  YEAR,
  ZONE,
} from './date-format.js';
import { readDate } from './date-reader.js';
import type { DateTime } from './date-time.js';
import { UTC, type Zone } from './zone.js';

/** A date of the formats that are tried when none is given: date, blank or T, time, fraction, zone. */
const SHAPE = /^(?:(\d{4}-\d\d-\d\d)(?:([T ])(?=\d))?)?(?:(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

const shapes = new Map<string, DateFormat>();

/** Returns the format of a date as it is written, or undefined if it is not one. */
export function formatOfExample(text: string): DateFormat | undefined {
  const found = SHAPE.exec(text);
  if (found === null || text === '') return undefined;
  const [, date, between = '', time, fraction, zone] = found;
  if (date !== undefined && (between === '') !== (time === undefined)) return undefined;
  const key = `${date === undefined ? '' : 'd'}${between}${time === undefined ? '' : 't'}${fraction?.length ?? ''}${zoneKey(zone)}`;
  const known = shapes.get(key);
  if (known !== undefined) return known;
  const format = { parts: [...dateParts(date), between, ...timeParts(time, fraction, zone)] };
  shapes.set(key, format);
  return format;
}

function zoneKey(zone: string | undefined): string {
  if (zone === undefined) return '';
  return zone === 'Z' || zone.includes(':') ? 'Z:' : `Z${zone.length}`;
}

function dateParts(date: string | undefined): (string | FormatPlace)[] {
  return date === undefined ? [] : [YEAR, '-', MONTH, '-', DAY];
}

function timeParts(
  time: string | undefined,
  fraction: string | undefined,
  zone: string | undefined,
): (string | FormatPlace)[] {
  if (time === undefined) return [];
  const parts: (string | FormatPlace)[] = [HOUR, ':', MINUTE, ':', SECOND];
  if (fraction !== undefined) parts.push(fractionOf(fraction.length - 1));
  if (zone !== undefined) parts.push(zoneOf(zone));
  return parts;
}

function fractionOf(digits: number): FormatPlace {
  return digits <= 3 ? MILLIS : { field: 'fraction', width: digits, optional: true };
}

function zoneOf(zone: string): FormatPlace {
  if (zone === 'Z' || zone.includes(':')) return ZONE;
  return { field: 'zone', width: 0, zone: { z: true, colon: false, short: zone.length === 3 } };
}

export interface DateInFormat {
  readonly moment: DateTime;
  readonly format: DateFormat;
}

/** Reads a date by the formats that are tried when none is given. */
export function readAnyDate(text: string, zone: Zone): DateInFormat | undefined {
  const format = formatOfExample(text);
  const moment = format === undefined ? undefined : readDate(text, format, zone);
  return format === undefined || moment === undefined ? undefined : { format, moment };
}

/** Tells whether a format argument is an example date. */
export function exampleFormat(text: string): DateFormat | undefined {
  return readAnyDate(text, UTC)?.format;
}
