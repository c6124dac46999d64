import { DAY, type DateFormat, type FormatPlace, HOUR, MINUTE, MONTH, SECOND, YEAR, ZONE } from './date-format.js';

/** Codes of a format, longest first where one begins another. Case counts. */
const CODES: readonly (readonly [code: string, place: FormatPlace])[] = [
  ['YYYY', YEAR],
  ['YY', { field: 'year of century', width: 2 }],
  ['CC', { field: 'century', width: 2 }],
  ['MM', MONTH],
  ['MONTH', { field: 'month name', width: 0, upper: true }],
  ['Month', { field: 'month name', width: 0 }],
  ['MON', { field: 'month short name', width: 0, upper: true }],
  ['Mon', { field: 'month short name', width: 0 }],
  ['DD', DAY],
  ['DAY', { field: 'weekday name', width: 0, upper: true }],
  ['Day', { field: 'weekday name', width: 0 }],
  ['HH24', HOUR],
  ['HH12', { field: 'hour of 12', width: 2 }],
  ['HH', { field: 'hour of 12', width: 2 }],
  ['hh', HOUR],
  ['mm', MINUTE],
  ['ss', SECOND],
  ['s', { field: 'fraction', width: 3 }],
  ['TZD', ZONE],
  ['TZN', { field: 'zone name', width: 0 }],
  ['AM', { field: 'half', width: 0 }],
  ['PM', { field: 'half', width: 0 }],
  ['am', { field: 'half lower', width: 0 }],
  ['pm', { field: 'half lower', width: 0 }],
  ['PP', { field: 'half', width: 0 }],
  ['pp', { field: 'half lower', width: 0 }],
];

/** Any of these makes a text a format of codes. */
const DECISIVE = /YY|MM|DD|CC|HH|hh|mm|ss|TZD|TZN|PP|pp|(?<![A-Za-z])s(?![A-Za-z])/;

/** Returns the format of a text of codes, or undefined if it has none. */
export function codeFormat(text: string): DateFormat | undefined {
  if (!DECISIVE.test(text)) return undefined;
  const parts: (string | FormatPlace)[] = [];
  let literal = '';
  for (let at = 0; at < text.length; ) {
    const found = CODES.find(([code]) => text.startsWith(code, at));
    if (found === undefined) {
      literal += text[at];
      at++;
      continue;
    }
    if (literal !== '') parts.push(literal);
    literal = '';
    parts.push({ ...found[1], lenient: true });
    at += found[0].length;
  }
  if (literal !== '') parts.push(literal);
  return { parts };
}
