import type { FunctionContext } from '../function-spec.js';
import { readDate } from './date-reader.js';
import type { DateTime } from './date-time.js';
import { type DateInFormat, readAnyDate } from './example-format.js';
import { formatOf } from './format-argument.js';
import { findZone, UTC, type Zone } from './zone.js';

/** The zone of dates that do not name one. */
export function localZone(context: FunctionContext): Zone {
  return findZone(context.zone, 'UTC') ?? UTC;
}

/** Reads a date by the formats that are tried when none is given. */
export function readDefault(text: string, context: FunctionContext): DateInFormat | undefined {
  return readAnyDate(text, localZone(context));
}

/** Reads a date by a format argument, or by the default formats if there is none. */
export function readByArgument(
  text: string,
  format: string | undefined,
  context: FunctionContext,
): DateTime | undefined {
  if (format === undefined || format === '') return readDefault(text, context)?.moment;
  return readDate(text, formatOf(format), localZone(context));
}

/** Reads a date by a format argument, or by the format that its own text has: a text that has none is its own format. */
export function readOwn(text: string, written: string | undefined, context: FunctionContext): DateInFormat | undefined {
  const format = formatOf(written ?? text);
  const moment = readDate(text, format, localZone(context));
  return moment === undefined ? undefined : { moment, format };
}
