import type { CreateFunction, DropFunction, ExecuteFunction } from './definition.js';
import { acceptIfExists, acceptIfNotExists } from './definition-parser.js';
import { readExpression } from './expression-parser.js';
import { readKeyspace } from './keyspace-parser.js';
import type { TokenStream } from './token-stream.js';

/**
 * Reads on behind CREATE FUNCTION.
 *
 * @param at offset of what stands behind CREATE
 */
export function readCreateFunction(tokens: TokenStream, replace: boolean, at: number): CreateFunction {
  const before = acceptIfNotExists(tokens);
  const path = readKeyspace(tokens);
  tokens.expectSign('(');
  const parameters = readParameters(tokens);
  tokens.expectSign(')');
  const ifNotExists = before || acceptIfNotExists(tokens);
  return { kind: 'create function', at, path, replace, ifNotExists, parameters, body: readBody(tokens) };
}

function readParameters(tokens: TokenStream): string[] | undefined {
  if (tokens.acceptSign('...')) return undefined;
  return tokens.isSign(')') ? [] : tokens.list(() => tokens.expectName());
}

function readBody(tokens: TokenStream): CreateFunction['body'] {
  if (tokens.isSign('{')) {
    tokens.take();
    const body = readInline(tokens);
    tokens.expectSign('}');
    return body;
  }
  tokens.expectWord('LANGUAGE');
  if (tokens.acceptWord('INLINE')) {
    tokens.expectWord('AS');
    return readInline(tokens);
  }
  tokens.expectWord('JAVASCRIPT');
  tokens.expectWord('AS');
  const code = readString(tokens);
  return { language: 'javascript', code, library: tokens.acceptWord('AT') ? readString(tokens) : undefined };
}

function readInline(tokens: TokenStream): CreateFunction['body'] {
  const { start } = tokens.peek();
  const expression = readExpression(tokens);
  return { language: 'inline', expression, text: tokens.text.slice(start, tokens.peek().start).trim() };
}

function readString(tokens: TokenStream): string {
  if (tokens.peek().kind !== 'string') throw tokens.unexpected();
  return tokens.take().value;
}

/** Reads on behind DROP FUNCTION. */
export function readDropFunction(tokens: TokenStream): DropFunction {
  const before = acceptIfExists(tokens);
  const path = readKeyspace(tokens);
  return { kind: 'drop function', path, ifExists: before || acceptIfExists(tokens) };
}

/** Reads on behind EXECUTE FUNCTION. */
export function readExecuteFunction(tokens: TokenStream): ExecuteFunction {
  const path = readKeyspace(tokens);
  tokens.expectSign('(');
  const operands = tokens.isSign(')') ? [] : tokens.list(() => readExpression(tokens));
  tokens.expectSign(')');
  return { kind: 'execute function', path, operands };
}
