import { EvaluationError } from './evaluation-error.js';

/** Most patterns that are kept. */
const KEPT = 256;
/** Stands in a segment for "_", any one character. */
const ANY = null;

/** What is between two "%": texts and single characters that may be any. */
type Segment = readonly (string | typeof ANY)[];

export type LikeMatcher = (text: string) => boolean;

const matchers = new Map<string, LikeMatcher>();

/**
 * Returns what tells whether a text is LIKE a pattern: "%" is any text, "_" any one character. Segments are sought one behind
 * the other and never again, so a long text does not take long.
 *
 * @throws EvaluationError if the pattern ends with the escape character
 */
export function likeMatcher(pattern: string, escapeSign: string): LikeMatcher {
  const key = escapeSign + pattern;
  const found = matchers.get(key);
  if (found !== undefined) return found;
  const matcher = matcherOf(segmentsOf(pattern, escapeSign));
  if (matchers.size >= KEPT) matchers.delete(matchers.keys().next().value as string);
  matchers.set(key, matcher);
  return matcher;
}

function segmentsOf(pattern: string, escapeSign: string): Segment[] {
  const segments: (string | null)[][] = [[]];
  let isEscaped = false;
  for (const character of pattern) {
    const segment = segments.at(-1) as (string | null)[];
    if (!isEscaped && character === escapeSign) isEscaped = true;
    else if (!isEscaped && character === '%') segments.push([]);
    else {
      append(segment, !isEscaped && character === '_' ? ANY : character);
      isEscaped = false;
    }
  }
  if (isEscaped) throw new EvaluationError(`Trailing escape character (${escapeSign}) in pattern`);
  return segments;
}

function append(segment: (string | null)[], part: string | null): void {
  const last = segment.at(-1);
  if (typeof last === 'string' && part !== ANY) segment[segment.length - 1] = last + part;
  else segment.push(part);
}

function matcherOf(segments: readonly Segment[]): LikeMatcher {
  const [first, ...others] = segments as [Segment, ...Segment[]];
  const last = others.pop();
  if (last === undefined) return (text) => endAt(text, 0, first) === text.length;
  if (others.length === 0 && last.length === 0) return (text) => endAt(text, 0, first) >= 0;
  return (text) => {
    let at = endAt(text, 0, first);
    for (let next = 0; next < others.length && at >= 0; next++) at = endFrom(text, at, others[next] as Segment);
    return at >= 0 && isAtEnd(text, at, last);
  };
}

/** Returns where a segment that begins at a place ends, or -1. */
function endAt(text: string, start: number, segment: Segment): number {
  let at = start;
  for (const part of segment) {
    if (part === ANY) {
      if (at >= text.length) return -1;
      at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
    } else {
      if (!text.startsWith(part, at)) return -1;
      at += part.length;
    }
  }
  return at;
}

/** Returns where the next occurrence of a segment ends, or -1. */
function endFrom(text: string, start: number, segment: Segment): number {
  const [only] = segment;
  if (segment.length === 1 && typeof only === 'string') {
    const at = text.indexOf(only, start);
    return at < 0 ? -1 : at + only.length;
  }
  for (let at = start; at <= text.length; at++) {
    const end = isInPair(text, at) ? -1 : endAt(text, at, segment);
    if (end >= 0) return end;
  }
  return -1;
}

function isAtEnd(text: string, start: number, segment: Segment): boolean {
  let most = 0;
  for (const part of segment) most += part === ANY ? 2 : part.length;
  for (let at = Math.max(start, text.length - most); at <= text.length; at++) {
    if (!isInPair(text, at) && endAt(text, at, segment) === text.length) return true;
  }
  return false;
}

/** Tells whether a place is between the halves of one character. */
function isInPair(text: string, at: number): boolean {
  return at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}
