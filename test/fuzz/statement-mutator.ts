import type { SeededRandom } from '@cb/raw/simulation';

/** Words, names, strings, numbers, blanks, and single signs. */
const TOKEN = /"(?:[^"\\]|\\.)*"|'[^']*'|`[^`]*`|[$@]?[A-Za-z_]\w*|\d+(?:\.\d+)?|\s+|./gs;

/** Values at the edges of what functions and operators take. */
const EDGES = [
  ...['null', 'missing', 'true', '0', '-1', '1.5', '-0.0', '1e400', '9223372036854775807', '-9223372036854775808'],
  ...['""', '"\\ud800"', '"2020-13-45"', '"é😀"', '[]', '{}', '[null, missing, 1]', '{"a": {"b": [1]}}', 'self'],
  ...['ARRAY_RANGE(0, 1e7)', 'REPEAT("a", 1000)', '(SELECT 1)', '$1', '$n', '?', 'META()', 'NOW_MILLIS()'],
] as const;

/** What is put around or between the rest; deeper nesting than any stack takes is among it. */
const SIGNS = [...'()[]{},.:;=<>+-*/%^|`\'"$@?\\!#\0\u2028é', '||', '!=', '--', '/*', '*/', '/*+'];
const DEPTHS = [2, 10, 100, 20_000] as const;
const WRAPPINGS = [
  ['(', ')'],
  ['[', ']'],
  ['- ', ''],
  ['NOT ', ''],
  ['ABS(', ')'],
  ['{"a": ', '}'],
  ['(SELECT RAW ', ')[0]'],
] as const;

export function tokensOf(statement: string): string[] {
  return statement.match(TOKEN) ?? [];
}

/** Makes statements into others: mostly by their tokens, so that many can still be read. */
export class StatementMutator {
  readonly #random: SeededRandom;
  readonly #pool: readonly (readonly string[])[];

  constructor(random: SeededRandom, statements: readonly string[]) {
    this.#random = random;
    this.#pool = statements.map(tokensOf);
  }

  mutate(): string {
    const random = this.#random;
    let tokens = [...random.pick(this.#pool)];
    for (let times = random.pick([1, 1, 2, 3, 5]); times > 0; times--) tokens = this.#changed(tokens);
    const text = tokens.join('');
    return random.chance(0.03) ? text.slice(0, random.between(0, text.length)) : text;
  }

  #changed(tokens: string[]): string[] {
    if (tokens.length === 0) return tokens;
    const random = this.#random;
    const at = random.between(0, tokens.length - 1);
    switch (random.between(0, 11)) {
      case 0:
        return tokens.toSpliced(at, random.pick([1, 1, 1, 3, 9]));
      case 1:
        return tokens.toSpliced(at, 0, ...tokens.slice(at, at + random.pick([1, 2, 5])));
      case 2:
        return tokens.with(at, tokens[random.between(0, tokens.length - 1)] ?? '');
      case 3:
        return tokens.toSpliced(at, 0, random.pick(SIGNS));
      case 4:
        return this.#spliced(tokens, at);
      case 5:
        return this.#wrapped(tokens, at);
      case 6:
      case 7:
        return this.#withToken(tokens, this.#token());
      default:
        return this.#withToken(tokens, random.pick(EDGES));
    }
  }

  /** Puts something in the place of a token of the same kind, more often than not. */
  #withToken(tokens: string[], token: string): string[] {
    const random = this.#random;
    const isOperand = (each: string): boolean => /^["'`\d$\w]/.test(each);
    const places = tokens.flatMap((each, at) => (isOperand(each) ? [at] : []));
    const at = places.length > 0 && random.chance(0.9) ? random.pick(places) : 0;
    return tokens.toSpliced(at, 1, token);
  }

  #token(): string {
    return this.#random.pick(this.#random.pick(this.#pool));
  }

  /** The head of this statement and the tail of another one, or a piece of another one inside of this. */
  #spliced(tokens: string[], at: number): string[] {
    const random = this.#random;
    const other = random.pick(this.#pool);
    const from = random.between(0, other.length);
    if (random.chance(0.5)) return [...tokens.slice(0, at), ' ', ...other.slice(from)];
    return tokens.toSpliced(at, random.between(0, 3), ' ', ...other.slice(from, from + random.between(1, 12)), ' ');
  }

  #wrapped(tokens: string[], at: number): string[] {
    const [open, close] = this.#random.pick(WRAPPINGS);
    const depth = this.#random.pick(DEPTHS);
    return tokens.with(at, `${open.repeat(depth)}${tokens[at] ?? ''}${close.repeat(depth)}`);
  }
}
