import { Lexer } from '../text/lexer.js';
import { StatementError, unexpected, withPlace } from '../text/syntax-error.js';
import { type Position, positionAt, type Token } from '../text/token.js';
import type { Select } from './select.js';

/** The tokens of a statement, read as they are asked for. */
export class TokenStream {
  readonly #lexer: Lexer;
  #ahead: Token[] = [];
  #positionals = 0;

  constructor(
    readonly text: string,
    /**
     * Reads a select: expressions have selects inside, and selects expressions. `left` is a select in parentheses that
     * was taken for an expression until a set operator came.
     */
    readonly readSelect: (tokens: TokenStream, left?: Select) => Select,
  ) {
    this.#lexer = new Lexer(text);
  }

  peek(distance = 0): Token {
    while (this.#ahead.length <= distance) this.#ahead.push(this.#lexer.next());
    return this.#ahead[distance] as Token;
  }

  take(): Token {
    const token = this.peek();
    this.#ahead.shift();
    return token;
  }

  /** Takes the hint that stands next. To be called where hints are allowed, before anything is looked at. */
  takeHint(): string | undefined {
    if (this.#ahead.length > 0) return undefined;
    const token = this.#lexer.next(true);
    if (token.kind === 'hint') return token.value;
    this.#ahead.push(token);
    return undefined;
  }

  /** Number of the next `?`. */
  nextPositional(): number {
    return ++this.#positionals;
  }

  isWord(word: string, distance = 0): boolean {
    const token = this.peek(distance);
    return token.kind === 'word' && token.value === word;
  }

  isSign(sign: string, distance = 0): boolean {
    const token = this.peek(distance);
    return token.kind === 'sign' && token.value === sign;
  }

  isSetOperator(): boolean {
    return this.isWord('UNION') || this.isWord('INTERSECT') || this.isWord('EXCEPT');
  }

  /** Tells whether a select stands next that is not in parentheses. */
  isSelect(): boolean {
    return this.isWord('SELECT') || this.isWord('WITH') || this.isWord('FROM');
  }

  isName(distance = 0): boolean {
    return this.peek(distance).kind === 'name';
  }

  acceptWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.take();
    return true;
  }

  /** Takes all of the words, or none. */
  acceptWords(...words: string[]): boolean {
    if (!words.every((word, distance) => this.isWord(word, distance))) return false;
    for (const _ of words) this.take();
    return true;
  }

  acceptSign(sign: string): boolean {
    if (!this.isSign(sign)) return false;
    this.take();
    return true;
  }

  expectWord(word: string): Token {
    if (!this.isWord(word)) throw this.unexpected();
    return this.take();
  }

  expectSign(sign: string): Token {
    if (!this.isSign(sign)) throw this.unexpected();
    return this.take();
  }

  expectName(): string {
    if (!this.isName()) throw this.unexpected();
    return this.take().value;
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') throw this.unexpected();
  }

  /** One or more of something, with commas between. */
  list<T>(read: () => T): T[] {
    const items = [read()];
    while (this.acceptSign(',')) items.push(read());
    return items;
  }

  unexpected(): StatementError {
    // `.*` belongs to a result term only; elsewhere the star is the fault, as the dot begins a step of a path.
    return unexpected(this.text, this.isSign('.') && this.isSign('*', 1) ? this.peek(1) : this.peek());
  }

  positionAt(offset: number): Position {
    return positionAt(this.text, offset);
  }

  /** A fault of a statement that can be read, but says what cannot be. */
  placed(code: number, message: string, at: number, end = ''): StatementError {
    const position = this.positionAt(at);
    return new StatementError(code, withPlace(message, position) + end, position);
  }
}
