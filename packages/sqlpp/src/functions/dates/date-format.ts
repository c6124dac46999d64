/** What a place of a format stands for. */
export type FormatField =
  | 'century'
  | 'year'
  | 'year of century'
  | 'month'
  | 'month name'
  | 'month short name'
  | 'day'
  | 'day of year'
  | 'weekday name'
  | 'weekday short name'
  | 'hour'
  | 'hour of 12'
  | 'minute'
  | 'second'
  | 'fraction'
  | 'half'
  | 'half lower'
  | 'zone'
  | 'zone name'
  | 'epoch seconds'
  | 'epoch nanos';

export interface FormatPlace {
  readonly field: FormatField;
  /** Number of digits, padded on the left. 0: as many as needed. */
  readonly width: number;
  readonly pad?: '0' | ' ';
  readonly upper?: boolean;
  /** In reading, fewer digits than the width will do, and AM and PM in any case. */
  readonly lenient?: boolean;
  /** Of a fraction: a point in front, and nothing at all, not even the point, where it is 0; trailing zeros go. */
  readonly optional?: boolean;
  /** Of a zone. */
  readonly zone?: ZoneStyle;
}

export interface ZoneStyle {
  /** `Z` for UTC. */
  readonly z: boolean;
  readonly colon: boolean;
  /** Only hours, as in `-07`. */
  readonly short: boolean;
}

/** A format: text that stands for itself, and places. */
export interface DateFormat {
  readonly parts: readonly (string | FormatPlace)[];
}

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

export const YEAR: FormatPlace = { field: 'year', width: 4 };
export const MONTH: FormatPlace = { field: 'month', width: 2 };
export const DAY: FormatPlace = { field: 'day', width: 2 };
export const HOUR: FormatPlace = { field: 'hour', width: 2 };
export const MINUTE: FormatPlace = { field: 'minute', width: 2 };
export const SECOND: FormatPlace = { field: 'second', width: 2 };
export const MILLIS: FormatPlace = { field: 'fraction', width: 3, optional: true };
export const ZONE: FormatPlace = { field: 'zone', width: 0, zone: { z: true, colon: true, short: false } };
