import { readAlias } from './constructor-parser.js';
import type { Expression } from './expression.js';
import { impliedName } from './implied-name.js';
import type { Projection, ResultTerm } from './select.js';
import type { TokenStream } from './token-stream.js';

type Read = (tokens: TokenStream) => Expression;

const CODE_PARSE = 3000;

/** Reads what a select or RETURNING gives. */
export function readProjection(tokens: TokenStream, read: Read): Projection {
  const distinct = tokens.acceptWord('DISTINCT');
  if (!distinct) tokens.acceptWord('ALL');
  if (tokens.acceptWord('RAW') || tokens.acceptWord('VALUE') || tokens.acceptWord('ELEMENT')) {
    const raw = read(tokens);
    readAlias(tokens);
    return { distinct, raw, terms: [], exclude: [] };
  }
  const terms = tokens.list(() => readTerm(tokens, read));
  checkNames(tokens, terms);
  const exclude = tokens.acceptWord('EXCLUDE') ? tokens.list(() => read(tokens)) : [];
  return { distinct, terms, exclude };
}

function readTerm(tokens: TokenStream, read: Read): ResultTerm {
  const at = tokens.peek().start;
  if (tokens.acceptSign('*')) return { kind: 'star', at };
  const value = read(tokens);
  if (tokens.isSign('.') && tokens.isSign('*', 1)) {
    tokens.take();
    tokens.take();
    return { kind: 'members', value, at };
  }
  const aliasAt = tokens.peek().start;
  const alias = readAlias(tokens);
  return alias === undefined ? { kind: 'value', value, at } : { kind: 'value', value, alias, aliasAt, at };
}

/** Written and implied names must differ, also from the names that terms without one get. */
function checkNames(tokens: TokenStream, terms: readonly ResultTerm[]): void {
  const names = new Set<string>();
  let unnamed = 0;
  for (const term of terms) {
    if (term.kind !== 'value') continue;
    const name = term.alias ?? impliedName(term.value) ?? `$${++unnamed}`;
    if (names.has(name)) {
      throw tokens.placed(CODE_PARSE, `Duplicate result alias '${name}'`, term.aliasAt ?? term.at, '.');
    }
    names.add(name);
  }
}
