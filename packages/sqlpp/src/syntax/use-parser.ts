import type { Expression } from './expression.js';
import type { Use } from './select.js';
import type { TokenStream } from './token-stream.js';

type Read = (tokens: TokenStream) => Expression;

/** Reads USE with keys, indexes and hints for joins; each at most once. */
export function readUse(tokens: TokenStream, read: Read): Use {
  if (!tokens.acceptWord('USE')) return {};
  let use: Use = {};
  for (;;) {
    const part: Use | undefined = readPart(tokens, read, use);
    if (part === undefined) {
      if (Object.keys(use).length === 0) throw tokens.unexpected();
      return use;
    }
    use = { ...use, ...part };
  }
}

function readPart(tokens: TokenStream, read: Read, use: Use): Use | undefined {
  if (use.keys === undefined && use.indexes === undefined) {
    if (tokens.acceptWord('KEYS') || tokens.acceptWords('PRIMARY', 'KEYS')) {
      return { keys: { validate: tokens.acceptWord('VALIDATE'), keys: read(tokens) } };
    }
    if (tokens.acceptWord('INDEX')) return { indexes: readIndexes(tokens) };
  }
  return use.hint === undefined ? readHint(tokens) : undefined;
}

function readIndexes(tokens: TokenStream): string[] {
  tokens.expectSign('(');
  const names = tokens.list(() => {
    const name = tokens.isName() ? tokens.take().value : undefined;
    if (tokens.acceptWord('USING')) acceptIndexType(tokens);
    return name;
  });
  tokens.expectSign(')');
  return names.filter((name) => name !== undefined);
}

/** Takes the type of an index behind USING. */
export function acceptIndexType(tokens: TokenStream): void {
  const isType = tokens.acceptWord('GSI') || tokens.acceptWord('FTS') || tokens.acceptWord('VIEW');
  if (!isType) throw tokens.unexpected();
}

function readHint(tokens: TokenStream): Use | undefined {
  if (tokens.acceptWord('NL')) return { hint: 'nl' };
  if (!tokens.acceptWord('HASH')) return undefined;
  tokens.expectSign('(');
  const hint = tokens.acceptWord('BUILD') ? 'hash build' : 'hash probe';
  if (hint === 'hash probe') tokens.expectWord('PROBE');
  tokens.expectSign(')');
  return { hint };
}
