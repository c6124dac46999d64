import type { Value } from '../values/value.js';
import type { FunctionSpec } from './function-spec.js';
import { initialCapitals, lowerCase, upperCase } from './letters.js';
import { fixed, isString, MANY, of1, of1Or2, of2, ranged, unusable } from './operands.js';

/** What TRIM and its like drop if no characters are given; a no-break space stays. */
const BLANKS = ' \t\n\f\r';
/** White space between words of SPLIT. */
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

export const STRINGS: readonly FunctionSpec[] = [
  fixed(
    ['contains'],
    2,
    'boolean',
    of2(isString, isString, (text, part) => text.includes(part)),
  ),
  ranged(['concat'], [2, MANY], 'string', (_context, ...operands) =>
    operands.every(isString) ? operands.join('') : unusable(operands),
  ),
  ranged(['concat2'], [2, MANY], 'string', (_context, separator, ...operands) => joinAll(separator, operands)),
  fixed(
    ['title', 'initcap'],
    1,
    'string',
    of1(isString, (text) => initialCapitals(lowerCase(text))),
  ),
  fixed(['lower'], 1, 'string', of1(isString, lowerCase)),
  fixed(['upper'], 1, 'string', of1(isString, upperCase)),
  fixed(
    ['length'],
    1,
    'number',
    of1(isString, (text) => Buffer.byteLength(text)),
  ),
  fixed(['mb_length'], 1, 'number', of1(isString, countCharacters)),
  fixed(['reverse'], 1, 'string', of1(isString, reversed)),
  ranged(
    ['trim'],
    [1, 2],
    'string',
    of1Or2(isString, isString, BLANKS, (text, set) => trim(text, set, true, true)),
  ),
  ranged(
    ['ltrim'],
    [1, 2],
    'string',
    of1Or2(isString, isString, BLANKS, (text, set) => trim(text, set, true, false)),
  ),
  ranged(
    ['rtrim'],
    [1, 2],
    'string',
    of1Or2(isString, isString, BLANKS, (text, set) => trim(text, set, false, true)),
  ),
  ranged(['split'], [1, 2], 'array', split),
  fixed(['suffixes'], 1, 'array', of1(isString, suffixes)),
  fixed(['urlencode'], 1, 'string', of1(isString, urlEncode)),
  fixed(['urldecode'], 1, 'string', of1(isString, urlDecode)),
];

/** Returns the characters from the last to the first; marks stay behind what they belong to. */
export function reversed(text: string): string {
  return (text.match(/\P{M}\p{M}*|\p{M}+/gu) ?? []).reverse().join('');
}

function joinAll(separator: Value, operands: readonly Value[]): Value {
  const parts = operands.flatMap((operand) => (Array.isArray(operand) ? (operand as readonly Value[]) : [operand]));
  return isString(separator) && parts.every(isString) ? parts.join(separator) : unusable([separator, ...parts]);
}

/** Counts characters, which are code points. */
function countCharacters(text: string): number {
  let count = 0;
  for (const _character of text) count++;
  return count;
}

function trim(text: string, set: string, left: boolean, right: boolean): string {
  const dropped = new Set(set);
  let from = 0;
  let to = text.length;
  while (left && from < to) {
    const character = String.fromCodePoint(text.codePointAt(from) as number);
    if (!dropped.has(character)) break;
    from += character.length;
  }
  while (right && to > from) {
    const character = text.slice(to - (isPair(text, to - 2) ? 2 : 1), to);
    if (!dropped.has(character)) break;
    to -= character.length;
  }
  return text.slice(from, to);
}

/** Tells whether a character of two units begins at a place. */
function isPair(text: string, at: number): boolean {
  return at >= 0 && (text.codePointAt(at) as number) > 0xffff;
}

function split(_context: unknown, ...operands: readonly Value[]): Value {
  const [text, separator] = operands;
  if (!isString(text)) return unusable(operands);
  if (operands.length === 1) return text.split(SPACE).filter((word) => word !== '');
  if (!isString(separator)) return unusable(operands);
  return separator === '' ? [...text] : text.split(separator);
}

function suffixes(text: string): Value {
  const characters = [...text];
  return characters.map((_character, at) => characters.slice(at).join(''));
}

function urlEncode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

function urlDecode(text: string): Value {
  const bytes: number[] = [];
  const encoded = Buffer.from(text);
  for (let at = 0; at < encoded.length; at++) {
    const byte = encoded[at] as number;
    if (byte === 0x25) {
      const digits = encoded.toString('latin1', at + 1, at + 3);
      if (!/^[0-9a-f]{2}$/i.test(digits)) return null;
      bytes.push(Number.parseInt(digits, 16));
      at += 2;
    } else bytes.push(byte === 0x2b ? 0x20 : byte);
  }
  return Buffer.from(bytes).toString();
}
