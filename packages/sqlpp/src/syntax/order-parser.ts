import type { Expression } from './expression.js';
import type { OrderTerm } from './select.js';
import type { TokenStream } from './token-stream.js';

type Read = (tokens: TokenStream) => Expression;

export function readOrderBy(tokens: TokenStream, read: Read): OrderTerm[] {
  tokens.expectWord('ORDER');
  tokens.expectWord('BY');
  return tokens.list(() => {
    const value = read(tokens);
    const direction = readChoice(tokens, read, { ASC: 'asc', DESC: 'desc' } as const);
    const nulls = tokens.acceptWord('NULLS')
      ? (readChoice(tokens, read, { FIRST: 'first', LAST: 'last' } as const) ?? fail(tokens))
      : undefined;
    return { value, direction, nulls };
  });
}

/** Reads one of some words, or a parameter or a name that says which at run time. */
function readChoice<T extends string>(
  tokens: TokenStream,
  read: Read,
  words: Readonly<Record<string, T>>,
): T | Expression | undefined {
  for (const [word, choice] of Object.entries(words)) {
    if (tokens.acceptWord(word)) return choice;
  }
  const { kind } = tokens.peek();
  return kind === 'parameter' || kind === 'name' ? read(tokens) : undefined;
}

function fail(tokens: TokenStream): never {
  throw tokens.unexpected();
}
