import { DAY, type DateFormat, type FormatPlace, HOUR, MINUTE, MONTH, SECOND, YEAR } from './date-format.js';

type Parts = readonly (string | FormatPlace)[];

const HOUR_OF_12: FormatPlace = { field: 'hour of 12', width: 2 };

const LETTERS: Readonly<Record<string, Parts>> = {
  Y: [YEAR],
  C: [{ field: 'century', width: 2 }],
  y: [{ field: 'year of century', width: 2 }],
  m: [MONTH],
  B: [{ field: 'month name', width: 0 }],
  b: [{ field: 'month short name', width: 0 }],
  h: [{ field: 'month short name', width: 0 }],
  d: [DAY],
  e: [{ field: 'day', width: 2, pad: ' ' }],
  j: [{ field: 'day of year', width: 3 }],
  A: [{ field: 'weekday name', width: 0 }],
  a: [{ field: 'weekday short name', width: 0 }],
  H: [HOUR],
  I: [HOUR_OF_12],
  k: [{ field: 'hour', width: 2, pad: ' ' }],
  l: [{ field: 'hour of 12', width: 2, pad: ' ' }],
  p: [{ field: 'half', width: 0 }],
  P: [{ field: 'half lower', width: 0 }],
  M: [MINUTE],
  S: [SECOND],
  R: [HOUR, ':', MINUTE],
  T: [HOUR, ':', MINUTE, ':', SECOND],
  f: [{ field: 'fraction', width: 3 }],
  N: [{ field: 'fraction', width: 9 }],
  z: [{ field: 'zone', width: 0, zone: { z: false, colon: false, short: false } }],
  Z: [{ field: 'zone name', width: 0 }],
  s: [{ field: 'epoch seconds', width: 0 }],
  D: [YEAR, '-', MONTH, '-', DAY],
  F: [YEAR, '-', MONTH, '-', DAY],
  n: ['\n'],
  t: ['\t'],
  '%': ['%'],
};

const DIRECTIVE = /%([-_0^]*)(\d*)(:?[A-Za-z%])/y;

/** Returns the format of a text with percent codes, or undefined if it has none. */
export function percentFormat(text: string): DateFormat | undefined {
  if (!text.includes('%')) return undefined;
  const parts: (string | FormatPlace)[] = [];
  let literal = '';
  for (let at = 0; at < text.length; ) {
    DIRECTIVE.lastIndex = at;
    const found = DIRECTIVE.exec(text);
    const places = found === null ? undefined : LETTERS[found[3] as string];
    if (found === null || places === undefined) {
      literal += text[at];
      at++;
      continue;
    }
    if (literal !== '') parts.push(literal);
    literal = '';
    parts.push(...places.map((place) => withFlags(place, found[1] as string, found[2] as string)));
    at += found[0].length;
  }
  if (literal !== '') parts.push(literal);
  return { parts };
}

function withFlags(part: string | FormatPlace, flags: string, width: string): string | FormatPlace {
  if (typeof part === 'string') return part;
  let place = part;
  if (width !== '') place = { ...place, width: Number(width) };
  if (flags.includes('-')) place = { ...place, width: 0 };
  if (flags.includes('_')) place = { ...place, pad: ' ' };
  if (flags.includes('0')) place = { ...place, pad: '0' };
  return flags.includes('^') ? { ...place, upper: true } : place;
}
