import type { Expression } from './expression.js';
import type { TokenStream } from './token-stream.js';

type Read = (tokens: TokenStream) => Expression;

const CODE_PARSE = 3000;

/** Tells whether META() stands next. */
export function isMetaPath(tokens: TokenStream): boolean {
  return tokens.peek().value.toLowerCase() === 'meta' && tokens.isSign('(', 1);
}

/** Reads the path that SET and UNSET change: names, computed fields and elements. */
export function readUpdatePath(tokens: TokenStream, read: Read): Expression {
  const { start: at, caseInsensitive } = tokens.peek();
  const name = tokens.expectName();
  const first: Expression = { kind: 'name', name, ...(caseInsensitive === true && { caseInsensitive }), at };
  return readSteps(tokens, first, read);
}

/** Reads `META(alias).expiration`, the one of its fields that can be set. */
export function readMetaPath(tokens: TokenStream, read: Read): Expression {
  const at = tokens.take().start;
  tokens.expectSign('(');
  const operands: Expression[] = [];
  if (tokens.isName()) operands.push({ kind: 'name', name: tokens.take().value, at });
  tokens.expectSign(')');
  const { start } = tokens.peek(1);
  const path = readSteps(tokens, { kind: 'call', path: ['meta'], operands, star: false, at }, read);
  if (path.kind === 'field' && path.object.kind === 'call' && path.name === 'expiration') return path;
  const shown = tokens.text.slice(start, tokens.peek().start).trim().split('.');
  throw tokens.placed(
    CODE_PARSE,
    `SET clause has invalid path (${shown.map((step) => `\`${step}\``).join('.')})`,
    start,
  );
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
