import { RE2JS, RE2JSException } from 're2js';
import { EvaluationError } from './evaluation-error.js';

/** Most compiled expressions that are kept. */
const KEPT = 256;

const compiled = new Map<string, Pattern>();

/** Where a match begins, and where it ends, in units of the string. */
export type Match = readonly [start: number, end: number];

/** A regular expression of RE2, compiled once for its text. A search takes time in proportion to the text. */
export class Pattern {
  readonly #expression: RE2JS;

  constructor(text: string) {
    this.#expression = RE2JS.compile(text);
  }

  /** Literal text that every match begins with, and whether it is the whole match. */
  get literal(): { readonly text: string; readonly isWhole: boolean } {
    const { prefix, prefixComplete } = this.#expression.re2();
    return { text: String(prefix), isWhole: prefixComplete };
  }

  /** Tells whether the whole text matches. */
  matches(text: string): boolean {
    return this.#expression.matches(text);
  }

  /** Tells whether there is a match in the text. */
  isIn(text: string): boolean {
    return this.#expression.test(text);
  }

  /** Returns the first place of a match, or -1. */
  firstIn(text: string): number {
    const matcher = this.#expression.matcher(text);
    return matcher.find() ? matcher.start() : -1;
  }

  /** Returns the matches one behind the other. An empty one right behind another does not count. */
  *allIn(text: string): Generator<Match> {
    const matcher = this.#expression.matcher(text);
    let before = -1;
    for (let from = 0; from <= text.length && matcher.find(from); ) {
      const match: Match = [matcher.start(), matcher.end()];
      const isEmptyHere = match[1] === from && match[0] === from;
      if (!isEmptyHere || match[0] !== before) yield match;
      before = match[1];
      from = isEmptyHere ? from + widthAt(text, from) : match[1];
    }
  }
}

/**
 * Returns the pattern with a text.
 *
 * @throws EvaluationError if the text is not a regular expression of RE2
 */
export function patternOf(text: string): Pattern {
  const found = compiled.get(text);
  if (found !== undefined) return found;
  const pattern = compile(text);
  if (compiled.size >= KEPT) compiled.delete(compiled.keys().next().value as string);
  compiled.set(text, pattern);
  return pattern;
}

/** Returns a pattern's text that matches a text as it is. */
export function quoted(text: string): string {
  return RE2JS.quote(text);
}

function compile(text: string): Pattern {
  try {
    return new Pattern(text);
  } catch (error) {
    if (error instanceof RE2JSException) throw new EvaluationError(error.message);
    throw error;
  }
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
