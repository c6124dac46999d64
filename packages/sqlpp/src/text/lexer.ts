import { RESERVED_WORDS } from './reserved-words.js';
import { faultAt } from './syntax-error.js';
import type { Token } from './token.js';

const SPACE = /[ \t\r\n\f]+/y;
const BLOCK_COMMENT = /\/\*[\s\S]*?\*\//y;
const LINE_COMMENT = /--[^\n]*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** Digits behind a leading zero, and a point that nothing follows, are passed over. */
const LEFTOVER = /(?<=0)[0-9]+|\.(?![.A-Za-z_`[*])/y;
const PARAMETER = /[$@](?:[A-Za-z_][A-Za-z0-9_]*|[1-9][0-9]*)/y;
const SIGN = /\.\.\.|==|!=|<>|<=|>=|\|\||[.+\-*/%^=<>(){},:[\];?]/y;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Splits a statement into tokens. Comments go, save hints where `keepHints` says that the grammar takes them. */
export class Lexer {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get offset(): number {
    return this.#at;
  }

  set offset(offset: number) {
    this.#at = offset;
  }

  next(keepHints = false): Token {
    const hint = this.#skip(keepHints);
    if (hint !== undefined) return hint;
    const start = this.#at;
    const char = this.#text[start];
    if (char === undefined) return this.#token('end', '', start, start);
    if (char === '"' || char === "'") return this.#quoted(char, 'string');
    if (char === '`') return this.#escapedName();
    if (char >= '0' && char <= '9') return this.#number();
    return this.#word() ?? this.#parameter() ?? this.#sign();
  }

  /** Skips blanks and comments; returns a hint that is to be kept. */
  #skip(keepHints: boolean): Token | undefined {
    for (;;) {
      const start = this.#at;
      if (this.#match(SPACE) !== undefined) continue;
      const comment = this.#match(BLOCK_COMMENT) ?? this.#match(LINE_COMMENT);
      if (comment === undefined) return undefined;
      if (keepHints && comment[2] === '+') {
        const text = comment.startsWith('--') ? comment.slice(3) : comment.slice(3, -2);
        return this.#token('hint', text, start, this.#at);
      }
    }
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #token(kind: Token['kind'], value: string, start: number, end: number): Token {
    return { kind, value, start, end };
  }

  #word(): Token | undefined {
    const start = this.#at;
    const word = this.#match(NAME);
    if (word === undefined) return undefined;
    const upper = word.toUpperCase();
    return RESERVED_WORDS.has(upper)
      ? this.#token('word', upper, start, this.#at)
      : this.#token('name', word, start, this.#at);
  }

  #number(): Token {
    const start = this.#at;
    const number = this.#match(NUMBER) as string;
    this.#match(LEFTOVER);
    const rest = this.#match(NAME);
    if (rest !== undefined) throw this.#fault(start, number + rest, 'syntax error: invalid number');
    return this.#token('number', number, start, this.#at);
  }

  #parameter(): Token | undefined {
    const start = this.#at;
    const parameter = this.#match(PARAMETER);
    if (parameter !== undefined) return this.#token('parameter', parameter.slice(1), start, this.#at);
    if (this.#text[start] !== '?') return undefined;
    this.#at++;
    return this.#token('parameter', '', start, this.#at);
  }

  #sign(): Token {
    const start = this.#at;
    const sign = this.#match(SIGN);
    if (sign === undefined) {
      const char = String.fromCodePoint(this.#text.codePointAt(start) as number);
      throw this.#fault(start, char, 'syntax error');
    }
    return this.#token('sign', sign, start, this.#at);
  }

  #escapedName(): Token {
    const token = this.#quoted('`', 'name');
    const caseInsensitive = this.#text[this.#at] === 'i';
    if (caseInsensitive) this.#at++;
    return { ...token, end: this.#at, escaped: true, caseInsensitive };
  }

  /** A string or an escaped name. A doubled quote stands for one in both `'...'` and backticks. */
  #quoted(quote: string, kind: 'string' | 'name'): Token {
    const start = this.#at;
    let value = '';
    for (let at = start + 1; ; ) {
      const char = this.#text[at];
      if (char === undefined) throw this.#unclosed(start, kind);
      if (char === '\\') {
        const [decoded, length] = this.#escape(at, start);
        value += decoded;
        at += length;
      } else if (char !== quote) {
        value += char;
        at++;
      } else if (quote !== '"' && this.#text[at + 1] === quote) {
        value += quote;
        at += 2;
      } else {
        this.#at = at + 1;
        return this.#token(kind, value, start, this.#at);
      }
    }
  }

  #escape(at: number, start: number): readonly [decoded: string, length: number] {
    const letter = this.#text[at + 1];
    if (letter === 'u') {
      const digits = this.#text.slice(at + 2, at + 6);
      if (/^[0-9a-fA-F]{4}$/.test(digits)) return [String.fromCharCode(Number.parseInt(digits, 16)), 6];
    }
    const decoded = letter === undefined ? undefined : ESCAPES[letter];
    if (decoded === undefined) throw this.#fault(start, this.#text.slice(start), 'syntax error: invalid quoted string');
    return [decoded, 2];
  }

  #unclosed(start: number, kind: 'string' | 'name'): Error {
    const what = kind === 'string' ? 'quoted string' : 'escaped identifier';
    return this.#fault(start, this.#text.slice(start), `syntax error: invalid ${what} - missing closing quote`);
  }

  #fault(start: number, shown: string, what: string): Error {
    this.#at = start;
    return faultAt(this.#text, start, shown, what);
  }
}
