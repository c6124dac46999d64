import type { SequenceValue } from './expression.js';
import type { TokenStream } from './token-stream.js';

/** Reads `NEXTVAL FOR s`, `PREVVAL FOR s` and their long forms. */
export function readSequenceValue(tokens: TokenStream): SequenceValue {
  const at = tokens.peek().start;
  const which = readWhich(tokens);
  tokens.expectWord('FOR');
  return { kind: 'sequence value', which, ...readSequencePath(tokens), at };
}

function readWhich(tokens: TokenStream): 'next' | 'previous' {
  if (tokens.acceptWord('NEXTVAL') || tokens.acceptWords('NEXT', 'VALUE')) return 'next';
  if (tokens.acceptWord('PREVVAL') || tokens.acceptWords('PREV', 'VALUE')) return 'previous';
  if (tokens.acceptWords('PREVIOUS', 'VALUE')) return 'previous';
  throw tokens.unexpected();
}

/** Reads a path of names with dots between, maybe with a namespace in front. */
export function readSequencePath(tokens: TokenStream): { namespace?: string | undefined; path: readonly string[] } {
  const namespace = tokens.isSign(':', 1) ? tokens.expectName() : undefined;
  if (namespace !== undefined) tokens.expectSign(':');
  const path = [tokens.expectName()];
  while (tokens.acceptSign('.')) path.push(tokens.expectName());
  return { namespace, path };
}
