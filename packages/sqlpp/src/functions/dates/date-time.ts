import { dateOf, dayOf } from './civil.js';
import { fromLocal, type Zone } from './zone.js';

const SECONDS_PER_DAY = 86_400;
const NANOS_PER_MILLI = 1_000_000;
const MILLIS_PER_SECOND = 1000;

/** A moment in a zone. */
export interface DateTime {
  /** Whole seconds since 1970. */
  readonly seconds: number;
  /** From 0 to 999,999,999. */
  readonly nanos: number;
  readonly zone: Zone;
}

/** What calendar and clock of its zone show. */
export interface DateFields {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanos: number;
}

/** Day since 1970-01-01 in the zone of the moment. */
export function localDay({ seconds, zone }: DateTime): number {
  return Math.floor((seconds + zone.offsetAt(seconds)) / SECONDS_PER_DAY);
}

export function offsetOf({ seconds, zone }: DateTime): number {
  return zone.offsetAt(seconds);
}

export function fieldsOf(moment: DateTime): DateFields {
  const local = moment.seconds + offsetOf(moment);
  const day = Math.floor(local / SECONDS_PER_DAY);
  const inDay = local - day * SECONDS_PER_DAY;
  return {
    ...dateOf(day),
    hour: Math.floor(inDay / 3600),
    minute: Math.floor(inDay / 60) % 60,
    second: inDay % 60,
    nanos: moment.nanos,
  };
}

/** Returns the moment that has these fields in a zone; fields outside their ranges count on. */
export function fromFields(fields: DateFields, zone: Zone): DateTime {
  const day = dayOf(fields.year, fields.month, fields.day);
  const local = day * SECONDS_PER_DAY + fields.hour * 3600 + fields.minute * 60 + fields.second;
  return { seconds: fromLocal(local, zone), nanos: fields.nanos, zone };
}

/** Returns the moment of milliseconds since 1970, which may have a fraction. An integer that a double cannot hold is rounded. */
export function fromMillis(millis: number | bigint, zone: Zone): DateTime {
  const number = Number(millis);
  if (!Number.isFinite(number)) return { seconds: 0, nanos: 0, zone };
  const whole = Math.floor(number);
  // The remainder of a division is exact, however large the number is.
  const rest = ((whole % MILLIS_PER_SECOND) + MILLIS_PER_SECOND) % MILLIS_PER_SECOND;
  const nanos = Math.floor((rest + (number - whole)) * NANOS_PER_MILLI);
  const seconds = Number.isSafeInteger(whole)
    ? (whole - rest) / MILLIS_PER_SECOND
    : Number((BigInt(whole) - BigInt(rest)) / 1000n);
  return { seconds, nanos, zone };
}

/** Milliseconds since 1970, rounded. */
export function toMillis({ seconds, nanos }: DateTime): number {
  return seconds * MILLIS_PER_SECOND + Math.round(nanos / NANOS_PER_MILLI);
}

/** Milliseconds that calendar and clock of the zone have gone since 1970. */
export function toLocalMillis(moment: DateTime): number {
  return toMillis(moment) + offsetOf(moment) * MILLIS_PER_SECOND;
}

export function inZone(moment: DateTime, zone: Zone): DateTime {
  return { ...moment, zone };
}
