import { DAY, type DateFormat, type FormatPlace, HOUR, MINUTE, MONTH, SECOND, YEAR } from './date-format.js';

/** Pieces of Go's reference date, Mon Jan 2 15:04:05 MST 2006, longest first where one begins another. */
const PIECES: readonly (readonly [piece: string, place: FormatPlace])[] = [
  ['January', { field: 'month name', width: 0 }],
  ['Jan', { field: 'month short name', width: 0 }],
  ['Monday', { field: 'weekday name', width: 0 }],
  ['Mon', { field: 'weekday short name', width: 0 }],
  ['MST', { field: 'zone name', width: 0 }],
  ['2006', YEAR],
  ['002', { field: 'day of year', width: 3 }],
  ['01', MONTH],
  ['02', DAY],
  ['03', { field: 'hour of 12', width: 2 }],
  ['04', MINUTE],
  ['05', SECOND],
  ['06', { field: 'year of century', width: 2 }],
  // One digit will do in reading.
  ['15', { ...HOUR, lenient: true }],
  ['_2', { field: 'day', width: 2, pad: ' ' }],
  ['1', { field: 'month', width: 0 }],
  ['2', { field: 'day', width: 0 }],
  ['3', { field: 'hour of 12', width: 0 }],
  ['4', { field: 'minute', width: 0 }],
  ['5', { field: 'second', width: 0 }],
  ['PM', { field: 'half', width: 0 }],
  ['pm', { field: 'half lower', width: 0 }],
  ['-07:00', { field: 'zone', width: 0, zone: { z: false, colon: true, short: false } }],
  ['-0700', { field: 'zone', width: 0, zone: { z: false, colon: false, short: false } }],
  ['-07', { field: 'zone', width: 0, zone: { z: false, colon: false, short: true } }],
  ['Z07:00', { field: 'zone', width: 0, zone: { z: true, colon: true, short: false } }],
  ['Z0700', { field: 'zone', width: 0, zone: { z: true, colon: false, short: false } }],
  ['Z07', { field: 'zone', width: 0, zone: { z: true, colon: false, short: true } }],
];

const FRACTION = /\.(0+|9+)(?!\d)/y;

/** Returns the format of a text that has pieces of the reference date in it, or undefined if it has none. */
export function referenceFormat(text: string): DateFormat | undefined {
  const parts: (string | FormatPlace)[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const found = fractionAt(text, at) ?? pieceAt(text, at);
    if (found === undefined) {
      literal += text[at];
      at++;
      continue;
    }
    if (literal !== '') parts.push(literal);
    literal = '';
    parts.push(...found.parts);
    at += found.length;
  }
  if (literal !== '') parts.push(literal);
  return parts.some((part) => typeof part !== 'string') ? { parts } : undefined;
}

interface Found {
  readonly parts: readonly (string | FormatPlace)[];
  readonly length: number;
}

function fractionAt(text: string, at: number): Found | undefined {
  FRACTION.lastIndex = at;
  const found = FRACTION.exec(text);
  const digits = found?.[1];
  if (found === null || digits === undefined) return undefined;
  const width = digits.length;
  const isOptional = digits.startsWith('9');
  const parts: (string | FormatPlace)[] = isOptional
    ? [{ field: 'fraction', width, optional: true }]
    : ['.', { field: 'fraction', width }];
  return { parts, length: found[0].length };
}

function pieceAt(text: string, at: number): Found | undefined {
  const found = PIECES.find(([piece]) => text.startsWith(piece, at));
  return found === undefined ? undefined : { parts: [found[1]], length: found[0].length };
}
