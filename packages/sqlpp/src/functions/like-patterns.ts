import type { Value } from '../values/value.js';
import { EvaluationError } from './evaluation-error.js';
import type { FunctionSpec } from './function-spec.js';
import { isString, of1Or2, ranged } from './operands.js';
import { stopOf } from './regular-expressions.js';

const DEFAULT_ESCAPE = '\\';

/** Functions that tell of a pattern of LIKE what an index needs. */
export const LIKE_PATTERNS: readonly FunctionSpec[] = [
  ofPattern('like_prefix', 'string', (pattern, escapeSign) => likeLiteral(pattern, escapeSign).text),
  ofPattern('like_stop', 'json', (pattern, escapeSign) => {
    const { text, isWhole } = likeLiteral(pattern, escapeSign);
    return stopOf(text, isWhole);
  }),
  ofPattern('like_suffix', 'string', (pattern, escapeSign) => {
    for (let at = 0; at < pattern.length; at++) {
      const rest = pattern.slice(at);
      if (likeLiteral(rest, escapeSign).text !== '') return rest;
    }
    return '';
  }),
];

/**
 * Checks the operand of ESCAPE.
 *
 * @throws EvaluationError if it is not one character
 */
export function escapeCharacter(text: string): string {
  const characters = [...text];
  if (characters.length !== 1) throw new EvaluationError('ESCAPE clause must resolve to a single character');
  return characters[0] as string;
}

/** Returns the text that everything LIKE a pattern begins with, and whether that is all of it. */
export function likeLiteral(pattern: string, escapeSign: string): { readonly text: string; readonly isWhole: boolean } {
  let text = '';
  let isEscaped = false;
  for (const character of pattern) {
    if (!isEscaped && character === escapeSign) {
      isEscaped = true;
      continue;
    }
    if (!isEscaped && (character === '%' || character === '_')) return { text, isWhole: false };
    text += character;
    isEscaped = false;
  }
  return { text, isWhole: true };
}

function ofPattern(
  name: string,
  returns: 'string' | 'json',
  evaluate: (pattern: string, escapeSign: string) => Value,
): FunctionSpec {
  return ranged(
    [name],
    [1, 2],
    returns,
    of1Or2(isString, isString, DEFAULT_ESCAPE, (pattern, escapeSign) => evaluate(pattern, escapeCharacter(escapeSign))),
  );
}
