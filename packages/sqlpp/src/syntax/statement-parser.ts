import { StatementError } from '../text/syntax-error.js';
import {
  readAlterIndex,
  readBuildIndex,
  readChangeCollections,
  readCreateIndex,
  readCreatePrimaryIndex,
  readDropIndex,
  readDropPrimaryIndex,
  readInfer,
} from './definition-parser.js';
import type { Expression } from './expression.js';
import { readExpression } from './expression-parser.js';
import { readCreateFunction, readDropFunction, readExecuteFunction } from './function-parser.js';
import { readKeyspace } from './keyspace-parser.js';
import { readDelete, readInsert, readMerge, readUpdate } from './mutation-parser.js';
import { readSelect } from './select-parser.js';
import { readChangeSequence } from './sequence-options-parser.js';
import type { Execute, Explain, ExplainFunction, Prepare, Statement } from './statement.js';
import { TokenStream } from './token-stream.js';
import { readUnsupported } from './unsupported-parser.js';

const CODE_INVALID_INPUT = 3083;

/**
 * Reads a statement.
 *
 * @throws StatementError if it is not one, with the code and the message of the answer
 */
export function parseStatement(text: string): Statement {
  const tokens = new TokenStream(text, readSelect);
  const statement = readOuter(tokens);
  while (tokens.acceptSign(';'));
  tokens.expectEnd();
  if (statement === undefined) throw new StatementError(CODE_INVALID_INPUT, 'Invalid input.');
  return statement;
}

/**
 * Reads an expression that stands alone, as the body of a function.
 *
 * @throws StatementError if it is not one
 */
export function parseExpression(text: string): Expression {
  const tokens = new TokenStream(text, readSelect);
  const expression = readExpression(tokens);
  tokens.expectEnd();
  return expression;
}

/** Reads any statement; nothing for an expression alone. */
function readOuter(tokens: TokenStream): Statement | undefined {
  if (tokens.acceptWord('EXPLAIN')) return readExplain(tokens);
  if (tokens.acceptWord('PREPARE')) return readPrepare(tokens);
  if (tokens.isWord('EXECUTE') && !tokens.isWord('FUNCTION', 1)) return readExecute(tokens);
  if (tokens.peek().kind !== 'word' && !tokens.isSign('(')) return readLoneExpression(tokens);
  return tokens.isSign('(') ? readParenthesised(tokens) : readInner(tokens);
}

function readLoneExpression(tokens: TokenStream): undefined {
  readExpression(tokens);
}

/** Reads a set operation whose first side is in parentheses. */
function readParenthesised(tokens: TokenStream): Statement | undefined {
  const expression = readExpression(tokens);
  if (expression.kind !== 'subquery' || !tokens.isSetOperator()) return undefined;
  return readSelect(tokens, expression.select);
}

/** Reads a statement that may stand behind EXPLAIN and PREPARE. */
function readInner(tokens: TokenStream): Statement {
  switch (tokens.peek().value) {
    case 'SELECT':
    case 'FROM':
    case 'WITH':
      return readSelect(tokens);
    case 'INSERT':
    case 'UPSERT':
      return readInsert(tokens);
    case 'UPDATE':
      return tokens.isWord('STATISTICS', 1) ? readUnsupported(tokens) : readUpdate(tokens);
    case 'DELETE':
      return readDelete(tokens);
    case 'MERGE':
      return readMerge(tokens);
    case 'EXECUTE':
      tokens.take();
      tokens.expectWord('FUNCTION');
      return readExecuteFunction(tokens);
    default:
      return readDefinition(tokens);
  }
}

function readDefinition(tokens: TokenStream): Statement {
  if (tokens.acceptWord('CREATE')) return readCreate(tokens);
  if (tokens.acceptWord('DROP')) return readDrop(tokens);
  if (tokens.acceptWord('ALTER')) return readAlter(tokens);
  if (tokens.acceptWord('BUILD')) return readBuildIndex(tokens);
  if (tokens.acceptWord('INFER')) return readInfer(tokens);
  if (tokens.acceptWord('FLUSH') || tokens.acceptWord('TRUNCATE')) {
    tokens.expectWord('COLLECTION');
    return readChangeCollections(tokens, 'flush collection');
  }
  return readUnsupported(tokens);
}

