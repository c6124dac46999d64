import type { Value } from '../values/value.js';
import type { FunctionSpec } from './function-spec.js';
import { fixed, isString, of1, of2, ranged, replaceCall } from './operands.js';
import { patternOf } from './pattern.js';

/** Functions of a text and a regular expression of RE2. */
export const REGULAR_EXPRESSIONS: readonly FunctionSpec[] = [
  fixed(
    ['regexp_contains', 'regex_contains', 'contains_regexp', 'contains_regex'],
    2,
    'boolean',
    of2(isString, isString, (text, pattern) => patternOf(pattern).isIn(text)),
  ),
  fixed(
    ['regexp_like', 'regex_like'],
    2,
    'boolean',
    of2(isString, isString, (text, pattern) => patternOf(pattern).matches(text)),
  ),
  position(
    ['regexp_position', 'regexp_pos', 'regex_position', 'regex_pos'].flatMap((name) => [name, `${name}0`]),
    0,
  ),
  position(['regexp_position1', 'regexp_pos1', 'regex_position1', 'regex_pos1'], 1),
  fixed(['regexp_matches'], 2, 'array', of2(isString, isString, matches)),
  fixed(['regexp_split'], 2, 'array', of2(isString, isString, split)),
  ranged(['regexp_replace', 'regex_replace'], [3, 4], 'string', replaceCall(replace)),
  fixed(
    ['regexp_prefix'],
    1,
    'string',
    of1(isString, (text) => patternOf(text).literal.text),
  ),
  fixed(['regexp_stop'], 1, 'json', of1(isString, stop)),
  fixed(['regexp_suffix'], 1, 'string', of1(isString, suffix)),
];

/** The place is counted in bytes, from 0 or 1; without a match it is -1. */
function position(names: readonly string[], first: number): FunctionSpec {
  return fixed(
    names,
    2,
    'number',
    of2(isString, isString, (text, pattern) => {
      const at = patternOf(pattern).firstIn(text);
      return at < 0 ? -1 : first + Buffer.byteLength(text.slice(0, at));
    }),
  );
}

function matches(text: string, pattern: string): Value {
  const found = Array.from(patternOf(pattern).allIn(text), ([start, end]) => text.slice(start, end));
  return found.length === 0 ? null : found;
}

/** Without a match, and without anything around one, there is no result. */
function split(text: string, pattern: string): Value {
  const parts: string[] = [];
  let from = 0;
  for (const [start, end] of patternOf(pattern).allIn(text)) {
    if (end !== 0) parts.push(text.slice(from, start));
    from = end;
  }
  if (from > 0 && from < text.length) parts.push(text.slice(from));
  return parts.length === 0 ? null : parts;
}

/** The new text is taken as it is: nothing in it stands for what was matched. A negative number of places is all. */
function replace(text: string, pattern: string, by: string, most: number): Value {
  const limit = most < 0 ? Infinity : most;
  let result = '';
  let from = 0;
  let count = 0;
  for (const [start, end] of patternOf(pattern).allIn(text)) {
    if (count++ >= limit) break;
    result += text.slice(from, start) + by;
    from = end;
  }
  return result + text.slice(from);
}

function stop(text: string): Value {
  const { text: literal, isWhole } = patternOf(text).literal;
  return stopOf(literal, isWhole);
}

/**
 * Returns the least string above all that begin with a text, or above the text alone if it is the whole. Above the empty
 * beginning there is only an array.
 */
export function stopOf(literal: string, isWhole: boolean): Value {
  if (isWhole) return `${literal}\0`;
  if (literal === '') return [];
  const bytes = Buffer.from(literal);
  bytes[bytes.length - 1] = (bytes.at(-1) as number) + 1;
  return bytes.toString();
}

/** Returns the end of an expression from the first place where it begins with literal text. */
function suffix(text: string): string {
  for (let at = 0; at < text.length; at++) {
    const rest = text.slice(at);
    if (patternOf(rest).literal.text !== '') return rest;
  }
  return '';
}
