import { dayOfYear, weekdayOf } from './civil.js';
import { type DateFormat, type FormatPlace, MONTHS, WEEKDAYS, type ZoneStyle } from './date-format.js';
import { type DateFields, type DateTime, fieldsOf, localDay, offsetOf } from './date-time.js';

const SHORT_NAME_LENGTH = 3;

/** Prints a moment by a format. */
export function printDate(moment: DateTime, format: DateFormat): string {
  const fields = fieldsOf(moment);
  return format.parts.map((part) => (typeof part === 'string' ? part : printPlace(part, moment, fields))).join('');
}

function printPlace(place: FormatPlace, moment: DateTime, fields: DateFields): string {
  const text = placeText(place, moment, fields);
  return place.upper === true ? text.toUpperCase() : text;
}

function placeText(place: FormatPlace, moment: DateTime, fields: DateFields): string {
  switch (place.field) {
    case 'month name':
      return MONTHS[fields.month - 1] as string;
    case 'month short name':
      return (MONTHS[fields.month - 1] as string).slice(0, SHORT_NAME_LENGTH);
    case 'weekday name':
      return WEEKDAYS[weekdayOf(localDay(moment))] as string;
    case 'weekday short name':
      return (WEEKDAYS[weekdayOf(localDay(moment))] as string).slice(0, SHORT_NAME_LENGTH);
    case 'half':
      return fields.hour < 12 ? 'AM' : 'PM';
    case 'half lower':
      return fields.hour < 12 ? 'am' : 'pm';
    case 'fraction':
      return fractionText(place, fields.nanos);
    case 'zone':
      return zoneText(offsetOf(moment), place.zone);
    case 'zone name':
      return moment.zone.name ?? zoneText(offsetOf(moment), { z: false, colon: false, short: false });
    default:
      return padded(numberOf(place, moment, fields), place);
  }
}

function numberOf({ field }: FormatPlace, moment: DateTime, fields: DateFields): number {
  switch (field) {
    case 'century':
      return Math.floor(fields.year / 100);
    case 'year':
      return fields.year;
    case 'year of century':
      return ((fields.year % 100) + 100) % 100;
    case 'month':
      return fields.month;
    case 'day':
      return fields.day;
    case 'day of year':
      return dayOfYear(localDay(moment));
    case 'hour':
      return fields.hour;
    case 'hour of 12':
      return fields.hour % 12 || 12;
    case 'minute':
      return fields.minute;
    case 'second':
      return fields.second;
    case 'epoch seconds':
      return moment.seconds;
    default:
      return moment.seconds * 1e9 + moment.nanos;
  }
}

function padded(number: number, { width, pad = '0' }: FormatPlace): string {
  const digits = String(Math.abs(number)).padStart(width, pad);
  return number < 0 ? `-${digits}` : digits;
}

/** Digits behind the point are cut, not rounded, where they are optional. */
function fractionText({ width, optional }: FormatPlace, nanos: number): string {
  if (optional !== true) return roundedFraction(nanos, width);
  const digits = String(nanos).padStart(9, '0').slice(0, width).replace(/0+$/, '');
  return digits === '' ? '' : `.${digits}`;
}

function roundedFraction(nanos: number, width: number): string {
  const unit = 10 ** (9 - width);
  return String(Math.min(Math.round(nanos / unit), 10 ** width - 1)).padStart(width, '0');
}

export function zoneText(offset: number, style: ZoneStyle = { z: true, colon: true, short: false }): string {
  if (offset === 0 && style.z) return 'Z';
  const minutes = Math.trunc(Math.abs(offset) / 60);
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  const rest = String(minutes % 60).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${hours}${style.short ? '' : (style.colon ? ':' : '') + rest}`;
}
