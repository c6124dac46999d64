import { isInteger } from '../values/numbers.js';
import type { Value } from '../values/value.js';
import type { FunctionSpec } from './function-spec.js';
import { fixed, isString, of2, of2Or3, ranged, replaceCall } from './operands.js';
import { checkResultSize } from './result-size.js';

/** How a string is counted: by bytes of UTF-8, or by characters. */
interface Counting {
  length(text: string): number;
  slice(text: string, from: number, to: number): string;
}

const ASCII = /^[\0-\x7f]*$/;

const BYTES: Counting = {
  length: (text) => Buffer.byteLength(text),
  slice: (text, from, to) =>
    ASCII.test(text) ? text.slice(from, to) : Buffer.from(text).subarray(from, to).toString(),
};

const CHARACTERS: Counting = {
  length: (text) => (ASCII.test(text) ? text.length : [...text].length),
  slice: (text, from, to) => (ASCII.test(text) ? text.slice(from, to) : [...text].slice(from, to).join('')),
};

export const SUBSTRINGS: readonly FunctionSpec[] = [
  position(['position', 'pos', 'position0', 'pos0'], BYTES, 0),
  position(['position1', 'pos1'], BYTES, 1),
  position(['mb_position', 'mb_pos', 'mb_position0', 'mb_pos0'], CHARACTERS, 0),
  position(['mb_position1', 'mb_pos1'], CHARACTERS, 1),
  substring(['substr', 'substr0'], BYTES, 0),
  substring(['substr1'], BYTES, 1),
  substring(['mb_substr', 'mb_substr0'], CHARACTERS, 0),
  substring(['mb_substr1'], CHARACTERS, 1),
  padding('lpad', BYTES, true),
  padding('rpad', BYTES, false),
  padding('mb_lpad', CHARACTERS, true),
  padding('mb_rpad', CHARACTERS, false),
  fixed(['repeat'], 2, 'string', of2(isString, isInteger, repeat)),
  ranged(['replace'], [3, 4], 'string', replaceCall(replaceText)),
];

function position(names: readonly string[], counting: Counting, first: number): FunctionSpec {
  return fixed(
    names,
    2,
    'number',
    of2(isString, isString, (text, part) => {
      const at = text.indexOf(part);
      return first + (at > 0 ? counting.length(text.slice(0, at)) : at);
    }),
  );
}

/** A negative place counts from the end. With a first place of 1, the place 0 is the first too. */
function substring(names: readonly string[], counting: Counting, first: number): FunctionSpec {
  const part = (text: string, place: number, count: number): Value => {
    const length = counting.length(text);
    const from = place < 0 ? length + place : place === 0 ? 0 : place - first;
    if (from < 0 || from >= length || count < 0) return null;
    return counting.slice(text, from, Math.min(length, from + count));
  };
  return ranged(
    names,
    [2, 3],
    'string',
    of2Or3(isString, isInteger, isInteger, Number.MAX_SAFE_INTEGER, (text, place, count) =>
      part(text, Number(place), Number(count)),
    ),
  );
}

function padding(name: string, counting: Counting, left: boolean): FunctionSpec {
  return ranged(
    [name],
    [2, 3],
    'string',
    of2Or3(isString, isInteger, isString, ' ', (text, width, pad) => {
      const missing = Number(width) - counting.length(text);
      if (width < 0 || pad === '') return null;
      if (missing <= 0) return counting.slice(text, 0, Number(width));
      checkResultSize(name.toUpperCase(), Number(width), 1);
      const padLength = counting.length(pad);
      const fill = counting.slice(pad.repeat(Math.ceil(missing / padLength)), 0, missing);
      return left ? fill + text : text + fill;
    }),
  );
}

function repeat(text: string, count: number | bigint): Value {
  if (count < 0) return null;
  checkResultSize('REPEAT', Number(count), Buffer.byteLength(text));
  return text.repeat(Number(count));
}

/** Replaces at most a number of places; all if it is negative. An empty part stands before, between and behind all characters. */
function replaceText(text: string, part: string, by: string, most: number): string {
  if (most < 0) return part === '' ? replaceBetween(text, by, Infinity) : text.split(part).join(by);
  if (part === '') return replaceBetween(text, by, most);
  let result = '';
  let from = 0;
  for (let count = 0; count < most; count++) {
    const at = text.indexOf(part, from);
    if (at < 0) break;
    result += text.slice(from, at) + by;
    from = at + part.length;
  }
  return result + text.slice(from);
}

function replaceBetween(text: string, by: string, most: number): string {
  let result = most > 0 ? by : '';
  let count = 1;
  for (const character of text) result += count++ < most ? character + by : character;
  return result;
}
