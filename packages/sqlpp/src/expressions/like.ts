import { likeMatcher } from '../functions/like-matcher.js';
import { escapeCharacter } from '../functions/like-patterns.js';
import type { Evaluate } from './run.js';

const DEFAULT_ESCAPE = '\\';

/** Compiles LIKE. A pattern is looked up again only when it changes. */
export function like(value: Evaluate, pattern: Evaluate, escaped: Evaluate | undefined): Evaluate {
  let lastPattern: string | undefined;
  let lastEscape: string | undefined;
  let matches: (text: string) => boolean = () => false;
  return (row, run) => {
    const text = value(row, run);
    const like = pattern(row, run);
    const escapedBy = escaped === undefined ? DEFAULT_ESCAPE : escaped(row, run);
    if (text === undefined || like === undefined || escapedBy === undefined) return undefined;
    if (typeof text !== 'string' || typeof like !== 'string' || typeof escapedBy !== 'string') return null;
    if (like !== lastPattern || escapedBy !== lastEscape) {
      matches = likeMatcher(like, escapeCharacter(escapedBy));
      lastPattern = like;
      lastEscape = escapedBy;
    }
    return matches(text);
  };
}