function readCreate(tokens: TokenStream): Statement {
  if (tokens.acceptWords('PRIMARY', 'INDEX')) return readCreatePrimaryIndex(tokens);
  if (tokens.acceptWord('INDEX')) return readCreateIndex(tokens);
  if (tokens.acceptWord('SCOPE')) return readChangeCollections(tokens, 'create scope');
  if (tokens.acceptWord('COLLECTION')) return readChangeCollections(tokens, 'create collection');
  const at = tokens.peek().start;
  if (tokens.acceptWords('OR', 'REPLACE', 'FUNCTION')) return readCreateFunction(tokens, true, at);
  if (tokens.acceptWord('FUNCTION')) return readCreateFunction(tokens, false, at);
  if (acceptSequence(tokens)) return readChangeSequence(tokens, 'create sequence');
  throw tokens.unexpected();
}

function readDrop(tokens: TokenStream): Statement {
  if (tokens.acceptWords('PRIMARY', 'INDEX')) return readDropPrimaryIndex(tokens);
  if (tokens.acceptWord('INDEX')) return readDropIndex(tokens);
  if (tokens.acceptWord('SCOPE')) return readChangeCollections(tokens, 'drop scope');
  if (tokens.acceptWord('COLLECTION')) return readChangeCollections(tokens, 'drop collection');
  if (tokens.acceptWord('FUNCTION')) return readDropFunction(tokens);
  if (acceptSequence(tokens)) return readChangeSequence(tokens, 'drop sequence');
  throw tokens.unexpected();
}

function readAlter(tokens: TokenStream): Statement {
  if (tokens.acceptWord('INDEX')) return readAlterIndex(tokens);
  if (acceptSequence(tokens)) return readChangeSequence(tokens, 'alter sequence');
  throw tokens.unexpected();
}

/** SEQUENCE is not reserved. */
function acceptSequence(tokens: TokenStream): boolean {
  const { kind, value, escaped } = tokens.peek();
  const isSequence = kind === 'name' && escaped !== true && value.toUpperCase() === 'SEQUENCE';
  if (isSequence) tokens.take();
  return isSequence;
}

function readExplain(tokens: TokenStream): Explain | ExplainFunction {
  if (tokens.acceptWord('FUNCTION')) return { kind: 'explain function', path: readKeyspace(tokens) };
  const { start } = tokens.peek();
  const statement = readExplained(tokens);
  return { kind: 'explain', statement, text: tokens.text.slice(start, tokens.peek().start).trimEnd() };
}

/** EXPLAIN and PREPARE do not nest. */
function readExplained(tokens: TokenStream): Statement {
  const statement = tokens.isSign('(') ? readParenthesised(tokens) : readInner(tokens);
  if (statement === undefined) throw tokens.unexpected();
  return statement;
}

function readPrepare(tokens: TokenStream): Prepare {
  const force = tokens.acceptWord('FORCE');
  const name = readPreparedName(tokens);
  const { start } = tokens.peek();
  const statement = readExplained(tokens);
  return { kind: 'prepare', force, name, statement, text: tokens.text.slice(start, tokens.peek().start).trimEnd() };
}

function readPreparedName(tokens: TokenStream): string | undefined {
  const { kind } = tokens.peek();
  if (kind !== 'name' && kind !== 'string') return undefined;
  const name = tokens.take().value;
  if (!tokens.acceptWord('FROM')) tokens.expectWord('AS');
  return name;
}

function readExecute(tokens: TokenStream): Execute {
  tokens.expectWord('EXECUTE');
  const name = readExpression(tokens);
  if (!tokens.acceptWord('USING')) return { kind: 'execute', name };
  if (!tokens.isSign('[') && !tokens.isSign('{')) throw tokens.unexpected();
  return { kind: 'execute', name, using: readExpression(tokens) };
}
