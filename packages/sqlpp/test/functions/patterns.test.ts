import * as fc from 'fast-check';
import { likeMatcher } from '../../src/functions/like-matcher.js';
import { call } from './call.js';

const LETTERS = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '%', '_'), maxLength: 8 });

/** What LIKE means, by trying everything. */
function isLike(text: readonly string[], pattern: readonly string[]): boolean {
  const [sign, ...rest] = pattern;
  if (sign === undefined) return text.length === 0;
  if (sign === '%') return text.some((_character, at) => isLike(text.slice(at), rest)) || isLike([], rest);
  return text.length > 0 && (sign === '_' || sign === text[0]) && isLike(text.slice(1), rest);
}

describe('patterns of LIKE', () => {
  it('match what they mean', () => {
    fc.assert(
      fc.property(LETTERS, LETTERS, (text, pattern) => {
        expect(likeMatcher(pattern, '\\')(text)).toBe(isLike([...text], [...pattern]));
      }),
      { numRuns: 500 },
    );
  });

  it('escape signs, and may not end with the escape', () => {
    expect(likeMatcher('50!%', '!')('50%')).toBe(true);
    expect(likeMatcher('50!%', '!')('500')).toBe(false);
    expect(() => likeMatcher('a!', '!')).toThrow('Trailing escape character (!) in pattern');
    expect(() => call('like_prefix', 'a', 'bc')).toThrow('ESCAPE clause must resolve to a single character');
  });

  it('match a long text without trying everything', () => {
    expect(likeMatcher(`${'%a'.repeat(50)}%b`, '\\')('a'.repeat(100_000))).toBe(false);
  });

  it('have bounds for an index', () => {
    expect(call('like_prefix', 'ab%c')).toBe('ab');
    expect(call('like_stop', 'ab%c')).toBe('ac');
    expect(call('like_stop', 'ab')).toBe('ab\0');
    expect(call('like_stop', '%')).toEqual([]);
    expect(call('like_suffix', '%ab')).toBe('ab');
    expect(call('regexp_stop', 'ab.*')).toBe('ac');
  });
});

describe('regular expressions', () => {
  it('are of RE2, with its errors', () => {
    expect(() => call('regexp_like', 'a', '(')).toThrow('error parsing regexp: missing closing ): `(`');
    expect(() => call('regexp_contains', 'a', '(?=a)')).toThrow('invalid or unsupported Perl syntax');
    expect(call('regexp_like', 'ABC', '(?i)abc')).toBe(true);
    expect(call('regexp_like', 'abcd', 'abc')).toBe(false);
    expect(call('regexp_contains', 'abcd', 'b.')).toBe(true);
  });

  it('take time in proportion to the text', () => {
    expect(call('regexp_like', 'a'.repeat(5000), '(a*)*b')).toBe(false);
  });

  it('replace by a text that is taken as it is', () => {
    expect(call('regexp_replace', 'abcabc', '(b)(c)', '$2$1')).toBe('a$2$1a$2$1');
    expect(call('regexp_replace', 'aaa', '', '-')).toBe('-a-a-a-');
    expect(call('regexp_replace', 'aaa', 'a', 'b', 2)).toBe('bba');
    expect(call('regexp_replace', 'aaa', 'a', 'b', 0)).toBe('aaa');
  });

  it('match one behind the other, an empty match not right behind another', () => {
    expect(call('regexp_matches', 'baac', 'a*')).toEqual(['', 'aa', '']);
    expect(call('regexp_matches', 'x😀y', '')).toEqual(['', '', '', '']);
    expect(call('regexp_matches', 'x', 'y')).toBeNull();
    expect(call('regexp_split', 'a1b22c', '[0-9]+')).toEqual(['a', 'b', 'c']);
    expect(call('regexp_split', 'abc', '')).toEqual(['a', 'b', 'c']);
  });

  it('tell places in bytes', () => {
    expect(call('regexp_position', 'éx', 'x')).toBe(2);
    expect(call('regexp_position1', 'éx', 'x')).toBe(3);
    expect(call('regexp_position1', 'a', 'x')).toBe(-1);
  });

  it('split values into tokens', () => {
    expect(call('tokens', { 'first name': ['Jo-Ann', 7] }, { case: 'lower' })).toEqual([
      'first',
      'name',
      'jo',
      'ann',
      7,
    ]);
    expect(call('tokens', 'see a@b.org!', { specials: true })).toEqual(['see', 'a', 'b', 'org', 'a@b.org']);
    expect(call('contains_token_like', 'red apple', 'app%')).toBe(true);
    expect(call('contains_token_regexp', 'red apple', 'app')).toBe(false);
  });
});
