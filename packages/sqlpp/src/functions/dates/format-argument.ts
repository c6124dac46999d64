import { codeFormat } from './code-format.js';
import { DAY, type DateFormat, HOUR, MILLIS, MINUTE, MONTH, SECOND, YEAR, ZONE } from './date-format.js';
import { exampleFormat } from './example-format.js';
import { percentFormat } from './percent-format.js';
import { referenceFormat } from './reference-format.js';

/** The format of dates when none is given. */
export const DEFAULT_FORMAT: DateFormat = {
  parts: [YEAR, '-', MONTH, '-', DAY, 'T', HOUR, ':', MINUTE, ':', SECOND, MILLIS, ZONE],
};

/** Maximum number of formats that are remembered. */
const FORMATS_MAX = 1000;

const formats = new Map<string, DateFormat>();

/**
 * Returns the format that an argument means: an example date, percent codes, codes, or Go's reference date. A text that
 * is not one of them stands for itself; an empty one for the default.
 */
export function formatOf(text: string): DateFormat {
  const known = formats.get(text);
  if (known !== undefined) return known;
  const format = read(text);
  if (formats.size < FORMATS_MAX) formats.set(text, format);
  return format;
}

function read(text: string): DateFormat {
  if (text === '') return DEFAULT_FORMAT;
  return exampleFormat(text) ?? percentFormat(text) ?? codeFormat(text) ?? referenceFormat(text) ?? { parts: [text] };
}
