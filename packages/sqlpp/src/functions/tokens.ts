import { identityKey } from '../values/equality.js';
import { isObject, type ObjectValue, type Value } from '../values/value.js';
import type { FunctionSpec } from './function-spec.js';
import { lowerCase, upperCase } from './letters.js';
import { likeMatcher } from './like-matcher.js';
import { isArray, isString, ranged, unusable } from './operands.js';
import { patternOf } from './pattern.js';

type Tokens = ReadonlyMap<unknown, Value>;
type Find = (tokens: Tokens, sought: Value) => boolean;

const NO_OPTIONS: ObjectValue = {};
const BETWEEN_WORDS = /[^\p{L}\p{N}]+/u;
/** What is between words that keep the signs in them, as addresses do. */
const BETWEEN_SPECIALS = /[\s\u0085()[\]{}]+/u;
const SIGNS_AT_END = /[^\p{L}\p{N}]+$/u;

/** Functions of the tokens of a value: the words of its strings, and its other scalars, at all depths. */
export const TOKENS: readonly FunctionSpec[] = [
  ranged(['tokens'], [1, 2], 'array', (_context, ...operands) => {
    const [value, options] = operands.length > 1 ? operands : [operands[0], NO_OPTIONS];
    if (value === undefined) return undefined;
    return isObject(options) ? [...tokensOf(value, options).values()] : unusable([options]);
  }),
  finding(
    ['contains_token', 'has_token'],
    () => true,
    (tokens, sought) => tokens.has(identityKey(sought)),
  ),
  finding(['contains_token_like'], isString, (tokens, sought) => hasMatch(tokens, likeMatcher(sought as string, '\\'))),
  finding(['contains_token_regexp', 'contains_token_regex'], isString, (tokens, sought) => {
    const pattern = patternOf(sought as string);
    return hasMatch(tokens, (token) => pattern.matches(token));
  }),
];

function finding(names: readonly string[], isUsable: (sought: Value) => boolean, find: Find): FunctionSpec {
  return ranged(names, [2, 3], 'boolean', (_context, ...operands) => {
    const [value, sought] = operands;
    const options = operands.length > 2 ? operands[2] : NO_OPTIONS;
    if (value === null || sought === null || !isUsable(sought) || operands.includes(undefined))
      return unusable(operands);
    return isObject(options) ? find(tokensOf(value, options), sought) : null;
  });
}

function hasMatch(tokens: Tokens, isMatch: (token: string) => boolean): boolean {
  for (const token of tokens.values()) {
    if (isString(token) && isMatch(token)) return true;
  }
  return false;
}

/** Collects the tokens by their identity. Options: `names`, `case`, `split`, `trim` and `specials`. */
function tokensOf(value: Value, options: ObjectValue): Tokens {
  const tokens = new Map<unknown, Value>();
  const collect = (inside: Value): void => {
    if (isString(inside)) for (const word of wordsOf(inside, options)) tokens.set(identityKey(word), word);
    else if (isArray(inside)) inside.forEach(collect);
    else if (isObject(inside)) {
      for (const [name, member] of Object.entries(inside)) {
        if (options['names'] !== false) collect(name);
        collect(member);
      }
    } else tokens.set(identityKey(inside), inside);
  };
  collect(value);
  return tokens;
}

function wordsOf(text: string, options: ObjectValue): readonly string[] {
  const cased = inCase(text, options['case']);
  if (options['split'] === false) return [options['trim'] === false ? cased : cased.trim()];
  const words = cased.split(BETWEEN_WORDS);
  if (options['specials'] === true) {
    for (const special of cased.split(BETWEEN_SPECIALS)) words.push(special.replace(SIGNS_AT_END, ''));
  }
  return words.filter((word) => word !== '');
}

function inCase(text: string, option: Value): string {
  switch (isString(option) ? option.toLowerCase() : '') {
    case 'lower':
      return lowerCase(text);
    case 'upper':
      return upperCase(text);
    default:
      return text;
  }
}
