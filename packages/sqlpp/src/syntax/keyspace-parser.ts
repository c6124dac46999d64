import type { KeyspacePath } from './select.js';
import type { TokenStream } from './token-stream.js';

/** Reads a path of one name, or of bucket, scope and collection, maybe with a namespace in front. */
export function readKeyspace(tokens: TokenStream): KeyspacePath {
  const at = tokens.peek().start;
  const namespace = tokens.isSign(':', 1) ? readNamespace(tokens) : undefined;
  const parts = [tokens.expectName()];
  while (parts.length < 3 && tokens.acceptSign('.')) parts.push(tokens.expectName());
  return { namespace, parts, at };
}

function readNamespace(tokens: TokenStream): string {
  const namespace = tokens.acceptWord('SYSTEM') ? 'system' : tokens.expectName();
  tokens.expectSign(':');
  return namespace;
}
