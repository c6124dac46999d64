import type { Expression } from './expression.js';
import type { TokenStream } from './token-stream.js';

type Read = (tokens: TokenStream) => Expression;

const CODE_PARSE = 3000;

/** Reads the path that SET and UNSET change: names, computed fields and elements, maybe of META(). */
export function readUpdatePath(tokens: TokenStream, read: Read): { path: Expression; meta: boolean } {
  const isMeta = tokens.peek().value.toLowerCase() === 'meta' && tokens.isSign('(', 1);
  if (isMeta) return { path: readMetaPath(tokens, read), meta: true };
  const { start: at, caseInsensitive } = tokens.peek();
  const name = tokens.expectName();
  const first: Expression = { kind: 'name', name, ...(caseInsensitive === true && { caseInsensitive }), at };
  return { path: readSteps(tokens, first, read), meta: false };
}

function readMetaPath(tokens: TokenStream, read: Read): Expression {
  const at = tokens.take().start;
  tokens.expectSign('(');
  const operands: Expression[] = [];
  if (tokens.isName()) operands.push({ kind: 'name', name: tokens.take().value, at });
  tokens.expectSign(')');
  const meta: Expression = { kind: 'call', path: ['meta'], operands, star: false, at };
  const { start } = tokens.peek();
  const path = readSteps(tokens, meta, read);
  if (path === meta) throw tokens.placed(CODE_PARSE, 'SET clause has invalid path', start);
  return path;
}

function readSteps(tokens: TokenStream, first: Expression, read: Read): Expression {
  let path = first;
  const { at } = first;
  for (;;) {
    if (tokens.acceptSign('[')) {
      path = { kind: 'element', array: path, index: read(tokens), at };
      tokens.expectSign(']');
    } else if (tokens.acceptSign('.')) {
      path = readField(tokens, path, read);
    } else {
      return path;
    }
  }
}

function readField(tokens: TokenStream, object: Expression, read: Read): Expression {
  const { at } = object;
  if (tokens.acceptSign('[')) {
    const name = read(tokens);
    tokens.expectSign(']');
    return { kind: 'computed field', object, name, caseInsensitive: false, at };
  }
  const { caseInsensitive } = tokens.peek();
  return { kind: 'field', object, name: tokens.expectName(), ...(caseInsensitive === true && { caseInsensitive }), at };
}
